internal import WebRTC
package import Wire

/// One producer's way to one receiver (mediasoup's *Consumer*).
///
/// ``forward(through:now:into:)`` sends what the producer received in this wake-up: each packet with a header of this
/// consumer's own and encrypted out of place. ``retransmit(_:through:now:into:)`` answers a NACK from the producer's store.
package final class Consumer {
    let id: ConsumerID
    let producer: Producer
    let parameters: ConsumerParameters
    let format: ConsumerFormat

    private let stream: RTPStream
    private(set) var statistics = ConsumerStatistics()
    private var sent: SenderStatistics
    private var rewriter: RTPStreamRewriter
    private var retransmitted = RetransmissionHistory()
    private var rtxSequence: UInt16
    /// Of the newest packet.
    private(set) var lastTimestamp: UInt32 = 0
    /// Bytes that may be sent again now. What is sent once adds to it, so that no receiver can make the Worker send more
    /// than twice the stream.
    private var retransmissionBudget = largestBurst
    private var tail = TailLossProbe()
    private var idleRequests = IdleRequestFilter()
    private var generation: Int
    private(set) var isPaused: Bool
    /// Whether the path has no room for it.
    private(set) var isLimited = false
    /// 1…255: which of a transport's consumers comes first where the path does not carry all.
    var priority = defaultPriority
    var adaptation = ConsumerAdaptation()
    private var isWaitingForKeyFrame: Bool

    /// - Parameter random: Numbers to begin with, which an observer cannot guess (RFC 3550 §5.1).
    init(
        id: ConsumerID,
        producer: Producer,
        parameters: ConsumerParameters,
        format: ConsumerFormat,
        isPaused: Bool,
        random: inout RandomSource
    ) {
        self.id = id
        self.producer = producer
        self.parameters = parameters
        self.format = format
        self.isPaused = isPaused
        stream = producer.streams[0]
        isWaitingForKeyFrame = producer.kind == .video
        generation = stream.generation
        // In the lower half, so that a receiver's roll-over guess is right even if the first packets are lost.
        rewriter = RTPStreamRewriter(
            clockRate: producer.clockRate,
            firstSequence: .random(in: 1...0x7fff, using: &random),
            firstTimestamp: .random(in: .min ... .max, using: &random)
        )
        rtxSequence = .random(in: 1...0x7fff, using: &random)
        sent = SenderStatistics(clockRate: producer.clockRate)
    }

    func owns(_ ssrc: UInt32) -> Bool { ssrc == format.ssrc || ssrc == format.rtxSSRC }

    var roundTrip: Interval? { sent.roundTrip }

    /// What would be sent if the path were wide, bits per second.
    var wantedBitrate: Int { isPaused ? 0 : stream.bitrate }

    // MARK: Commands

    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        suspend()
        if !isPaused { requestKeyFrameIfNeeded(now: now) }
    }

    /// The path has no room for this stream, or has again.
    func setLimited(_ isLimited: Bool, now: Instant) {
        guard self.isLimited != isLimited else { return }
        self.isLimited = isLimited
        suspend()
        if !isLimited { requestKeyFrameIfNeeded(now: now) }
    }

    /// The receiver cannot be reached: what it misses meanwhile is not mended afterwards.
    func suspend() {
        rewriter.desynchronise()
        isWaitingForKeyFrame = producer.kind == .video
    }

    /// The receiver can be reached from now on, or anew.
    func requestKeyFrameIfNeeded(now: Instant) {
        if isWaitingForKeyFrame, !isPaused, !isLimited { stream.requestKeyFrame(now: now) }
    }

    // MARK: Sending

    /// Sends what the producer received in this wake-up.
    func forward(through transport: WebRTCTransport, now: Instant, into queue: inout TransmitQueue) {
        guard !isPaused, !isLimited, !stream.received.isEmpty else { return }
        if generation != stream.generation {
            generation = stream.generation
            suspend()
        }
        for packet in stream.received where packet.header.payloadType == format.sourcePayloadType {
            if isWaitingForKeyFrame {
                guard packet.startsKeyFrame else { continue }
                isWaitingForKeyFrame = false
                rewriter.desynchronise()
                sendAll(from: packet, through: transport, now: now, into: &queue)
                break
            }
            send(packet, through: transport, now: now, into: &queue)
        }
        if producer.kind == .video, format.rtxSSRC != nil, rewriter.newest != nil {
            tail.handleSent(roundTrip: sent.roundTrip, now: now)
        }
        idleRequests.handleSent(now: now)
    }

    /// Sends again the packet that the receiver misses, as a retransmission (RFC 4588).
    ///
    /// Without a negotiated retransmission format nothing is sent: the same packet encrypted twice under one SRTP index,
    /// with a header that differs, would give the authentication key away (RFC 7714 §9.1).
    func retransmit(
        _ sequence: UInt16,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        statistics.packetsNacked += 1
        idleRequests.handleLoss()
        // What has been repaired on its way here in this very wake-up is about to be sent anyhow.
        if let source = rewriter.source(of: sequence),
            stream.received.contains(where: { $0.header.sequenceNumber == source })
        {
            return
        }
        guard !isPaused,
            retransmitted.allows(sequence, roundTrip: sent.roundTrip ?? Self.assumedRoundTrip, now: now)
        else { return }
        resend(sequence, through: transport, now: now, into: &queue)
    }

    private func send(
        _ packet: ReceivedPacket,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        var header = packet.header
        if !rewriter.isSynchronised {
            rewriter.resynchronise(at: header.sequenceNumber, timestamp: header.timestamp, now: now)
        }
        guard
            let mapped = rewriter.map(sequence: header.sequenceNumber, timestamp: header.timestamp, now: now)
        else { return }
        let source = header.sequenceNumber
        header.ssrc = format.ssrc
        header.payloadType = format.payloadType
        header.sequenceNumber = mapped.sequence
        header.timestamp = mapped.timestamp
        lastTimestamp = mapped.timestamp
        if producer.kind == .video, transport.mustHold(now: now) {
            let held = HeldPacket(
                consumer: self,
                stream: stream,
                generation: generation,
                header: header,
                source: source,
                held: now
            )
            transport.hold(held, now: now, into: &queue)
            return
        }
        emit(
            header,
            source: source,
            audioLevel: packet.audioLevel,
            of: stream,
            held: now,
            through: transport,
            now: now,
            into: &queue
        )
    }

    /// Sends a packet whose header is complete.
    ///
    /// - Parameter held: When it came; later than that it is sent only if it had to wait.
    func emit(
        _ header: RTPHeader,
        source: UInt16,
        audioLevel: UInt8?,
        of stream: RTPStream,
        held: Instant,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let range = header.payload
        let isStored = stream.store.withPacket(source, now: now) { bytes in
            transport.sendRTP(
                header,
                format: format,
                audioLevel: audioLevel,
                prefix: nil,
                payload: bytes.extracting(range),
                now: now,
                into: &queue
            )
        }
        guard isStored else { return }
        if header.sequenceNumber != rewriter.newest?.rawValue {
            // It was repaired on its way here, or has waited; the receiver may have asked for it already.
            _ = retransmitted.allows(header.sequenceNumber, roundTrip: .zero, now: now)
        }
        retransmissionBudget = min(retransmissionBudget + range.count, Self.largestBurst)
        sent.handle(timestamp: header.timestamp, payload: range.count, now: held)
        statistics.packets += 1
        statistics.bytes += UInt64(range.count)
    }

    /// Sends a key frame's first packet and everything the producer has after it, whichever came first: a repaired first
    /// packet is behind the rest of its frame.
    private func sendAll(
        from first: ReceivedPacket,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        send(first, through: transport, now: now, into: &queue)
        let start = SequenceNumber(first.header.sequenceNumber)
        for step in stride(from: 1, through: start.distance(to: SequenceNumber(stream.newest)), by: 1) {
            var header: RTPHeader?
            _ = stream.store.withPacket(start.advanced(by: step).rawValue, now: now) {
                header = try? RTPHeader(parsing: $0)
            }
            guard let header, header.payloadType == format.sourcePayloadType else { continue }
            let packet = ReceivedPacket(header: header, startsKeyFrame: false, audioLevel: nil)
            send(packet, through: transport, now: now, into: &queue)
        }
    }

    var newest: UInt16? { rewriter.newest?.rawValue }

    var kind: MediaKind { producer.kind }

    func nextRetransmissionSequence() -> UInt16 {
        defer { rtxSequence &+= 1 }
        return rtxSequence
    }

    /// Returns whether it was sent.
    ///
    /// - Parameter isProbe: It is for the path rather than the receiver, and is not counted against it.
    @discardableResult
    func resend(
        _ sequence: UInt16,
        isProbe: Bool = false,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard isProbe || retransmissionBudget > 0, let rtxSSRC = format.rtxSSRC,
            let rtxPayloadType = format.rtxPayloadType,
            let source = rewriter.source(of: sequence)
        else { return false }
        return stream.store.withPacket(source, now: now) { bytes in
            guard var header = try? RTPHeader(parsing: bytes),
                let mapped = rewriter.map(sequence: source, timestamp: header.timestamp, now: now)
            else { return }
            header.ssrc = rtxSSRC
            header.payloadType = rtxPayloadType
            header.sequenceNumber = nextRetransmissionSequence()
            header.timestamp = mapped.timestamp
            if isProbe {
                statistics.probes += 1
            } else {
                statistics.retransmitted += 1
                retransmissionBudget -= header.payload.count
            }
            transport.sendRTP(
                header,
                format: format,
                audioLevel: nil,
                prefix: sequence,
                payload: bytes.extracting(header.payload),
                now: now,
                into: &queue
            )
        }
    }

    // MARK: Reports and time

    /// A report block of the receiver about this stream.
    func handle(_ block: ReportBlock, wallClock: NTPTime) {
        guard block.ssrc == format.ssrc else { return }
        sent.handle(block, wallClock: wallClock)
        statistics.fractionLost = sent.fractionLost
        statistics.lost = Int64(block.cumulativeLost)
        statistics.jitter = block.jitter
        statistics.roundTripTime = sent.roundTrip
        let hasNewest = rewriter.newest?.rawValue == UInt16(truncatingIfNeeded: block.highestSequence)
        if hasNewest, block.fractionLost == 0 { tail.handleAcknowledged() }
        idleRequests.handleReport(hasNewest: hasNewest, hasLost: block.fractionLost > 0)
    }

    /// The receiver cannot decode what it has.
    func handleKeyFrameRequest(now: Instant) {
        statistics.keyFrameRequests += 1
        if idleRequests.allows(now: now) { stream.requestKeyFrame(now: now) }
    }

    func handleTimeout(through transport: WebRTCTransport, now: Instant, into queue: inout TransmitQueue) {
        guard let newest = rewriter.newest, tail.pollProbe(now: now), !isPaused else { return }
        resend(newest.rawValue, through: transport, now: now, into: &queue)
    }

    func pollTimeout() -> Instant? { tail.pollTimeout() }

    /// Appends a sender report and the canonical name (RFC 3550 §6.4.1, §6.5); nothing before the first packet.
    func writeReport(wallClock: NTPTime, now: Instant, into out: inout OutputRawSpan) {
        guard let report = sent.makeReport(format.ssrc, wallClock: wallClock, now: now) else { return }
        report.write(into: &out)
        SourceDescription.write(format.ssrc, cname: format.cname, into: &out)
    }

    /// Packets sent, to tell whether there is news to report.
    var packets: UInt64 { statistics.packets }

    package func currentStatistics() -> ConsumerStatistics {
        var statistics = statistics
        statistics.isPaused = isPaused
        statistics.isLimited = isLimited
        statistics.isWaitingForKeyFrame = isWaitingForKeyFrame
        return statistics
    }

    private static let defaultPriority = 100
    /// Bytes: a large key frame, lost as a whole.
    private static let largestBurst = 512 << 10
    /// Until a report tells.
    private static let assumedRoundTrip = Interval.milliseconds(40)
}
