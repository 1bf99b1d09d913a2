/// A cursor over a borrowed buffer that reads unsigned numbers of any width, high bit first.
///
/// Past the end it reads zeros and says so in ``isOverrun``: a parser asks once, at its end.
struct BitReader: ~Escapable {
    private let bytes: RawSpan

    /// Distance of the next read from the start of the buffer, in bits.
    private(set) var offset = 0

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) {
        self.bytes = bytes
    }

    /// Whether more was read than there is.
    var isOverrun: Bool { offset > 8 * bytes.byteCount }

    /// The next `count` bits, 0…32.
    mutating func read(_ count: Int) -> Int {
        var value = 0
        var rest = count
        while rest > 0 {
            let byte = Int(bytes.bigEndian(UInt8.self, at: offset / 8) ?? 0)
            let available = 8 - offset % 8
            let taken = min(available, rest)
            value = value << taken | (byte >> (available - taken)) & ((1 << taken) - 1)
            offset += taken
            rest -= taken
        }
        return value
    }

    mutating func readFlag() -> Bool { read(1) == 1 }

    /// A number in `0..<count`, the lower ones with one bit less than the others
    /// (AV1 RTP specification §A.8.2, `ns(n)`).
    mutating func readNonSymmetric(_ count: Int) -> Int {
        let width = Int.bitWidth - count.leadingZeroBitCount
        let short = (1 << width) - count
        let value = read(width - 1)
        guard value >= short else { return value }
        return (value << 1) - short + read(1)
    }
}
