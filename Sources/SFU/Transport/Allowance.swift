internal import Wire

/// So much of something a second, and two seconds' worth of it at once: a bucket of integers, which is kept as the moment
/// until which what was taken is paid for.
struct Allowance {
    /// Nanoseconds that one takes.
    private let each: Int64
    private var paid = Int64.min / 2

    /// - Parameter rate: A second; 1 or more.
    init(rate: Int) {
        each = 1_000_000_000 / Int64(max(1, rate))
    }

    /// When so many more are paid for; they may be taken if that is not later than now.
    @inline(__always)
    func payment(for count: Int, now: Instant) -> Int64 {
        max(paid, now.nanoseconds - Self.burst) + Int64(count) * each
    }

    @inline(__always)
    mutating func take(payingUntil payment: Int64) { paid = payment }

    /// Takes so many, if there are as many left.
    @inline(__always)
    mutating func takes(_ count: Int, now: Instant) -> Bool {
        let payment = payment(for: count, now: now)
        guard payment <= now.nanoseconds else { return false }
        paid = payment
        return true
    }

    /// Nanoseconds.
    private static let burst: Int64 = 2_000_000_000
}
