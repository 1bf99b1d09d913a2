package import WebRTC
package import Wire

/// What is known of how much one transport's path carries, from the peer's transport-wide feedback, and the
/// pace that follows.
package struct CongestionControl: ~Copyable {
    /// The transport-wide number of the next packet.
    package private(set) var nextSequence: UInt16 = 1
    package private(set) var pacer = Pacer()
    private var history = SentPacketHistory()
    private var lastSent = Instant(nanoseconds: .min / 2)
    /// The first packet that was sent since the newest feedback.
    private var unanswered: Instant?
    /// The probe that is being sent.
    package private(set) var cluster: ProbeCluster?

    /// Bits per second; `nil` before the first feedback.
    package private(set) var target: Int?
    /// Whether the path carries so much more than what is sent that nothing is paced.
    package private(set) var isWide = false
    /// Bytes that may be sent again, and when that was last reckoned.
    private var retransmissions = 0.0
    private var refilled = Instant(nanoseconds: .min / 2)
    /// Last: feedback reads it, and sending does not.
    private var estimator: BandwidthEstimator

    /// Bytes from the beginning to the end of what sending reads.
    static var hotSize: Int { MemoryLayout<Self>.size - MemoryLayout<BandwidthEstimator>.size }

    /// What streams may rely on, bits per second: more than ``target`` while a queue drains.
    ///
    /// - Parameter canShed: Whether some of them can be left out for others' sake. A long queue is seen off first then,
    ///   or everybody's picture stays behind by it.
    func sustained(canShed: Bool) -> Int {
        canShed && estimator.queueDelay > Self.longQueue ? target ?? estimator.sustained : estimator.sustained
    }

    package init(now: Instant) {
        estimator = BandwidthEstimator(bounds: 30_000...100_000_000, now: now)
    }

    /// The share of packets lost lately, 0…1.
    package var loss: Double { estimator.loss }

    /// The packet with ``nextSequence``, `size` bytes long, was sent.
    ///
    /// - Parameters:
    ///   - ssrc: Of its stream; 0 for padding, which nobody misses.
    ///   - rtpSequence: Its number there, or that of the packet that it repeats.
    package mutating func handleSent(_ size: Int, ssrc: UInt32, rtpSequence: UInt16, now: Instant) {
        history.record(
            nextSequence,
            size: size,
            probe: cluster?.probe.id,
            ssrc: ssrc,
            rtpSequence: rtpSequence,
            now: now
        )
        nextSequence &+= 1
        if unanswered == nil { unanswered = now }
        lastSent = now
        if cluster == nil {
            pacer.handleSent(size, now: now)
        } else {
            cluster?.handleSent(size)
            if cluster?.isComplete ?? false { cluster = nil }
        }
    }

    /// Asks the processor for what ``handleSent(_:ssrc:rtpSequence:now:)`` will touch.
    func prefetch() { history.prefetch(nextSequence) }
    func prefetchArray() { history.prefetchArray() }

    /// - Parameters:
    ///   - sending: What is sent in the mean, bits per second.
    ///   - wanted: What would be sent if the path were wide, bits per second.
    package mutating func handle(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        roundTrip: Interval,
        sending: Int,
        wanted: Int,
        results: inout TransportFeedbackResults,
        now: Instant
    ) throws(RTCPParseError) {
        try TransportFeedback(feedback, in: compound).forEachPacket(in: compound) { number, arrival in
            if arrival != nil { results.noteArrival(of: number.rawValue) }
            guard let result = history.handle(number.rawValue, arrival: arrival) else { return }
            estimator.handle(result, now: now)
            results.note(result)
        }
        unanswered = nil
        estimator.handleFeedback(roundTrip: roundTrip, wanted: wanted, now: now)
        setTarget(estimator.target, sending: sending, now: now)
    }

    /// A peer that is sent to and does not report is perhaps not reached any more; one that is sent nothing
    /// cannot report.
    package mutating func handleTimeout(sending: Int, wanted: Int, now: Instant) {
        guard target != nil else { return }
        guard let unanswered else {
            if now - lastSent >= Self.silence { estimator.handleIdle(wanted: wanted, now: now) }
            return
        }
        guard now - unanswered >= .seconds(1) else { return }
        estimator.handleTimeout(now: now)
        setTarget(estimator.target, sending: sending, now: now)
    }

    /// Whether the peer has said nothing for long about what it was sent.
    package func isUnanswered(now: Instant) -> Bool { unanswered.map { now - $0 >= .seconds(1) } ?? false }

    /// What was sent last, or the answer to it, is lost, and nothing else will be: goes on as after silence.
    package mutating func giveUpWaiting(wanted: Int, now: Instant) {
        unanswered = nil
        estimator.handleIdle(wanted: wanted, now: now)
    }

    private mutating func setTarget(_ target: Int, sending: Int, now: Instant) {
        self.target = target
        let needed = max(sending, Self.narrow)
        // A guess that moves about the limit must not start and end the pacing with every report.
        isWide = target >= needed * (isWide ? Self.stillWide : Self.wide)
        pacer.setTarget(isWide ? nil : target, now: now)
    }

    // MARK: Retransmissions

    /// Whether there is room to send so many bytes again; if so, takes note that they are.
    ///
    /// What a full queue has dropped must not come back at once and fill it again: on a narrow path at most
    /// half of what it carries is repetition, and a quarter while a queue drains. The rest is a key frame's
    /// business.
    package mutating func allowsRetransmission(_ bytes: Int, now: Instant) -> Bool {
        guard let target, pacer.rate != nil else { return true }
        let share = estimator.sustained > target ? 4.0 : 2.0
        let rate = Double(target) / 8 / share
        let elapsed = Double((now - refilled).nanoseconds) / 1e9
        refilled = now
        retransmissions = min(retransmissions + max(0, elapsed) * rate, rate / 2)
        guard retransmissions > 0 else { return false }
        retransmissions -= Double(bytes)
        return true
    }

    /// How often to repeat what is missing at first: on a path that loses without being full, a repetition is
    /// lost just as easily.
    package var copies: Int { estimator.loss > Self.lossy && estimator.queueDelay < Self.shortQueue ? 2 : 1 }

    // MARK: Packets that wait

    mutating func setGated(_ isGated: Bool, now: Instant) {
        pacer.setGated(isGated, now: now)
    }

    mutating func setBlocked(_ isBlocked: Bool) { pacer.setBlocked(isBlocked) }
    mutating func handleHeld(_ bytes: Int) { pacer.handleHeld(bytes) }
    mutating func handleReleased(_ bytes: Int) { pacer.handleReleased(bytes) }

    // MARK: Probes

    /// Begins the next probe, if one is wanted and none is under way.
    package mutating func beginProbe(now: Instant) {
        guard target != nil, cluster == nil, let probe = estimator.pollProbe() else { return }
        cluster = ProbeCluster(probe, now: now)
    }

    /// Gives up the probe: there is nothing to send it with.
    mutating func endProbe() { cluster = nil }

    private static let lossy = 0.02
    private static let shortQueue = Interval.milliseconds(50)
    private static let longQueue = Interval.milliseconds(300)
    private static let silence = Interval.milliseconds(500)
    /// A path that carries so many times what is sent needs no pacing.
    private static let wide = 4
    private static let stillWide = 2
    /// …if that is at least so much, bits per second.
    private static let narrow = 1_000_000
}
