/// The CRC-32 of ISO 3309 and ITU-T V.42, which a STUN FINGERPRINT carries (RFC 8489 §14.7).
public enum CRC32 {
    /// The checksum of the first `count` bytes of `bytes`.
    public static func checksum(_ bytes: RawSpan, count: Int) -> UInt32 {
        var remainder = ~(0 as UInt32)
        let table = Self.table.span
        for offset in 0..<min(count, bytes.byteCount) {
            let byte = bytes.byte(at: offset)
            remainder = table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)] ^ (remainder >> 8)
        }
        return ~remainder
    }

    /// The remainder of each byte value, for the reversed polynomial.
    private static let table: [UInt32] = (0..<256 as Range<UInt32>).map { value in
        (0..<8).reduce(value) { remainder, _ in
            remainder & 1 == 1 ? 0xedb8_8320 ^ (remainder >> 1) : remainder >> 1
        }
    }
}

extension RawSpan {
    /// The byte at `offset`, which must lie inside the span.
    @inlinable
    package func byte(at offset: Int) -> UInt8 {
        // The callee checks the bounds; any bit pattern is a valid byte.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
