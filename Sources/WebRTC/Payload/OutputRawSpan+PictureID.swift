internal import Wire

extension OutputRawSpan {
    /// Overwrites a picture id of 15 bits behind the bit that says so, or else its lowest seven bits; returns
    /// how many bytes it takes (RFC 7741 §4.2, RFC 9628 §4.2).
    @inline(__always)
    mutating func overwrite(pictureID: UInt16, isLong: Bool, at offset: Int) -> Int {
        if isLong {
            overwrite(bigEndian: pictureID | 0x8000, at: offset)
            return 2
        }
        overwrite(bigEndian: UInt8(truncatingIfNeeded: pictureID & 0x7f), at: offset)
        return 1
    }
}
