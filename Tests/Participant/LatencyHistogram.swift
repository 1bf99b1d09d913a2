public import Wire

/// How long packets travelled, of as many streams as share it: counts in steps of 64 ns, or of 6 % from 1 µs
/// on.
public final class LatencyHistogram {
    public private(set) var count = 0
    public private(set) var longest = Interval.zero
    private var counts = [Int](repeating: 0, count: octaves * steps)

    public init() {}

    public func add(_ delay: Interval) {
        count += 1
        longest = max(longest, delay)
        counts[Self.slot(delay.nanoseconds)] += 1
    }

    public func removeAll() {
        count = 0
        longest = .zero
        for slot in counts.indices { counts[slot] = 0 }
    }

    /// The delay that `share` (0…1) of the packets stayed within, to the next step; zero if there were none.
    public func quantile(_ share: Double) -> Interval {
        let rank = Int((share * Double(count)).rounded(.up))
        var seen = 0
        for (slot, count) in counts.enumerated() where count > 0 {
            seen += count
            if seen >= rank { return min(longest, Interval(nanoseconds: Self.end(of: slot))) }
        }
        return longest
    }

    private static func slot(_ nanoseconds: Int64) -> Int {
        let units = UInt64(max(nanoseconds, 0)) / 64 + UInt64(steps)
        let octave = 63 - units.leadingZeroBitCount - 4
        return min(octave * steps + Int(units >> UInt64(octave)) - steps, octaves * steps - 1)
    }

    private static func end(of slot: Int) -> Int64 {
        let octave = slot / steps
        return Int64((slot % steps + steps + 1) << octave - steps) * 64
    }

    private static let octaves = 31
    private static let steps = 16
}
