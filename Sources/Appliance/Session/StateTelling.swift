package import Wire

/// When people are told of a state that may change often: at once after a pause, otherwise at most once in a period,
/// and then the latest.
///
/// Call ``handleChange(now:)`` for each change, ``isDue(now:)`` when ``pollTimeout()`` has come, and
/// ``handleTold(now:)`` whenever the state is sent.
package struct StateTelling {
    private let period: Interval
    private var last: Instant?
    private var due: Instant?

    package init(period: Interval = .milliseconds(100)) {
        self.period = period
    }

    /// Whether the state is to be sent at once; otherwise it is due later.
    package mutating func handleChange(now: Instant) -> Bool {
        guard due == nil else { return false }
        guard let last, now < last + period else { return true }
        due = last + period
        return false
    }

    package mutating func handleTold(now: Instant) {
        due = nil
        last = now
    }

    /// Whether a change has waited for long enough.
    package func isDue(now: Instant) -> Bool { due.map { $0 <= now } ?? false }

    /// When the state is to be sent; `nil` if nothing has changed since it was.
    package func pollTimeout() -> Instant? { due }
}
