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

    private(set) var sender: PacketSender
    /// Of ``deadline`` among all transports'; the table keeps it up to date.
    var place = TransportDeadlines.nowhere
    private let deadlines: TransportDeadlines
    /// Datagrams on their way to a socket of the transport's own; `nil`: they leave from the Worker's port.
    package let outbox: Outbox?
    let scratch: Scratch
    package private(set) var consumers: [Consumer] = []
    private(set) var turns = ForwardingTurns()
    /// Where ``forward(now:into:)`` goes on after a flush.
    private var nextConsumer = 0
    private let news: TransportNews
    let paths: PathReports
    var reports = ReportSchedule()
    private(set) var held = HeldPackets<HeldPacket>()
    private(set) var adaptation = Adaptation()
    private(set) var congestion: CongestionControl

    let id: TransportID
    /// Names the room to the receivers of all streams that leave here.
    let cname: String
    /// Adds up to the wall clock.
    let wallClockOffset: Int64
    var limits = FeedbackLimits()
    /// Bits per second that the path is thought to carry; `nil` without transport-wide feedback.
    private(set) var availableBitrate: Int?
    /// The receiver's own estimate, bits per second; `nil` if it sends none.
    var receiverEstimatedBitrate: UInt64?

    init(
        id: TransportID,
        _ way: EgressWay,
        cname: String,
        outbox: Outbox?,
        rtcpOutbox: Outbox? = nil,
        shared: SharedState,
        now: Instant
    ) {
        sender = PacketSender(way, rtcpOutbox: rtcpOutbox, scratch: shared.scratch)
        self.id = id
        self.cname = cname
        self.outbox = outbox
        deadlines = shared.deadlines
        scratch = shared.scratch
        news = shared.news
        paths = shared.paths
        wallClockOffset = shared.wallClockOffset
        congestion = CongestionControl(now: now)
        sender.reader?.attach(to: self)
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

    /// - Parameters:
    ///   - rtcp: Where RTCP goes, if it has a socket of its own.
    ///   - isAlive: Whether what is sent there may arrive.
    func setAddress(_ address: SocketAddress?, rtcp: SocketAddress? = nil, isAlive: Bool) {
        sender.setAddress(address, rtcp: rtcp, isAlive: isAlive)
    }

    /// The peer has keys from now on; `nil`: it takes nothing any more.
    func setKeys(_ keys: consuming SRTPSender?) { sender.setKeys(keys) }

    /// The peer can be reached from now on, or anew.
    func handleReachable(now: Instant) {
        guard isSendable else { return }
        for consumer in consumers { consumer.requestKeyFrameIfNeeded(now: now) }
    }

    /// What was sent of late is lost.
    func suspend(now: Instant) { for consumer in consumers { consumer.suspend(now: now) } }

    /// The peer is somewhere else from now on.
    func handlePath(isConnection: Bool, now: Instant) {
        congestion.setGated(isConnection, now: now)
        expect(.pacing, at: now)
    }

    /// The connection takes no more at the moment, or takes something again: pictures wait meanwhile, and nothing else.
    func setBlocked(_ isBlocked: Bool, now: Instant) {
        congestion.setBlocked(isBlocked)
        if !isBlocked { expect(.pacing, at: now) }
    }

    // MARK: Sending

    /// Writes one RTP packet and lets it go; see ``PacketSender``.
    ///
    /// - Parameters:
    ///   - numbers: What to write into a copy of the payload.
    ///   - descriptor: How many bytes of ``Scratch/descriptor`` are the dependency descriptor; 0: none.
    ///   - prefix: The original sequence number that a retransmission carries before its payload (RFC 4588
    ///     §4).
    @inline(__always)
    func sendRTP(
        _ header: RTPHeader,
        format: ConsumerFormat,
        audioLevel: UInt8?,
        prefix: UInt16?,
        payload: RawSpan,
        numbers: PayloadNumbers,
        descriptor: Int,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let head = OutgoingHead(
            header: header,
            audioLevel: audioLevel,
            prefix: prefix,
            descriptor: descriptor,
            transportSequence: congestion.nextSequence
        )
        let length = sender.sendRTP(head, format, payload: payload, numbers, now: now, into: &queue)
        guard length > 0, format.transportWideCCID != nil else { return }
        let sequence = prefix ?? header.sequenceNumber
        congestion.handleSent(length, ssrc: header.ssrc, rtpSequence: sequence, now: now)
    }

    /// Sends a packet that is all padding, for the path alone.
    func sendPadding(
        _ header: RTPHeader,
        format: ConsumerFormat,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let sequence = congestion.nextSequence
        let length = sender.sendPadding(
            header,
            format: format,
            transportSequence: sequence,
            now: now,
            into: &queue
        )
        if length > 0 { congestion.handleSent(length, ssrc: 0, rtpSequence: 0, now: now) }
    }

    /// Writes one compound RTCP packet and lets it go; an empty one is not sent.
    func sendRTCP(into queue: inout TransmitQueue, _ write: (inout OutputRawSpan) -> Void) {
        sender.sendRTCP(into: &queue, write)
    }

    /// Whether there is room to send so many bytes again; if so, takes note that they are.
    func allowsRetransmission(_ bytes: Int, now: Instant) -> Bool {
        congestion.allowsRetransmission(bytes, now: now)
    }

    // MARK: Consumers

    func add(_ consumer: Consumer) {
        consumers.append(consumer)
        turns.add(consumer)
    }

    func remove(_ consumer: Consumer) {
        turns.remove(consumer)
        consumers.removeAll { $0 === consumer }
    }

    /// The end of what forwarding reads, in bytes from the object's beginning, as it is laid out.
    package var hotEnd: Int {
        let object = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        let start = unsafe withUnsafeMutablePointer(to: &congestion) { unsafe UnsafeRawPointer($0) - object }
        return start + CongestionControl.hotSize
    }

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
        while let place = turns.next(from: nextConsumer) {
            guard !queue.isNearlyFull else { return false }
            nextConsumer = place + 1
            // Nobody removes it meanwhile.
            unsafe turns[place]._withUnsafeGuaranteedRef { consumer in
                consumer.forward(through: self, now: now, into: &queue)
                if let change = consumer.pollLayersChange() { news.events.append(change) }
                wake(consumer)
            }
        }
        nextConsumer = 0
        if !held.isEmpty {
            if congestion.pacer.isBlocked { shed(now: now) }
            expect(.pacing, at: pollPacing(now: now))
        }
        beginReports(now: now)
        return true
    }

    /// Sees to it that the consumer's next deadline is met.
    @inline(__always)
    func wake(_ consumer: Consumer) {
        if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { expect(.consumer, at: due) }
    }

    // MARK: Time

    func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        guard isSendable else { return }
        for consumer in consumers where consumer.handleTimeout(through: self, now: now, into: &queue) {
            if let change = consumer.pollLayersChange() { news.events.append(change) }
            beginReports(now: now)
        }
        handleAdaptation(now: now, into: &queue)
        sendReports(now: now, into: &queue)
    }

    // MARK: Pacing

    /// Keeps a packet until the pacer lets it go.
    func hold(_ packet: HeldPacket, now: Instant, into queue: inout TransmitQueue) {
        if held.isFull { releaseFirst(now: now, into: &queue) }
        congestion.handleHeld(packet.header.payload.count)
        held.append(packet)
    }

    /// Sends what has waited long enough.
    func releaseHeld(now: Instant, into queue: inout TransmitQueue) {
        while !held.isEmpty, !queue.isNearlyFull, congestion.pacer.allows(now: now) {
            releaseFirst(now: now, into: &queue)
        }
    }

    /// What has waited so long for a full connection that a new beginning comes sooner is left out.
    private func shed(now: Instant) {
        guard let first = held.first, now - first.held > Self.longestHold else { return }
        while let packet = held.popFirst() { congestion.handleReleased(packet.header.payload.count) }
        for consumer in consumers where consumer.kind == .video {
            consumer.suspend(now: now)
            consumer.requestKeyFrameIfNeeded(now: now)
        }
    }

    private func releaseFirst(now: Instant, into queue: inout TransmitQueue) {
        guard let packet = held.popFirst() else { return }
        congestion.handleReleased(packet.header.payload.count)
        // Its consumer may have been closed, or its source restarted: the next key frame is the beginning.
        guard packet.generation == packet.stream.generation,
            consumers.contains(where: { $0 === packet.consumer })
        else { return }
        packet.consumer.release(packet, through: self, now: now, into: &queue)
    }

    // MARK: Probes

    /// Sends as much of a probe as is due: what waits for the pacer, recent packets again, or padding where
    /// there are none.
    func sendProbes(now: Instant, into queue: inout TransmitQueue) {
        guard let prober = consumers.first(where: \.canProbe) else {
            congestion.endProbe()
            return
        }
        congestion.beginProbe(now: now)
        var step = 0
        while congestion.cluster?.isDue(now: now) == true, !queue.isNearlyFull {
            if !held.isEmpty {
                releaseFirst(now: now, into: &queue)
                continue
            }
            let before = congestion.nextSequence
            prober.sendProbe(step, through: self, now: now, into: &queue)
            step += 1
            guard congestion.nextSequence != before else {
                congestion.endProbe()
                return
            }
        }
    }

    // MARK: Adaptation

    /// The peer has told which packets have arrived, and when.
    func handleTransportFeedback(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        scratch.feedback.removeAll()
        for consumer in consumers {
            if let ssrc = consumer.format.rtxSSRC { scratch.feedback.repetitions.append(ssrc) }
            if let number = consumer.expectedArrival { scratch.feedback.expected.append(number) }
        }
        try congestion.handle(
            feedback,
            in: compound,
            roundTrip: roundTrip,
            sending: sendingBitrate,
            wanted: wantedBitrate,
            results: &scratch.feedback,
            now: now
        )
        if !scratch.feedback.arrived.isEmpty {
            for consumer in consumers { consumer.handleArrivals(scratch.feedback.arrived) }
        }
        // One copy that came makes up for another that did not.
        for result in scratch.feedback.results where !result.isLost {
            consumers.first { $0.owns(result.ssrc) }?.handleDelivered(result.sequence)
        }
        for result in scratch.feedback.results where result.isLost {
            guard let consumer = consumers.first(where: { $0.owns(result.ssrc) }), consumer.kind == .video,
                !consumer.isDelivered(result.sequence)
            else { continue }
            consumer.repair(result.sequence, through: self, now: now, into: &queue)
        }
        availableBitrate = congestion.target
        adaptation.handleFeedback(now: now)
    }

    /// Everything that follows from what its path carries, as far as it is due.
    func handleAdaptation(now: Instant, into queue: inout TransmitQueue) {
        releaseHeld(now: now, into: &queue)
        sendProbes(now: now, into: &queue)
        guard let due = adaptation.next, now >= due else { return }
        congestion.handleTimeout(sending: sendingBitrate, wanted: wantedBitrate, now: now)
        guard let target = congestion.target,
            !congestion.isUnanswered(now: now) || consumers.contains(where: \.isLimited)
        else {
            // With a peer that is gone there is nothing to decide; its next feedback starts this again.
            adaptation.putOff(until: nil)
            return
        }
        adaptation.putOff(until: later(Self.adaptationInterval, now: now))
        guard !congestion.isUnanswered(now: now) else {
            // Of a peer that is sent nothing there will be none.
            congestion.giveUpWaiting(wanted: wantedBitrate, now: now)
            return
        }
        if !isPaced, held.isEmpty, held.room > 0 { held.giveBack() }
        availableBitrate = target
        let pictures = consumers.count { $0.kind == .video && $0.granted != nil }
        adaptation.allocate(
            consumers,
            available: congestion.sustained(canShed: pictures > 1),
            news: news,
            now: now
        )
        if adaptation.isNews(target, now: now) {
            news.events.append(.availableBitrateChanged(id, target))
        }
    }

    private static let longestHold = Interval.seconds(2)
    static let adaptationInterval = Interval.milliseconds(200)
}
