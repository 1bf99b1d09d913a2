import Testing
import Wire

@Suite struct CRC32cTests {
    /// The values of RFC 3720 §B.4, and the usual check value.
    @Test(
        arguments: [
            ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
            ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
            ((0..<32).map { UInt8($0) }, 0x46dd_794e),
            ((0..<32).reversed().map { UInt8($0) }, 0x113f_db5c),
            (Array("123456789".utf8), 0xe306_9283),
            ([], 0),
        ] as [([UInt8], UInt32)]
    ) func matchesPublishedValues(_ bytes: [UInt8], _ expected: UInt32) {
        #expect(CRC32c.checksum(of: bytes.span.bytes) == expected)
    }

    @Test func countsTheChecksumFieldOfAPacketAsZero() {
        var generator = SplitMix64(seed: 1)
        for length in 12..<80 {
            var packet = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            let checksum = CRC32c.checksum(ofPacket: packet.span.bytes)
            packet.replaceSubrange(8..<12, with: [0, 0, 0, 0])
            #expect(checksum == CRC32c.checksum(of: packet.span.bytes))
        }
    }
}
