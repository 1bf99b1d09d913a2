/// Appends unsigned numbers of any width to a buffer, high bit first.
struct BitWriter: ~Copyable {
    private var pending: UInt8 = 0
    private var pendingBits = 0

    init() {}

    /// Appends the lowest `count` bits of `value`, 0…32; the bytes they complete must fit.
    mutating func append(_ value: Int, bits count: Int, to out: inout OutputRawSpan) {
        for shift in stride(from: count - 1, through: 0, by: -1) {
            pending = pending << 1 | UInt8(value >> shift & 1)
            pendingBits += 1
            guard pendingBits == 8 else { continue }
            out.append(pending)
            pending = 0
            pendingBits = 0
        }
    }

    /// Appends the bits of `range` of `source`.
    mutating func append(_ range: Range<Int>, of source: RawSpan, to out: inout OutputRawSpan) {
        for bit in range {
            let byte = source.bigEndian(UInt8.self, at: bit / 8) ?? 0
            append(Int(byte >> UInt8(7 - bit % 8)), bits: 1, to: &out)
        }
    }

    /// Fills the last byte with zeros.
    consuming func finish(_ out: inout OutputRawSpan) {
        if pendingBits > 0 { out.append(pending << UInt8(8 - pendingBits)) }
    }
}
