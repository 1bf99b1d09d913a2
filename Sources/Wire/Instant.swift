/// A point on the monotonic clock, in nanoseconds.
///
/// The event loop reads the clock once per wake-up and passes the value down; nothing below the loop
/// can ask for the time. Tests advance it by hand.
public struct Instant: Comparable, Hashable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    public static func + (lhs: Self, rhs: Interval) -> Self {
        Instant(nanoseconds: lhs.nanoseconds &+ rhs.nanoseconds)
    }

    public static func += (lhs: inout Self, rhs: Interval) { lhs = lhs + rhs }

    /// How long after `rhs` this instant lies; negative if it lies before.
    public static func - (lhs: Self, rhs: Self) -> Interval {
        Interval(nanoseconds: lhs.nanoseconds &- rhs.nanoseconds)
    }

    /// This instant, or the next one that is a multiple of `step` after zero.
    public func roundedUp(to step: Interval) -> Self {
        let rest = nanoseconds % step.nanoseconds
        return rest <= 0
            ? self + Interval(nanoseconds: -rest) : self + Interval(nanoseconds: step.nanoseconds - rest)
    }
}

/// A signed length of time, in nanoseconds.
public struct Interval: Comparable, Hashable, Sendable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static let zero = Interval(nanoseconds: 0)
    public static func seconds(_ count: Int64) -> Self { Interval(nanoseconds: count &* 1_000_000_000) }
    public static func milliseconds(_ count: Int64) -> Self { Interval(nanoseconds: count &* 1_000_000) }
    public static func microseconds(_ count: Int64) -> Self { Interval(nanoseconds: count &* 1_000) }

    /// Whole milliseconds, rounded toward zero.
    public var milliseconds: Int64 { nanoseconds / 1_000_000 }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    public static func + (lhs: Self, rhs: Self) -> Self {
        Interval(nanoseconds: lhs.nanoseconds &+ rhs.nanoseconds)
    }

    public static func - (lhs: Self, rhs: Self) -> Self {
        Interval(nanoseconds: lhs.nanoseconds &- rhs.nanoseconds)
    }

    public static func * (lhs: Self, rhs: Int64) -> Self { Interval(nanoseconds: lhs.nanoseconds &* rhs) }
    public static func / (lhs: Self, rhs: Int64) -> Self { Interval(nanoseconds: lhs.nanoseconds / rhs) }
}
