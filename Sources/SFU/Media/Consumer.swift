internal import WebRTC
package import Wire

/// One producer's way to one receiver (mediasoup's *Consumer*).
///
/// ```
///  Producer ─▶ StreamStart: which encoding, from which key frame ─▶ SplicedStream: which packets, which numbers ─┐
///  LayerTarget, BitrateDemand ▲                                  pacer, if the path is narrow ◀──────────────────┤
///                                                                       RTPSendStream: once, again, reports ◀────┘
/// ```
///
/// ``forward(through:now:into:)`` sends what the producer received in this wake-up: each packet with a header
/// of this consumer's own and encrypted out of place. ``retransmit(_:through:now:into:)`` answers a NACK from
/// the producer's store. What sends gets the egress as an argument: to read ``egress`` counts references.
package final class Consumer {
    package let id: ConsumerID
    let producer: Producer
    /// What owns it.
    unowned let egress: Egress
    let parameters: ConsumerParameters
    let format: ConsumerFormat

    private(set) var out: RTPSendStream
    private(set) var spliced: SplicedStream
    private(set) var start: StreamStart
    private(set) var target: LayerTarget
    private(set) var demanded = BitrateDemand()
    /// 1…255: which of an egress's consumers comes first where the path does not carry all.
    package var priority = defaultPriority
    /// The consumer of a pipe transport that this is one encoding of.
    let pipe: ConsumerID?

    /// - Parameters:
    ///   - encoding: The only one that it ever shows; `nil`: whichever is best.
    ///   - random: Numbers to begin with, which an observer cannot guess (RFC 3550 §5.1).
    init(
        id: ConsumerID,
        producer: Producer,
        egress: Egress,
        parameters: ConsumerParameters,
        format: ConsumerFormat,
        encoding: Int? = nil,
        pipe: ConsumerID? = nil,
        isPaused: Bool,
        random: inout RandomSource
    ) {
        self.id = id
        self.producer = producer
        self.egress = egress
        self.parameters = parameters
        self.pipe = pipe
        self.format = format
        target = LayerTarget(isPaused: isPaused)
        start = StreamStart(needsKeyFrame: producer.kind == .video, only: encoding)
        spliced = SplicedStream(
            clockRate: producer.clockRate,
            generation: producer.streams[0].generation,
            random: &random
        )
        out = RTPSendStream(producer.kind, clockRate: producer.clockRate, format, random: &random)
    }

    func prefetch() { spliced.prefetch() }

    // MARK: Commands

    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard target.isPaused != isPaused else { return }
        target.setPaused(isPaused)
        suspend(now: now)
        if !isPaused { requestKeyFrameIfNeeded(now: now) }
    }

    /// The receiver cannot be reached, or could not until now: what it misses meanwhile is not mended
    /// afterwards.
    func suspend(now: Instant) {
        breakOff(now: now)
        start.lose(needsKeyFrame: producer.kind == .video)
    }

    /// The receiver can be reached from now on, or anew.
    func requestKeyFrameIfNeeded(now: Instant) {
        guard target.isActive else { return }
        let isFirst = spliced.newest == nil
        start.requestKeyFrame(of: producer, upTo: target.highest.spatial, isFirst: isFirst, now: now)
    }

    /// Asks the source for a key frame of the encoding on show.
    func requestKeyFrame(now: Instant) {
        guard let encoding = start.current ?? start.awaited else { return }
        producer.streams[encoding].requestKeyFrame(now: now)
    }

    /// Something of it may be due sooner.
    func wake() { egress.wake(self) }

    // MARK: Layers

    /// The highest layers that the receiver wants.
    func setPreferred(_ layers: MediaLayers, now: Instant) {
        target.setPreferred(layers)
        retarget(now: now)
    }

    /// The highest layers that the path carries; `nil`: none at all, until it is set again.
    package func setTarget(spatial: Int?, temporal: Int?, now: Instant) {
        let wasActive = target.isActive
        target.setGranted(
            spatial.map { MediaLayers(spatial: max(0, $0), temporal: max(0, temporal ?? .max)) }
        )
        retarget(now: now)
        guard wasActive != target.isActive else { return }
        suspend(now: now)
        if target.isActive { requestKeyFrameIfNeeded(now: now) }
    }

    /// Takes what the allocator has granted.
    ///
    /// - Parameter isHighest: Whether it is the highest that is known now, which is no bound: there may be a higher one
    ///   soon.
    func grant(_ layer: Allocator.Layer?, isHighest: Bool, now: Instant) {
        demanded.grant(layer)
        setTarget(
            spatial: layer.map { isHighest ? .max : $0.spatial },
            temporal: isHighest ? nil : layer?.temporal,
            now: now
        )
    }

    private func retarget(now: Instant) {
        let isSimulcast = producer.streams.count > 1
        spliced.setTarget(
            spatial: isSimulcast ? .max : target.highest.spatial,
            temporal: target.highest.temporal
        )
        if isSimulcast, target.isActive { choose(now: now) }
    }

    /// Settles which of several encodings to show.
    private func choose(now: Instant) {
        let isFirst = spliced.newest == nil
        start.choose(among: producer, upTo: target.highest.spatial, isFirst: isFirst, now: now)
    }

    /// What the allocator is asked for.
    ///
    /// - Parameter isPathKnown: Whether probes have had their time.
    func demand(isPathKnown: Bool, now: Instant) -> Allocator.Demand {
        Allocator.Demand(
            id,
            kind: kind,
            priority: priority,
            layers: demanded.layers(of: producer, upTo: target.wanted, isPathKnown: isPathKnown, now: now),
            isMeasured: !producer.isOnDemand || producer.isSending(0, now: now)
        )
    }

    /// What is sent since the last call, if that has changed; without a temporal layer where the codec has none.
    @inline(__always)
    func pollLayersChange() -> WorkerEvent? {
        guard producer.kind == .video, start.only == nil, let layers = target.pollChange(to: currentLayers)
        else { return nil }
        let temporal = layers.flatMap { spliced.temporalLayer == nil ? nil : $0.temporal }
        return .layersChanged(id, spatial: layers?.spatial, temporal: temporal)
    }

    // MARK: Forwarding

    /// Sends what the producer received in this wake-up.
    func forward(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard target.isActive else { return }
        if let stream, spliced.isOutdated(by: stream) { suspend(now: now) }
        if producer.streams.count > 1 { choose(now: now) }
        if spliced.hasPrevious { forwardLate(through: egress, now: now, into: &queue) }
        if start.isCatchingUp {
            if let stream {
                for packet in stream.received
                where format.takes(packet.header.payloadType) && start.isLate(packet) {
                    send(packet, of: stream, through: egress, now: now, into: &queue)
                }
            }
            sendKept(through: egress, now: now, into: &queue)
        } else if let stream {
            for packet in stream.received where format.takes(packet.header.payloadType) {
                send(packet, of: stream, through: egress, now: now, into: &queue)
            }
        }
        if let awaited = start.awaited { takeOn(awaited, through: egress, now: now, into: &queue) }
        if spliced.pollKeyFrameNeed(now: now) { stream?.requestKeyFrame(now: now) }
        if spliced.isSynchronised { out.handleForwarded(now: now) }
    }

    /// Sends what has come late of the encodings that were on show before, with the numbers that were kept for it.
    private func forwardLate(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        for (index, encoding) in spliced.pollPrevious(of: producer, now: now).enumerated() {
            let stream = producer.streams[encoding]
            for packet in stream.received where format.takes(packet.header.payloadType) {
                guard let numbers = spliced.handleLate(packet, of: stream, at: index, now: now) else {
                    continue
                }
                pass(packet, as: numbers, of: stream, through: egress, now: now, into: &queue)
            }
        }
    }

    private func send(
        _ packet: ReceivedPacket,
        of stream: RTPStream,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        if !spliced.isSynchronised, let encoding = start.current {
            spliced.synchronise(with: packet, of: stream, in: producer, as: encoding)
        }
        guard let numbers = spliced.handle(packet, of: stream) else { return }
        pass(packet, as: numbers, of: stream, through: egress, now: now, into: &queue)
    }

    /// Sends a packet with numbers of this consumer's own, or lets it wait for the pacer.
    @inline(__always)
    private func pass(
        _ packet: ReceivedPacket,
        as numbers: SplicedStream.Numbers,
        of stream: RTPStream,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        var header = packet.header
        let source = header.sequenceNumber
        header.ssrc = format.ssrc
        var payload = numbers.verdict.numbers
        if header.payloadType == format.sourcePayloadType {
            header.payloadType = format.payloadType
        } else {
            header.payloadType = format.redundantPayloadType ?? format.payloadType
            payload = .red(payloadType: format.payloadType, isWhole: format.redundantPayloadType != nil)
        }
        header.sequenceNumber = numbers.sequence
        header.timestamp = numbers.timestamp
        header.isMarked = numbers.verdict.isMarked
        out.noteTimestamp(numbers.timestamp)
        if producer.kind == .video, egress.mustHold(now: now) {
            let held = HeldPacket(
                consumer: self,
                stream: stream,
                generation: stream.generation,
                header: header,
                numbers: payload,
                source: source,
                held: packet.came
            )
            egress.hold(held, now: now, into: &queue)
            return
        }
        out.send(
            header,
            payload,
            source: source,
            audioLevel: packet.audioLevel,
            of: stream,
            held: packet.came,
            isNewest: header.sequenceNumber == spliced.newest,
            as: format,
            through: egress,
            now: now,
            into: &queue
        )
    }

    /// Sends a packet that has waited for the pacer.
    func release(_ packet: HeldPacket, through egress: Egress, now: Instant, into queue: inout TransmitQueue)
    {
        out.send(
            packet.header,
            packet.numbers,
            source: packet.source,
            audioLevel: nil,
            of: packet.stream,
            held: packet.held,
            isNewest: packet.header.sequenceNumber == spliced.newest,
            as: format,
            through: egress,
            now: now,
            into: &queue
        )
    }

    // MARK: Beginning

    /// Goes over to an encoding if there is a key frame to do it with.
    private func takeOn(
        _ encoding: Int,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let stream = producer.streams[encoding]
        guard let first = start.takeBeginning(of: stream, format, now: now) else { return }
        breakOff(now: now)
        start.switched(to: encoding, with: first, now: now)
        spliced.begin(stream)
        send(first, of: stream, through: egress, now: now, into: &queue)
        sendKept(through: egress, now: now, into: &queue)
    }

    /// The next packet is another encoding's, or comes after a break.
    private func breakOff(now: Instant) {
        let canMend = format.rtxSSRC != nil && kind == .video
        spliced.breakOff(keeping: canMend ? start.current : nil, now: now)
    }

    /// Sends as much of what is kept as there is room for; what waits for the pacer has gone through here.
    private func sendKept(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard let stream else { return }
        while let packet = start.pollKept(
            of: stream,
            format,
            hasRoom: !queue.isNearlyFull,
            isPaced: egress.isPaced,
            now: now
        ) {
            send(packet, of: stream, through: egress, now: now, into: &queue)
        }
    }

    // MARK: Time

    /// Begins, or goes on with what is kept, and repeats the end of the stream if that is due; returns whether the stream
    /// has begun or gone on.
    ///
    /// If something has just come, ``forward(through:now:into:)`` does the former.
    func handleTimeout(through egress: Egress, now: Instant, into queue: inout TransmitQueue) -> Bool {
        var hasProceeded = false
        if start.isBeginning || start.isCatchingUp, target.isActive, !producer.hasReceived {
            if start.isBeginning, let awaited = start.awaited {
                takeOn(awaited, through: egress, now: now, into: &queue)
            } else {
                start.endBeginning()
                sendKept(through: egress, now: now, into: &queue)
            }
            if spliced.isSynchronised { out.handleForwarded(now: now) }
            hasProceeded = true
        }
        probeTail(through: egress, now: now, into: &queue)
        return hasProceeded
    }

    /// Repeats the end of the stream if that is due.
    private func probeTail(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard let newest = spliced.newest, let probe = out.pollTail(now: now), target.isActive else { return }
        // A reader in this process misses nothing, and a program that speaks no RTCP would be sent key frames for ever.
        // What is on its way over TCP arrives, only later.
        guard !egress.isReadHere, !egress.isReliable, egress.outbox == nil || out.isReported else {
            out.acknowledgeTail()
            return
        }
        switch probe {
        case .repeatNewest: resend(newest, through: egress, now: now, into: &queue)
        case .startAnew: stream?.requestKeyFrame(now: now)
        }
    }

    // MARK: What the receiver misses

    /// Sends again the packet that the receiver asks for.
    func retransmit(_ sequence: UInt16, through egress: Egress, now: Instant, into queue: inout TransmitQueue)
    {
        out.handleNACK()
        repair(sequence, through: egress, now: now, into: &queue)
    }

    /// Sends again what is missing, whoever found out: the receiver with a NACK, or this side by what the
    /// receiver says of arrivals.
    ///
    /// Either may be lost, or late.
    func repair(_ sequence: UInt16, through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        out.handleLoss()
        guard let place = spliced.place(of: sequence, in: producer, packets: out.statistics.packets) else {
            return
        }
        // What has been repaired on its way here in this very wake-up is about to be sent anyhow.
        if let source = spliced.source(of: sequence, at: place, current: start.current),
            producer.streams[source.encoding].received.contains(where: {
                $0.header.sequenceNumber == source.sequence
            })
        {
            return
        }
        guard !target.isPaused, egress.allowsRetransmission(Self.usualSize, now: now),
            out.allowsRepair(sequence, now: now)
        else { return }
        let mayBeGivenUp = out.repairs(of: sequence) >= Self.requestsBeforeGivingUp
        if spliced.isVoid(sequence, at: place, mayBeGivenUp: mayBeGivenUp) {
            out.sendEmpty(sequence, as: format, through: egress, now: now, into: &queue)
            return
        }
        // What was lost twice has kept the picture waiting for long enough.
        let copies = egress.congestion.copies + (out.repairs(of: sequence) > 1 ? 1 : 0)
        for _ in 0..<copies { resend(sequence, through: egress, now: now, into: &queue) }
    }

    /// Sends a packet again that the producer still has; returns whether it was sent.
    ///
    /// What waits for the pacer is not: its receiver would take everything before it for lost.
    @discardableResult
    private func resend(
        _ sequence: UInt16,
        isProbe: Bool = false,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard out.allowsResending(isProbe: isProbe, as: format, through: egress),
            let place = spliced.place(of: sequence, in: producer, packets: out.statistics.packets),
            let source = spliced.source(of: sequence, at: place, current: start.current),
            !egress.isHeld(sequence, of: self)
        else { return false }
        let stream = producer.streams[source.encoding]
        var isSent = false
        _ = stream.store.withPacket(source.sequence, now: now) { packet in
            guard let header = try? RTPHeader(parsing: packet),
                let numbers = spliced.repeated(header, in: packet, of: stream, at: place, now: now)
            else { return }
            isSent = out.resend(
                header,
                in: packet,
                of: stream,
                numbers,
                as: sequence,
                isProbe: isProbe,
                isNewest: sequence == spliced.newest,
                format,
                through: egress,
                now: now,
                into: &queue
            )
        }
        return isSent
    }

    /// A repetition has arrived.
    func handleDelivered(_ sequence: UInt16) { out.handleDelivered(sequence) }

    /// Packets with these transport-wide numbers have arrived.
    func handleArrivals(_ numbers: [UInt16]) { out.handleArrivals(numbers) }

    // MARK: Probes

    /// Sends one of the newest packets again, another one for each `step`, or padding if it is not kept any more.
    func sendProbe(_ step: Int, through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        let sequence = spliced.newest.map { $0 &- UInt16(truncatingIfNeeded: step & 7) }
        if let sequence, resend(sequence, isProbe: true, through: egress, now: now, into: &queue) { return }
        out.sendPadding(as: format, through: egress, now: now, into: &queue)
    }

    // MARK: Reports

    /// A report block of the receiver about this stream.
    func handle(_ block: ReportBlock, wallClock: NTPTime, now: Instant) {
        guard block.ssrc == format.ssrc else { return }
        let needsKeyFrame = out.handle(block, newest: spliced.newest, wallClock: wallClock)
        egress.paths.count(loss: out.statistics.fractionLost, roundTrip: out.roundTrip)
        if needsKeyFrame, target.isActive { stream?.requestKeyFrame(now: now) }
    }

    /// The receiver cannot decode what it has.
    func handleKeyFrameRequest(now: Instant) {
        let isPlausible = out.handleKeyFrameRequest(now: now)
        // Only browsers ask for one because of silence alone. Behind a pipe or a program it is somebody new who asks, once.
        if isPlausible || !egress.isPeerBrowser { requestKeyFrame(now: now) }
    }

    private static let defaultPriority = 100
    /// Requests after which a packet that has not come, and is not needed any more, is given up.
    private static let requestsBeforeGivingUp = 3
    /// Bytes of a packet of video.
    private static let usualSize = 1_200
}
