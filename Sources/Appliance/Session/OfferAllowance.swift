package import Wire

/// How soon a person's next offer is looked at: eight at once, one a second over time.
///
/// What changes in one person's offer is offered anew to everybody, which costs the room far more than it costs
/// them.
package struct OfferAllowance: Hashable, Sendable {
    /// When as many as ever may come at once again.
    private var full: Instant?

    package init() {}

    /// Counts an offer that may be looked at; returns how long one that may not has to wait before it asks again.
    ///
    /// What waits is not counted: who goes away meanwhile leaves no debt.
    package mutating func take(now: Instant) -> Interval {
        let next = max(full ?? now, now) + Self.period
        let wait = next - now - Self.period * Self.burst
        guard wait <= .zero else { return wait }
        full = next
        return .zero
    }

    private static let burst: Int64 = 8
    private static let period = Interval.seconds(1)
}
