internal import WebRTC
internal import Wire

/// A transport's way out: the consumers that send through it, what its path carries and when it is their turn,
/// and how a packet leaves.
///
/// ```
///  Consumer ─▶ pacer, congestion control ─▶ sealed for a WebRTC peer │ as it is for a plain one │ a reader here
///      ▲ layers                                     │ receiver reports, NACK, PLI, transport-wide feedback
///      └──────── allocator ◀────────────────────────┘ handle(_:in:now:into:)
/// ```
///
/// Every ``Transport`` has one. The core calls ``forward(now:into:)`` once a wake-up; the transport calls
/// ``handle(_:in:now:into:)`` with each RTCP packet of its peer, ``handleTimeout(now:into:)`` when
/// ``pollTimeout(now:)`` has come, and tells where the peer is and with what keys.
package final class Egress {
    // What forwarding reads, first and close together: ``prefetch(from:of:)``.

    /// Where packets go; `nil` before the peer has proved where it is.
    private(set) var address: SocketAddress?
    private var isPathAlive = true
    let way: EgressWay
    /// Of ``deadline`` among all transports'; the table keeps it up to date.
    var place = TransportDeadlines.nowhere
    private let deadlines: TransportDeadlines
    /// Datagrams on their way to a socket of the transport's own; `nil`: they leave from the Worker's port.
    package let outbox: Outbox?
    let scratch: Scratch
    package private(set) var consumers: [Consumer] = []
    /// Where ``forward(now:into:)`` goes on after a flush.
    private var nextConsumer = 0
    let news: TransportNews
    var reports = ReportSchedule()
    var held = HeldPackets<HeldPacket>()
    var adaptation = Adaptation()
    var statistics = EgressStatistics()
    /// What a peer with keys is sent through; `nil` before the handshake, and where packets leave as they are.
    var sender: SRTPSender?
    var congestion: CongestionControl

    let id: TransportID
    /// Names the room to the receivers of all streams that leave here.
    let cname: String
    /// Adds up to the wall clock.
    let wallClockOffset: Int64
    var limits = FeedbackLimits()
    /// RTCP on its way to a socket of its own; `nil`: it leaves as RTP does.
    private let rtcpOutbox: Outbox?
    /// Where RTCP goes, if it has a socket of its own.
    private var rtcpAddress: SocketAddress?

    init(
        id: TransportID,
        _ way: EgressWay,
        cname: String,
        outbox: Outbox?,
        rtcpOutbox: Outbox? = nil,
        shared: SharedState,
        now: Instant
    ) {
        self.rtcpOutbox = rtcpOutbox
        self.id = id
        self.way = way
        self.cname = cname
        self.outbox = outbox
        deadlines = shared.deadlines
        scratch = shared.scratch
        news = shared.news
        wallClockOffset = shared.wallClockOffset
        congestion = CongestionControl(now: now)
    }

    /// When the transport is next due, and why.
    var due: Deadline {
        get { deadlines[place] }
        set { deadlines[place] = newValue }
    }

    /// Makes the transport due at `time`, unless it is sooner.
    @inline(__always)
    func expect(_ reason: DeadlineReason, at time: Instant) { deadlines.lower(place, to: time, reason) }

    // MARK: The way out

    /// Whether media can be sent.
    var isSendable: Bool { sender != nil ? address != nil && isPathAlive : isSendableOpen }

    @inline(never)
    private var isSendableOpen: Bool {
        switch way {
        case .sealed: false
        case .plain: address != nil && isPathAlive
        case .reader: true
        }
    }

    /// Whether packets are protected, and the peer's keys are not there yet.
    var isAwaitingKeys: Bool { if case .sealed = way { sender == nil } else { false } }

    /// Whether a packet may go out twice under one number: there is no seal that this would break (RFC 7714 §9.1).
    var mayRepeat: Bool { if case .plain = way { true } else { false } }

    /// Appends a datagram of RTCP to the queue that it leaves through.
    func appendRTCP(
        into queue: inout TransmitQueue,
        _ write: (inout OutputRawSpan) throws(SRTPError) -> Void
    ) throws(SRTPError) {
        if let rtcpOutbox {
            guard let rtcpAddress else { return }
            try rtcpOutbox.queue.append(to: rtcpAddress, write)
        } else if let address {
            try queue.append(to: address, write)
        }
    }

    /// Who is handed packets in this process, if anybody is.
    var reader: EgressReader? { if case .reader(let reader) = way { reader } else { nil } }

    /// - Parameters:
    ///   - rtcp: Where RTCP goes, if it has a socket of its own.
    ///   - isAlive: Whether what is sent there may arrive.
    func setAddress(_ address: SocketAddress?, rtcp: SocketAddress? = nil, isAlive: Bool) {
        self.address = address
        rtcpAddress = rtcp
        isPathAlive = isAlive
    }

    /// The peer has keys from now on; `nil`: it takes nothing any more.
    func setSender(_ sender: consuming SRTPSender?) { self.sender = sender }

    /// The peer can be reached from now on, or anew.
    func handleReachable(now: Instant) {
        guard isSendable else { return }
        for consumer in consumers { consumer.requestKeyFrameIfNeeded(now: now) }
    }

    /// What was sent of late is lost.
    func suspend(now: Instant) { for consumer in consumers { consumer.suspend(now: now) } }

    // MARK: Consumers

    func add(_ consumer: Consumer) { consumers.append(consumer) }
    func remove(_ consumer: Consumer) { consumers.removeAll { $0 === consumer } }

    // MARK: Forwarding

    /// Sends every consumer what its producer received in this wake-up; `false`: flush the queue and call again.
    ///
    /// - Parameter queue: Of the Worker's port.
    func forward(now: Instant, into queue: inout TransmitQueue) -> Bool {
        guard isSendable else { return true }
        return outbox == nil ? forwardAll(now: now, into: &queue) : forwardToOutbox(now: now)
    }

    @inline(never)
    private func forwardToOutbox(now: Instant) -> Bool {
        guard let outbox else { return true }
        return forwardAll(now: now, into: &outbox.queue)
    }

    @inline(__always)
    private func forwardAll(now: Instant, into queue: inout TransmitQueue) -> Bool {
        while nextConsumer < consumers.count {
            guard !queue.isNearlyFull else { return false }
            let consumer = consumers[nextConsumer]
            nextConsumer += 1
            guard consumer.producer.hasReceived else { continue }
            consumer.forward(through: self, now: now, into: &queue)
            if let change = consumer.pollLayersChange() { report(change, of: consumer) }
            wake(consumer)
        }
        nextConsumer = 0
        if !held.isEmpty { expect(.pacing, at: pollPacing(now: now)) }
        beginReports(now: now)
        return true
    }

    /// Sees to it that the consumer's next deadline is met.
    @inline(__always)
    func wake(_ consumer: Consumer) {
        if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { expect(.consumer, at: due) }
    }

    @inline(__always)
    private func beginReports(now: Instant) {
        guard reports.due == nil, !consumers.isEmpty, reports.begin(now: now) else { return }
        expect(.senderReport, at: now)
    }

    private func report(_ layers: MediaLayers?, of consumer: Consumer) {
        let temporal = layers.flatMap { consumer.filter.temporalLayer == nil ? nil : $0.temporal }
        news.events.append(.layersChanged(consumer.id, spatial: layers?.spatial, temporal: temporal))
    }

    // MARK: Time

    /// When ``handleTimeout(now:into:)`` is next due, and why.
    func pollDeadline(now: Instant) -> Deadline {
        var next = Deadline()
        guard isSendable else { return next }
        next.consider(reports.due, .senderReport)
        next.consider(pollPacing(now: now), .pacing)
        next.consider(adaptation.next, .adaptation)
        for consumer in consumers {
            next.consider(consumer.pollTimeout(isPathWide: congestion.isWide), .consumer)
        }
        return next
    }

    /// The moment alone.
    func pollTimeout(now: Instant) -> Instant { pollDeadline(now: now).at }

    func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        guard isSendable else { return }
        for consumer in consumers where consumer.handleTimeout(through: self, now: now, into: &queue) {
            if let change = consumer.pollLayersChange() { report(change, of: consumer) }
            beginReports(now: now)
        }
        handleAdaptation(now: now, into: &queue)
        sendReports(now: now, into: &queue)
    }
}
