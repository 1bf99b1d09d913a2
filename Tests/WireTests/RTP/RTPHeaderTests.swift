import TestSupport
import Testing
import Wire

@Suite struct RTPHeaderTests {
    /// Every part of RFC 3550 §5.1 at once: marker, two CSRCs, an extension of one word, three bytes of
    /// padding.
    static let whole = [UInt8](
        hex: "b2 e0 fffe 01020304 a1b2c3d4 00000001 00000002 bede 0001 10ff0000 c0c1c2c3c4 000003"
    )

    private static func parse(_ bytes: [UInt8]) throws -> RTPHeader {
        try RTPHeader(parsing: bytes.span.bytes)
    }

    @Test func aPlainPacketIsRead() throws {
        let header = try Self.parse([UInt8](hex: "80 6f 0001 00000002 00000003 aabb"))
        #expect(!header.isMarked)
        #expect(header.payloadType == 111)
        #expect(header.sequenceNumber == 1)
        #expect(header.timestamp == 2)
        #expect(header.ssrc == 3)
        #expect(header.extensionProfile == nil)
        #expect(header.extensions.isEmpty)
        #expect(header.payload == 12..<14)
    }

    @Test func everyPartIsFound() throws {
        let header = try Self.parse(Self.whole)
        #expect(header.isMarked)
        #expect(header.payloadType == 96)
        #expect(header.sequenceNumber == 0xfffe)
        #expect(header.timestamp == 0x0102_0304)
        #expect(header.ssrc == 0xa1b2_c3d4)
        #expect(header.extensionProfile == 0xbede)
        #expect(header.extensions == 24..<28)
        #expect(header.payload == 28..<33)
    }

    @Test func fifteenSourcesMayContribute() throws {
        let bytes = [UInt8](hex: "8f600001 00000002 00000003") + [UInt8](repeating: 7, count: 61)
        #expect(try Self.parse(bytes).payload == 72..<73)
    }

    @Test func aPayloadMayBeEmptyOrAllPadding() throws {
        #expect(try Self.parse([UInt8](hex: "80600001 00000002 00000003")).payload.isEmpty)
        #expect(try Self.parse([UInt8](hex: "a0600001 00000002 00000003 000003")).payload == 12..<12)
        #expect(try Self.parse([UInt8](hex: "90600001 00000002 00000003 bede0000")).payload == 16..<16)
    }

    @Test(arguments: [
        ("", RTPParseError.truncated),
        ("8060", .truncated),
        ("80600001 00000002 000000", .truncated),
        ("81600001 00000002 00000003 000000", .truncated),  // CSRC
        ("90600001 00000002 00000003 bede00", .truncated),  // extension header
        ("90600001 00000002 00000003 bedeffff 00", .truncated),  // extension
        ("00600001 00000002 00000003", .unsupportedVersion(0)),
        ("40600001 00000002 00000003", .unsupportedVersion(1)),
        ("c0600001 00000002 00000003", .unsupportedVersion(3)),
        ("a0600001 00000002 00000003", .invalidPadding(0)),  // nothing to pad
        ("a0600001 00000002 00000003 0100", .invalidPadding(0)),
        ("a0600001 00000002 00000003 0003", .invalidPadding(3)),
        ("a0600001 00000002 00000003 ff", .invalidPadding(255)),
    ])
    func whatIsNoPacketIsRefused(hex: String, error: RTPParseError) {
        #expect(throws: error) { try Self.parse([UInt8](hex: hex)) }
    }

    @Test func everyTruncationOfTheHeaderIsRefused() {
        for count in 0..<28 {
            #expect(throws: RTPParseError.truncated) { try Self.parse(Array(Self.whole[..<count])) }
        }
        for count in 28..<Self.whole.count {
            if let header = try? Self.parse(Array(Self.whole[..<count])) {
                #expect(header.payload.upperBound <= count)
            }
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var header = try Self.parse(Self.whole)
        let plain = written { header.write(hasExtensions: false, into: &$0) }
        #expect(plain == [UInt8](hex: "80 e0 fffe 01020304 a1b2c3d4"))
        header.isMarked = false
        header.payloadType = 127
        #expect(
            written { header.write(hasExtensions: true, into: &$0) }
                == [UInt8](hex: "90 7f fffe 01020304 a1b2c3d4")
        )
    }

    @Test func arbitraryBytesEndInAValueOrAnError() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<5_000 {
            var bytes = random.bytes(upTo: 64)
            if !bytes.isEmpty, Bool.random(using: &random) { bytes[0] = bytes[0] & 0x3f | 0x80 }
            guard let header = try? Self.parse(bytes) else { continue }
            #expect(header.payloadType < 128)
            #expect(
                header.extensions.lowerBound >= 12
                    && header.extensions.upperBound <= header.payload.lowerBound
            )
            #expect(header.payload.upperBound <= bytes.count)
            let again = written { header.write(hasExtensions: false, into: &$0) }
            #expect(again[1...] == bytes[1..<12])
        }
    }
}
