/// The checksum of SCTP packets (RFC 9260 Appendix A), Castagnoli's polynomial.
public enum CRC32c {
    /// The checksum of an SCTP packet, which counts its own checksum field as zero.
    ///
    /// - Parameter packet: At least a common header, 12 bytes.
    public static func checksum(ofPacket packet: RawSpan) -> UInt32 {
        var state = update(.max, with: packet, in: 0..<8)
        for _ in 0..<4 { state = state >> 8 ^ tables[Int(state & 0xff)] }
        return ~update(state, with: packet, in: 12..<packet.byteCount)
    }

    public static func checksum(of bytes: RawSpan) -> UInt32 {
        ~update(.max, with: bytes, in: 0..<bytes.byteCount)
    }

    /// Eight bytes a step: each table holds the effect of a byte that lies so many bytes further back.
    private static func update(_ initial: UInt32, with bytes: RawSpan, in range: Range<Int>) -> UInt32 {
        var state = initial
        var offset = range.lowerBound
        let tables = tables.span
        while range.upperBound - offset >= 8, let word = bytes.bigEndian(UInt64.self, at: offset) {
            let mixed = word.byteSwapped ^ UInt64(state)
            state = 0
            for index in 0..<8 {
                state ^=
                    tables[(7 - index) << 8 | Int(truncatingIfNeeded: mixed >> (UInt64(index) * 8)) & 0xff]
            }
            offset += 8
        }
        while offset < range.upperBound, let byte = bytes.bigEndian(UInt8.self, at: offset) {
            state = state >> 8 ^ tables[Int((state ^ UInt32(byte)) & 0xff)]
            offset += 1
        }
        return state
    }

    /// Eight tables of 256, end to end.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { index in
            (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : value >> 1 ^ polynomial
            }
        }
        for _ in 1..<8 {
            for previous in tables.suffix(256) { tables.append(previous >> 8 ^ tables[Int(previous & 0xff)]) }
        }
        return tables
    }()

    /// 0x1edc6f41 with its bits reversed.
    private static let polynomial: UInt32 = 0x82f6_3b78
}
