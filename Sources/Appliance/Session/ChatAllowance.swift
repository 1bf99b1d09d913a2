package import Wire

/// How many messages a person may still send: ten at once, two a second over time.
package struct ChatAllowance {
    private var left = Double(burst)
    private var last: Instant?
    /// Whether the person must be told that nothing more is taken: once, until something is taken again.
    package private(set) var mustTell = false

    package init() {}

    /// Takes one, if there is one left at `now`.
    package mutating func take(now: Instant) -> Bool {
        if let last { left = min(Double(Self.burst), left + Double((now - last).milliseconds) / 500) }
        last = now
        guard left >= 1 else {
            mustTell = !isTold
            isTold = true
            return false
        }
        left -= 1
        isTold = false
        mustTell = false
        return true
    }

    private var isTold = false
    private static let burst = 10
}
