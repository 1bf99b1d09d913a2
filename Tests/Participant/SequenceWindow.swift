/// Tells new packets from repeated ones, and counts what never came.
struct SequenceWindow: Sendable {
    private(set) var unique = 0
    /// New, and behind a newer one.
    private(set) var reordered = 0
    private var first = 0
    private var highest: Int?
    private var seen = [Bool](repeating: false, count: size)

    /// Packets between the first and the newest, and not seen.
    var missing: Int { highest.map { $0 - first + 1 - unique } ?? 0 }

    /// The number with its cycles, or `nil` for a packet that was here before or is too old to tell.
    mutating func insert(_ sequence: UInt16) -> Int? {
        guard let newest = highest else {
            // Room below for packets that were overtaken by the first.
            first = Int(sequence) + 1 << 16
            highest = first
            seen[first & Self.mask] = true
            unique = 1
            return first
        }
        let number = newest + Int(Int16(bitPattern: sequence &- UInt16(truncatingIfNeeded: newest)))
        if number > newest {
            for skipped in max(newest + 1, number - Self.mask)..<number { seen[skipped & Self.mask] = false }
            highest = number
        } else {
            guard newest - number < Self.size, !seen[number & Self.mask] else {
                return nil
            }
            reordered += 1
            first = min(first, number)
        }
        seen[number & Self.mask] = true
        unique += 1
        return number
    }

    private static let size = 8_192
    private static let mask = size - 1
}
