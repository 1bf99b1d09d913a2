/// Extends a picture or frame number of few bits to one that does not wrap, taken as near as possible to the
/// newest.
struct PictureCounter: Sendable {
    /// The newest number noted; `nil` before the first.
    private(set) var newest: Int?

    /// The number that `value` of `bits` bits, 7…16, stands for.
    func extended(_ value: UInt16, bits: Int) -> Int {
        guard let newest else { return Int(value) }
        let size = 1 << bits
        let ahead = (Int(value) - newest) & (size - 1)
        return newest + (ahead < size / 2 ? ahead : ahead - size)
    }

    /// Takes note of a number; whether it is the newest.
    mutating func note(_ number: Int) -> Bool {
        if let newest, number <= newest { return false }
        newest = number
        return true
    }
}
