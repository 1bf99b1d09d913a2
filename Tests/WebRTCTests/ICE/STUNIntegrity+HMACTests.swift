import Testing
import WebRTC
import Wire

/// The test vectors of RFC 5769 §2.1 to §2.3, whose password is a short-term credential.
@Suite struct STUNIntegrityTests {
    static let password = "VOkJxbRl1RmTxUk/WvJxBt"

    static let samples = [
        """
        00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74
        00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a68367659202020
        00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf
        """,
        """
        0101003c 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220
        00200008 0001a147e112a643
        00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004 c07d4c96
        """,
        """
        01010048 2112a442 b7e7a701bc34d686fa87dfae 8022000b 7465737420766563746f7220
        00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9
        00080014 a382954e4be67bf11784c97c8292c275bfe3ed41 80280004 c8fb0b4c
        """,
    ].map(bytes)

    @Test(arguments: samples)
    func theSampleIsAuthenticWithItsPasswordOnly(sample: [UInt8]) throws {
        #expect(try isAuthentic(sample, password: Self.password))
        #expect(try isAuthentic(sample, password: "VOkJxbRl1RmTxUk/WvJxBT") == false)
        #expect(try isAuthentic(sample, password: "") == false)
    }

    @Test(arguments: samples)
    func noBitThatIsCoveredMayChange(sample: [UInt8]) throws {
        // Without FINGERPRINT, which would notice them first.
        var unmarked = Array(sample.dropLast(8))
        unmarked[3] -= 8
        #expect(try isAuthentic(unmarked, password: Self.password))
        for bit in 0..<(8 * unmarked.count) {
            var changed = unmarked
            changed[bit / 8] ^= 1 << (bit % 8)
            let isBelieved = (try? isAuthentic(changed, password: Self.password)) ?? false
            #expect(isBelieved == false, "bit \(bit)")
        }
    }

    @Test func aMessageWithoutIntegrityIsNotAuthentic() throws {
        #expect(
            try isAuthentic(Self.bytes("00010000 2112a442 b7e7a701bc34d686fa87dfae"), password: "") == false
        )
    }

    private func isAuthentic(_ bytes: [UInt8], password: String) throws(STUNParseError) -> Bool {
        try STUNMessage(parsing: bytes.span.bytes).isAuthentic(bytes.span.bytes, password: password)
    }

    private static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
