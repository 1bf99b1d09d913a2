internal import WebRTC
internal import Wire

/// What is known of how much one transport's path carries, from the peer's transport-wide feedback, and the pace that follows.
struct CongestionControl {
    /// The transport-wide number of the next packet.
    private(set) var nextSequence: UInt16 = 1
    /// Bits per second; `nil` before the first feedback.
    private(set) var target: Int?
    private(set) var pacer = Pacer()
    /// The probe that is being sent.
    private(set) var cluster: ProbeCluster?

    private var history = SentPacketHistory()
    private var estimator: BandwidthEstimator
    /// The first packet that was sent since the newest feedback.
    private var unanswered: Instant?

    init(now: Instant) {
        estimator = BandwidthEstimator(now: now)
    }

    /// The share of packets lost lately, 0…1.
    var loss: Double { estimator.loss }

    /// The packet with ``nextSequence``, `size` bytes long, was sent.
    mutating func handleSent(_ size: Int, now: Instant) {
        history.record(nextSequence, size: size, probe: cluster?.probe.id, now: now)
        nextSequence &+= 1
        if unanswered == nil { unanswered = now }
        if cluster == nil {
            pacer.handleSent(size, now: now)
        } else {
            cluster?.handleSent(size)
            if cluster?.isComplete ?? false { cluster = nil }
        }
    }

    /// - Parameters:
    ///   - sending: What is sent in the mean, bits per second.
    ///   - wanted: What would be sent if the path were wide, bits per second.
    mutating func handle(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        roundTrip: Interval,
        sending: Int,
        wanted: Int,
        now: Instant
    ) throws(RTCPParseError) {
        try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { number, arrival in
            guard let result = history.handle(number.rawValue, arrival: arrival) else { return }
            estimator.handle(result, now: now)
        }
        unanswered = nil
        estimator.handleFeedback(roundTrip: roundTrip, wanted: wanted, now: now)
        setTarget(estimator.target, sending: sending, now: now)
    }

    /// A peer that is sent to and does not report is perhaps not reached any more; one that is sent nothing cannot report.
    mutating func handleTimeout(sending: Int, wanted: Int, now: Instant) {
        guard target != nil else { return }
        guard let unanswered else {
            estimator.handleIdle(wanted: wanted, now: now)
            return
        }
        guard now - unanswered >= .seconds(1) else { return }
        estimator.handleTimeout(now: now)
        setTarget(estimator.target, sending: sending, now: now)
    }

    /// Whether the peer has said nothing for long about what it was sent.
    func isUnanswered(now: Instant) -> Bool { unanswered.map { now - $0 >= .seconds(1) } ?? false }

    private mutating func setTarget(_ target: Int, sending: Int, now: Instant) {
        self.target = target
        let isWide = target >= Self.wide * max(sending, Self.narrow)
        pacer.setTarget(isWide ? nil : target, now: now)
    }

    // MARK: Packets that wait

    mutating func handleHeld(_ bytes: Int) { pacer.handleHeld(bytes) }
    mutating func handleReleased(_ bytes: Int) { pacer.handleReleased(bytes) }

    // MARK: Probes

    /// Begins the next probe, if one is wanted and none is under way.
    mutating func beginProbe(now: Instant) {
        guard target != nil, cluster == nil, let probe = estimator.pollProbe() else { return }
        cluster = ProbeCluster(probe, now: now)
    }

    /// Gives up the probe: there is nothing to send it with.
    mutating func endProbe() { cluster = nil }

    /// A path that carries so many times what is sent needs no pacing…
    private static let wide = 4
    /// …if that is at least so much, bits per second.
    private static let narrow = 1_000_000
}
