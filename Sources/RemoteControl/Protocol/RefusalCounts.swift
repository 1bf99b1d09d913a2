/// How many control events were refused, by reason.
public struct RefusalCounts: Hashable, Sendable {
    private var counts = [UInt64](repeating: 0, count: ControlLease.Refusal.allCases.count)

    init() {}

    public subscript(reason: ControlLease.Refusal) -> UInt64 { counts[reason.rawValue] }

    public var total: UInt64 { counts.reduce(0, &+) }

    static func + (lhs: Self, rhs: Self) -> Self {
        var sum = lhs
        for index in sum.counts.indices { sum.counts[index] &+= rhs.counts[index] }
        return sum
    }

    mutating func count(_ reason: ControlLease.Refusal) {
        counts[reason.rawValue] &+= 1
    }
}
