package import Wire

/// How soon a person's next offer is looked at: eight at once, one a second over time.
///
/// What changes in one person's offer is offered anew to everybody, which costs the room far more than it costs
/// them.
package struct OfferAllowance: Hashable, Sendable {
    /// When as many as ever may come at once again.
    private var full: Instant?

    package init() {}

    /// Counts an offer; returns how long it has to wait.
    package mutating func take(now: Instant) -> Interval {
        let next = max(full ?? now, now) + Self.period
        full = next
        return max(.zero, next - now - Self.period * Self.burst)
    }

    private static let burst: Int64 = 8
    private static let period = Interval.seconds(1)
}
