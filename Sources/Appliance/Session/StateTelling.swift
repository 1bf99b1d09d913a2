package import Wire

/// When people are told of a state that may change often: at once after a pause, otherwise at most once in a period,
/// and then the latest.
///
/// Call ``handleChange(now:)`` for each change and ``handleTold()`` whenever the state is sent.
package struct StateTelling {
    private let period: Interval
    private var last: Instant?
    private var isPlanned = false

    package init(period: Interval = .milliseconds(100)) {
        self.period = period
    }

    /// How long to wait before the state is sent; `nil` if that is planned already.
    package mutating func handleChange(now: Instant) -> Interval? {
        guard !isPlanned else { return nil }
        isPlanned = true
        guard let last else { return .zero }
        return max(.zero, last + period - now)
    }

    package mutating func handleTold(now: Instant) {
        isPlanned = false
        last = now
    }
}
