public import Wire

/// How the paths to receivers have been, by the receiver reports that have come: buckets with upper bounds, the last of
/// which has none.
public struct PathDistributions: Hashable, Sendable {
    /// Upper bounds, inclusive: nanoseconds, and shares of the packets between two reports.
    public static let roundTripBounds: [Interval] = [
        5, 10, 20, 35, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000,
    ].map { .milliseconds($0) }
    public static let lossBounds = [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]

    /// How many reports fell into each bucket.
    public private(set) var roundTrips = [UInt64](repeating: 0, count: roundTripBounds.count + 1)
    public private(set) var losses = [UInt64](repeating: 0, count: lossBounds.count + 1)
    public private(set) var roundTripSum = Interval.zero
    public private(set) var lossSum = 0.0

    public init() {}

    /// - Parameters:
    ///   - loss: The share lost since the report before, 0…1.
    ///   - roundTrip: `nil`: not known yet.
    package mutating func count(loss: Double, roundTrip: Interval?) {
        losses[Self.lossBounds.firstIndex { loss <= $0 } ?? Self.lossBounds.count] += 1
        lossSum += loss
        guard let roundTrip else { return }
        roundTrips[Self.roundTripBounds.firstIndex { roundTrip <= $0 } ?? Self.roundTripBounds.count] += 1
        roundTripSum = roundTripSum + roundTrip
    }
}

/// Those of one Worker: every egress counts into it.
final class PathReports {
    private(set) var distributions = PathDistributions()

    func count(loss: Double, roundTrip: Interval?) {
        distributions.count(loss: loss, roundTrip: roundTrip)
    }
}
