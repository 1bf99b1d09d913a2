public import Wire

/// Estimates how much may be sent to one receiver, from its transport-wide feedback.
///
/// Delay gradient, loss and probing, after draft-ietf-rmcat-gcc-02. Record each packet in a
/// ``SentPacketHistory``; for each feedback message pass every ``PacketResult`` to ``handle(_:now:)``, then
/// call ``handleFeedback(roundTrip:wanted:now:)``; read ``target``; send what ``pollProbe()`` returns.
public struct BandwidthEstimator: Sendable {
    /// What the path's queue is doing, for statistics.
    public enum Usage: Hashable, Sendable {
        case normal
        case overusing
        case underusing
    }

    /// Bits per second that may be sent now.
    public private(set) var target: Int

    /// What ``target`` will be again once a queue on the way has drained, bits per second: what streams may
    /// rely on.
    public private(set) var sustained: Int

    /// The share of packets lost lately, 0…1.
    public var loss: Double { lossController.loss }

    /// What arrives at the receiver, in bits per second; `nil` until enough was seen.
    public var throughput: Int? { throughputEstimator.bitsPerSecond }

    /// What a queue on the way makes every packet wait.
    public var queueDelay: Interval { queue.delay }

    public var usage: Usage {
        switch trendline.usage {
        case .normal: .normal
        case .overusing: .overusing
        case .underusing: .underusing
        }
    }

    private let bounds: ClosedRange<Int>
    private var groups = ArrivalGroups()
    private var trendline = TrendlineEstimator()
    private var throughputEstimator = ThroughputEstimator()
    private var rateController: RateController
    private var lossController: LossController
    private var probes: ProbeController
    private var queue = StandingQueue()
    private var probed: Int?
    private var sending = SendingRate()
    /// When a probe was last believed.
    private var lastProbed: Instant?
    private var lastFeedback: Instant?

    /// - Parameters:
    ///   - start: The first guess, bits per second.
    ///   - bounds: The target never leaves these.
    public init(start: Int = 600_000, bounds: ClosedRange<Int> = 30_000...20_000_000, now: Instant) {
        self.bounds = bounds
        target = start
        sustained = start
        rateController = RateController(start: start, bounds: bounds)
        lossController = LossController(start: start, bounds: bounds)
        probes = ProbeController(maximum: bounds.upperBound)
        probes.start(rate: start, now: now)
    }

    /// Takes the feedback about one packet; call in order of sequence number.
    public mutating func handle(_ result: PacketResult, now: Instant) {
        lossController.handle(result)
        // What comes late was counted when it was reported lost.
        if !result.wasMissing { sending.handle(result) }
        guard let arrival = result.arrival else { return }
        throughputEstimator.handle(result)
        queue.handle(sent: result.sent, arrival: arrival, now: now)
        if let delta = groups.handle(sent: result.sent, arrival: arrival) { trendline.handle(delta) }
        if let rate = probes.handle(result, now: now) { probed = max(probed ?? 0, rate) }
    }

    /// All of one feedback message was handled.
    ///
    /// - Parameters:
    ///   - roundTrip: The measured round-trip time.
    ///   - wanted: What the sender would send if it could, in bits per second.
    public mutating func handleFeedback(roundTrip: Interval, wanted: Int, now: Instant) {
        lastFeedback = now
        throughputEstimator.handleFeedback()
        let isApplicationLimited = throughput.map { $0 < target * 65 / 100 } ?? true
        // Where much less is sent than there is room for, a queue is the probe's own; it drains by itself, and
        // what arrives tells nothing of what the path carries.
        let isQuiet = sending.bitsPerSecond < target * 65 / 100
        let isOwnQueue = isQuiet && lastProbed.map { now - $0 < Self.probeQueue } ?? false
        rateController.handle(
            isOwnQueue && trendline.usage == .overusing ? .underusing : trendline.usage,
            throughput: throughput,
            roundTrip: roundTrip,
            isApplicationLimited: isApplicationLimited,
            isQuiet: isQuiet,
            now: now
        )
        if let rate = probed, trendline.usage != .overusing {
            // A probe below the target is believed only when it ran into the limit.
            if rate > rateController.target { rateController.set(rate) }
            lossController.set(rate)
            lastProbed = now
        }
        probed = nil
        lossController.handleFeedback(delayBased: rateController.target, roundTrip: roundTrip, now: now)
        let drained = queue.handleFeedback(throughput: throughput, now: now) ?? .max
        sustained = max(
            min(rateController.target, lossController.target, bounds.upperBound),
            bounds.lowerBound
        )
        target = max(min(sustained, drained), bounds.lowerBound)
        guard drained == .max else { return }
        let isClear =
            queue.delay < Self.clear && rateController.lastDecrease.map { now - $0 > Self.longClear } ?? true
        probes.handleFeedback(
            target: target,
            isApplicationLimited: isApplicationLimited,
            isClear: isClear && lossController.loss < 0.02,
            wanted: wanted,
            now: now
        )
    }

    /// Call now and then while nothing is sent that the receiver could report about: finds out whether there
    /// is room by now.
    public mutating func handleIdle(wanted: Int, now: Instant) {
        probes.handleFeedback(
            target: target,
            isApplicationLimited: true,
            isClear: true,
            wanted: wanted,
            now: now
        )
    }

    /// Without feedback for this long the path may be gone: halve, and again for each further second.
    public mutating func handleTimeout(now: Instant) {
        guard let last = lastFeedback, now - last >= .seconds(1) else { return }
        lastFeedback = now
        rateController.set(rateController.target / 2)
        target = max(bounds.lowerBound, min(target, rateController.target))
        sustained = target
    }

    /// When ``handleTimeout(now:)`` is next due.
    public func pollTimeout() -> Instant? { lastFeedback.map { $0 + .seconds(1) } }

    /// A burst to send now, or `nil`.
    public mutating func pollProbe() -> Probe? { probes.pollProbe() }

    private static let probeQueue = Interval.milliseconds(500)
    private static let clear = Interval.milliseconds(30)
    /// Longer than from one decrease to the next on a link that is filled.
    private static let longClear = Interval.seconds(8)
}
