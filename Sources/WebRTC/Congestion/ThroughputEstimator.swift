internal import Wire

/// The rate at which packets come out at the far end, measured over the last half second of arrivals.
struct ThroughputEstimator: Sendable {
    /// Bits per second; `nil` until a window's worth was seen.
    private(set) var bitsPerSecond: Int?

    private var arrivals: [(at: Interval, sent: Instant, size: Int)] = []

    mutating func handle(_ result: PacketResult) {
        guard let at = result.arrival else { return }
        // Feedback reports in order of sending; a little reordering on the way is put right here.
        var index = arrivals.count
        while index > 0, arrivals[index - 1].at > at { index -= 1 }
        arrivals.insert((at, result.sent, result.size), at: index)
        let newest = arrivals[arrivals.count - 1].at
        let stale = arrivals.firstIndex { newest - $0.at <= Self.window } ?? 0
        if stale > 0 { arrivals.removeFirst(stale) }
        if arrivals.count > Self.maximumCount { arrivals.removeFirst(arrivals.count - Self.maximumCount) }
        update()
    }

    private mutating func update() {
        guard arrivals.count >= Self.minimumCount, let first = arrivals.first, let last = arrivals.last else { return }
        let arrived = last.at - first.at
        let sent = last.sent - first.sent
        // Both ends are looked at: a queue that drains lets packets arrive faster than they were ever sent.
        let duration = max(arrived, sent)
        guard duration >= Self.minimumDuration else { return }
        // The first packet marks the start; its bytes came before the span.
        let bits = (arrivals.reduce(0) { $0 + $1.size } - first.size) * 8
        bitsPerSecond = Int(Double(bits) / (Double(duration.nanoseconds) / 1e9))
    }

    private static let window = Interval.milliseconds(500)
    private static let minimumDuration = Interval.milliseconds(150)
    private static let minimumCount = 8
    private static let maximumCount = 2_000
}
