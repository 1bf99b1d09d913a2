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
    let scratch: Scratch
    private(set) var consumers: [Consumer] = []
    /// Where ``forward(now:into:)`` goes on after a flush.
    private var nextConsumer = 0
    let news: TransportNews
    var nextReport: Instant?
    var held = HeldPackets<HeldPacket>()
    var adaptation = EgressAdaptation()
    var statistics = EgressStatistics()
    /// What a peer with keys is sent through; `nil` before the handshake, and where packets leave as they are.
    var sender: SRTPSender?
    var congestion: CongestionControl

    let id: TransportID
    /// Names the room to the receivers of all streams that leave here.
    let cname: String
    /// Adds up to the wall clock.
    let wallClockOffset: Int64
    /// What is looked at of the numbers that the peer asks for again, and of those whose arrival it reports.
    var requests = Allowance(rate: 4_096)
    var arrivalReports = Allowance(rate: 32_768)
    var reportedPackets: UInt64 = 0
    /// Reports due in a row with nothing new sent.
    var quietReports = 0
    /// Datagrams on their way to a socket of the transport's own; `nil`: they leave from the Worker's port.
    package let outbox: Outbox?

    init(id: TransportID, _ way: EgressWay, cname: String, outbox: Outbox?, shared: SharedState, now: Instant)
    {
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

    /// When the transport is next due.
    var deadline: Instant {
        get { deadlines[place] }
        set { deadlines[place] = newValue }
    }

    // MARK: The way out

    /// Whether media can be sent.
    var isSendable: Bool {
        switch way {
        case .sealed: address != nil && isPathAlive && sender != nil
        case .plain: address != nil && isPathAlive
        case .reader: true
        }
    }

    /// Whether packets are protected, and the peer's keys are not there yet.
    var isAwaitingKeys: Bool { if case .sealed = way { sender == nil } else { false } }

    /// Who is handed packets in this process, if anybody is.
    var reader: EgressReader? { if case .reader(let reader) = way { reader } else { nil } }

    /// - Parameter isAlive: Whether what is sent there may arrive.
    func setAddress(_ address: SocketAddress?, isAlive: Bool) {
        self.address = address
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
        guard let outbox else { return forwardAll(now: now, into: &queue) }
        return forwardAll(now: now, into: &outbox.queue)
    }

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
        if !held.isEmpty { deadline = min(deadline, pollPacing(now: now)) }
        beginReports(now: now)
        return true
    }

    /// Sees to it that the consumer's next deadline is met.
    @inline(__always)
    func wake(_ consumer: Consumer) {
        if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { deadline = min(deadline, due) }
    }

    @inline(__always)
    private func beginReports(now: Instant) {
        guard nextReport == nil, !consumers.isEmpty else { return }
        nextReport = now
        deadline = now
    }

    private func report(_ layers: MediaLayers?, of consumer: Consumer) {
        let temporal = layers.flatMap { consumer.filter.temporalLayer == nil ? nil : $0.temporal }
        news.events.append(.layersChanged(consumer.id, spatial: layers?.spatial, temporal: temporal))
    }

    // MARK: Time

    /// When ``handleTimeout(now:into:)`` is next due.
    func pollTimeout(now: Instant) -> Instant {
        guard isSendable else { return .never }
        var next = min(nextReport ?? .never, pollAdaptation(now: now))
        for consumer in consumers {
            if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { next = min(next, due) }
        }
        return next
    }

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
