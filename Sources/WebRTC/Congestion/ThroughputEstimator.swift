internal import Wire

/// The rate at which packets come out at the far end, measured over the last half second of arrivals.
struct ThroughputEstimator: Sendable {
    /// Bits per second; `nil` until a window's worth was seen.
    private(set) var bitsPerSecond: Int?

    /// In order of arrival; those before `first` are stale and wait to be removed together.
    private var arrivals: [(at: Interval, sent: Instant, size: Int)] = []
    private var first = 0
    /// Bytes of the arrivals from `first` on.
    private var bytes = 0

    mutating func handle(_ result: PacketResult) {
        guard let at = result.arrival else { return }
        // Feedback reports in order of sending; a little reordering on the way is put right here.
        var index = arrivals.count
        while index > first, arrivals[index - 1].at > at { index -= 1 }
        if index == arrivals.count {
            arrivals.append((at, result.sent, result.size))
        } else {
            arrivals.insert((at, result.sent, result.size), at: index)
        }
        bytes += result.size
        let newest = arrivals[arrivals.count - 1].at
        while newest - arrivals[first].at > Self.window || arrivals.count - first > Self.maximumCount {
            bytes -= arrivals[first].size
            first += 1
        }
        if first >= Self.removedTogether {
            arrivals.removeFirst(first)
            first = 0
        }
    }

    /// All of one feedback message was handled.
    mutating func handleFeedback() {
        guard arrivals.count - first >= Self.minimumCount, let last = arrivals.last else { return }
        let first = arrivals[first]
        let arrived = last.at - first.at
        let sent = last.sent - first.sent
        // Both ends are looked at: a queue that drains lets packets arrive faster than they were ever sent.
        let duration = max(arrived, sent)
        guard duration >= Self.minimumDuration else { return }
        // The first packet marks the start; its bytes came before the span.
        let bits = (bytes - first.size) * 8
        bitsPerSecond = Int(Double(bits) / (Double(duration.nanoseconds) / 1e9))
    }

    private static let removedTogether = 64
    private static let window = Interval.milliseconds(500)
    private static let minimumDuration = Interval.milliseconds(150)
    private static let minimumCount = 8
    private static let maximumCount = 2_000
}
