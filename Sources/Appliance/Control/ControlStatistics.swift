package import RemoteControl
package import Wire

/// What became of the control events that reached the room.
package struct ControlStatistics: Sendable {
    /// Handed to the desk.
    package var forwarded: UInt64
    package var refused: RefusalCounts
    /// Of the holder, but the desk was away or did not keep up.
    package var undelivered: UInt64
    /// Keys and buttons that the desk has let go of by itself, because the holder's page did not hold them, or was silent.
    package var released: UInt64
    package var delay: DelayHistogram
}

/// How long events took, in buckets that double: bucket *n* counts delays below 2ⁿ µs.
package struct DelayHistogram: Hashable, Sendable {
    private var buckets = [UInt64](repeating: 0, count: 24)
    private var sum = Interval.zero

    package init() {}

    /// How many events there were in each bucket.
    package var counts: [UInt64] { buckets }
    /// Of all delays together.
    package var seconds: Double { Double(sum.nanoseconds) / 1e9 }
    /// The upper bounds of all buckets but the last, which takes what is longer; seconds.
    package static let bounds = (0..<23).map { Double(1 << $0) / 1e6 }

    package mutating func count(_ delay: Interval) {
        let microseconds = UInt64(max(0, delay.nanoseconds / 1_000))
        sum = sum + delay
        buckets[min(64 - microseconds.leadingZeroBitCount, buckets.count - 1)] += 1
    }

    /// An upper bound of the delay of a share of the events, 0…1; `nil` if there were none.
    package func percentile(_ share: Double) -> Interval? {
        let total = buckets.reduce(0, +)
        guard total > 0 else { return nil }
        let wanted = UInt64((Double(total) * share).rounded(.up))
        var seen: UInt64 = 0
        for (index, count) in buckets.enumerated() {
            seen += count
            if seen >= wanted { return .microseconds(1 << Int64(index)) }
        }
        return nil
    }
}
