internal import Wire

/// Bounds the rate by the share of packets that are lost (draft-ietf-rmcat-gcc-02 §6).
///
/// Loss below 2 % is noise; between 2 % and 10 % the rate holds; above that it falls in proportion. A steady random
/// loss under 10 % therefore never starves a viewer: retransmission repairs it.
struct LossController: Sendable {
    /// Bits per second.
    private(set) var target: Int
    /// The share of packets lost, 0…1, smoothed over about a second.
    private(set) var loss = 0.0

    private let bounds: ClosedRange<Int>
    private var received = 0
    private var lost = 0
    private var lastUpdate: Instant?
    private var lastDecrease: Instant?

    init(start: Int, bounds: ClosedRange<Int>) {
        target = start
        self.bounds = bounds
    }

    mutating func handle(_ result: PacketResult) {
        if result.arrival == nil { lost += 1 } else { received += 1 }
    }

    /// - Parameter delayBased: What the delay allows; the loss-based rate climbs no further than that.
    mutating func handleFeedback(delayBased: Int, roundTrip: Interval, now: Instant) {
        let last = lastUpdate ?? now
        guard lastUpdate == nil || (now - last >= Self.interval && received + lost >= Self.minimumCount) else { return }
        lastUpdate = now
        let sample = received + lost == 0 ? 0 : Double(lost) / Double(received + lost)
        received = 0
        lost = 0
        loss += (sample - loss) * 0.5
        if loss < Self.low {
            target = max(target, min(Int(Double(target) * 1.08) + 1_000, delayBased))
            if target < delayBased, sample == 0 { target = min(delayBased, Int(Double(target) * 1.5)) }
        } else if loss > Self.high {
            if let lastDecrease, now - lastDecrease < roundTrip + .milliseconds(300) { return }
            lastDecrease = now
            target = Int(Double(min(target, delayBased)) * (1 - 0.5 * loss))
        }
        target = min(max(target, bounds.lowerBound), bounds.upperBound)
    }

    mutating func set(_ rate: Int) {
        target = max(target, min(rate, bounds.upperBound))
    }

    private static let low = 0.02
    private static let high = 0.10
    private static let interval = Interval.milliseconds(200)
    private static let minimumCount = 20
}
