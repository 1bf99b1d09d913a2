#if canImport(Wire)
public import Wire
#endif

/// A token bucket: so many events a second on average, and so many at once.
public struct RateLimit: Hashable, Sendable {
    /// Events a second.
    public let rate: Int64
    /// Events that may come at once after a pause.
    public let burst: Int64

    /// In thousand-millionths of an event, so that refilling is exact.
    private var credit: Int64
    private var last: Instant?

    /// `rate` and `burst` must be positive and at most a million.
    public init(rate: Int64, burst: Int64) {
        precondition((1...1_000_000).contains(rate) && (1...1_000_000).contains(burst), "a constant of ours")
        self.rate = rate
        self.burst = burst
        credit = burst * Self.unit
    }

    /// Whether `count` more events, at most a thousand, may pass at `now`; if so they are counted.
    public mutating func admit(_ count: Int = 1, now: Instant) -> Bool {
        // Ten seconds refill any bucket whose burst is at most ten times its rate, and cannot overflow.
        let elapsed = last.map { min(max(now - $0, .zero), .seconds(10)) } ?? .zero
        last = now
        credit = min(credit + elapsed.nanoseconds * rate, burst * Self.unit)
        let cost = Int64(clamping: count) * Self.unit
        guard credit >= cost else { return false }
        credit -= cost
        return true
    }

    private static let unit: Int64 = 1_000_000_000
}
