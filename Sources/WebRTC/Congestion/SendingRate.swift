internal import Wire

/// What was sent of late apart from probes, whether or not it arrived.
struct SendingRate: Sendable {
    private var buckets = [Int](repeating: 0, count: Self.count)
    /// Counts stretches of ``length`` since the clock's zero.
    private var newest: Int64 = -1

    /// Over the last half second; the stretch that has just begun is left out.
    var bitsPerSecond: Int {
        let whole = buckets.indices.reduce(0) {
            Int64($1) == newest % Int64(Self.count) ? $0 : $0 + buckets[$1]
        }
        return whole * 8 * 1_000 / (Self.milliseconds * (Self.count - 1))
    }

    mutating func handle(_ result: PacketResult) {
        guard result.probe == nil else { return }
        let number = result.sent.nanoseconds / (Int64(Self.milliseconds) * 1_000_000)
        if number > newest {
            for skipped in max(newest + 1, number - Int64(Self.count) + 1)...number {
                buckets[Int(skipped % Int64(Self.count))] = 0
            }
            newest = number
        }
        guard number > newest - Int64(Self.count) else { return }
        buckets[Int(number % Int64(Self.count))] += result.size
    }

    private static let milliseconds = 100
    private static let count = 6
}
