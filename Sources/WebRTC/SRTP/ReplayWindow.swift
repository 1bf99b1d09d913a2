/// Remembers which of the latest packet indices of one stream were accepted (RFC 3711 §3.3.2).
package struct ReplayWindow: Sendable {
    /// How many indices, counted back from the highest one, are remembered.
    package static let size: UInt64 = 1_024

    /// The highest index accepted.
    package private(set) var highest: UInt64

    /// One bit for each index of the window, at the index modulo ``size``.
    private var accepted = InlineArray<16, UInt64>(repeating: 0)

    /// Creates the window of a stream whose first accepted packet has `index`.
    package init(first index: UInt64) {
        highest = index
        mark(index)
    }

    /// Whether the packet at `index` was accepted before, or is older than the window.
    package func refuses(_ index: UInt64) -> Bool {
        guard index <= highest else { return false }
        guard highest - index < Self.size else { return true }
        return accepted[Self.word(index)] & Self.bit(index) != 0
    }

    /// Marks the packet at `index` as accepted; call it only for an index that is not refused.
    package mutating func accept(_ index: UInt64) {
        if index > highest {
            if index - highest >= Self.size {
                accepted = .init(repeating: 0)
            } else {
                for skipped in (highest + 1)...index {
                    accepted[Self.word(skipped)] &= ~Self.bit(skipped)
                }
            }
            highest = index
        }
        mark(index)
    }

    private mutating func mark(_ index: UInt64) {
        accepted[Self.word(index)] |= Self.bit(index)
    }

    private static func word(_ index: UInt64) -> Int { Int(index % size / 64) }
    private static func bit(_ index: UInt64) -> UInt64 { 1 << (index % 64) }
}
