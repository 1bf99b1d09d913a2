internal import Wire

/// Bounds the rate by the share of packets that are lost (draft-ietf-rmcat-gcc-02 §6).
///
/// Loss below 2 % is noise; between 2 % and 10 % the rate holds; above that it falls in proportion. A steady
/// random loss under 10 % therefore never starves a viewer: retransmission repairs it. Loss that stays
/// although much less is sent is the link's own, as of a weak radio, and sending still less would not help
/// either: it is taken as given.
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
    private var sentBytes = 0
    private var firstSent: Instant?
    private var lastSent: Instant?
    /// When loss began to be too high: the loss, and what was sent, in bits per second.
    private var episode: (loss: Double, sending: Double)?
    /// The share that is lost whatever is sent.
    private(set) var inherent = 0.0

    init(start: Int, bounds: ClosedRange<Int>) {
        target = start
        self.bounds = bounds
    }

    mutating func handle(_ result: PacketResult) {
        if result.arrival == nil { lost += 1 } else { received += 1 }
        if result.wasMissing { lost = max(0, lost - 1) }
        // What was late has been counted.
        guard !result.wasMissing else { return }
        sentBytes += result.size
        if firstSent == nil { firstSent = result.sent }
        lastSent = result.sent
    }

    /// - Parameter delayBased: What the delay allows; the loss-based rate climbs no further than that.
    mutating func handleFeedback(delayBased: Int, roundTrip: Interval, now: Instant) {
        let last = lastUpdate ?? now
        guard lastUpdate == nil || (now - last >= Self.interval && received + lost >= Self.minimumCount)
        else { return }
        lastUpdate = now
        let sample = received + lost == 0 ? 0 : Double(lost) / Double(received + lost)
        received = 0
        lost = 0
        loss += (sample - loss) * 0.5
        learn()
        if loss < Self.low + inherent {
            target = max(target, min(Int(Double(target) * 1.08) + 1_000, delayBased))
            if target < delayBased, sample <= inherent { target = min(delayBased, Int(Double(target) * 1.5)) }
        } else if loss > Self.high + inherent {
            if let lastDecrease, now - lastDecrease < roundTrip + .milliseconds(300) { return }
            lastDecrease = now
            target = Int(Double(min(target, delayBased)) * (1 - 0.5 * loss))
        }
        target = min(max(target, bounds.lowerBound), bounds.upperBound)
    }

    /// Finds out whether sending less has made a difference.
    private mutating func learn() {
        let duration = firstSent.flatMap { first in lastSent.map { $0 - first } } ?? .zero
        let sending = duration > .zero ? Double(sentBytes) * 8e9 / Double(duration.nanoseconds) : 0
        sentBytes = 0
        firstSent = nil
        inherent = min(inherent, loss)
        guard loss > Self.high else {
            episode = nil
            return
        }
        guard let before = episode else {
            episode = (loss, sending)
            return
        }
        guard sending < Self.muchLess * before.sending else { return }
        if loss > Self.same * before.loss { inherent = min(loss, Self.mostInherent) }
        episode = (loss, sending)
    }

    mutating func set(_ rate: Int) {
        target = max(target, min(rate, bounds.upperBound))
    }

    private static let low = 0.02
    private static let high = 0.10
    /// With more loss than this a sender must give way, even if sending less does not reduce the loss.
    private static let mostInherent = 0.2
    private static let muchLess = 0.7
    private static let same = 0.75
    private static let interval = Interval.milliseconds(200)
    private static let minimumCount = 20
}
