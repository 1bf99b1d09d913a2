import TestSupport
import Testing
import Wire

/// The packets are in the forms of RFC 6184 §5.6 (single), §5.7.1 (STAP-A) and §5.8 (FU-A).
@Suite struct H264PayloadTests {
    private static func startsKeyFrame(_ payload: [UInt8]) -> Bool {
        H264Payload.startsKeyFrame(payload.span.bytes)
    }

    @Test(arguments: [
        ("67 42e01f", true),  // sequence parameter set
        ("27 42e01f", true),  // the same with another NRI
        ("68 ce3c80", false),  // picture parameter set
        ("65 88", false),  // IDR slice: its parameter sets came before
        ("41 9a", false),  // other slice
        ("06 05", false),  // SEI
        ("09 f0", false),  // access unit delimiter
        ("78 0002 6742 0001 68", true),  // STAP-A: parameter sets
        ("78 0002 09f0 0003 674200 0001 68 0001 65", true),
        ("78 0002 68ce 0001 65", false),
        ("78 0001 41 0001 41", false),
        ("7c 87 42", true),  // FU-A: first fragment of a sequence parameter set
        ("7c 07 42", false),  // its middle
        ("7c 47 42", false),  // its end
        ("7c 85 88", false),  // first fragment of an IDR slice
        ("7c 81 9a", false),
        ("79 0000 0001 67", false),  // STAP-B, which WebRTC does not negotiate
    ])
    func aKeyFrameBeginsWithItsParameterSet(hex: String, expected: Bool) {
        #expect(Self.startsKeyFrame([UInt8](hex: hex)) == expected)
    }

    @Test(arguments: [
        "", "78", "78 00", "78 0001", "7c", "78 0000 0001 67", "78 ffff 68 67", "78 0004 68 67 67 67",
    ])
    func truncatedAndMalformedPacketsBeginNone(hex: String) {
        #expect(!Self.startsKeyFrame([UInt8](hex: hex)))
    }

    @Test func arbitraryBytesAreAnswered() {
        var random = SplitMix64(seed: 4)
        for _ in 0..<5_000 {
            var bytes = random.bytes(upTo: 40)
            if !bytes.isEmpty { bytes[0] = [0x78, 0x7c, 0x67, bytes[0]].randomElement(using: &random) ?? 0 }
            let expected = bytes.first.map { $0 & 0x1f == 7 } ?? false
            #expect(Self.startsKeyFrame(bytes) || !expected)
        }
    }
}
