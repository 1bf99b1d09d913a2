internal import WebRTC
internal import Wire

extension Consumer {
    /// Sends what the producer received in this wake-up.
    func forward(through egress: Egress, now: Instant, into queue: inout TransmitQueue) {
        guard isActive, producer.hasReceived else { return }
        if let stream, generation != stream.generation { suspend(now: now) }
        if producer.streams.count > 1 { choose(now: now) }
        if !previousEncodings.isEmpty { forwardLate(through: egress, now: now, into: &queue) }
        if backlog != nil {
            forwardBacklog(through: egress, now: now, into: &queue)
        } else if let stream {
            for packet in stream.received where format.takes(packet.header.payloadType) {
                send(packet, of: stream, through: egress, now: now, into: &queue)
            }
        }
        if let awaited = selection.awaited { takeOn(awaited, through: egress, now: now, into: &queue) }
        if filter.needsKeyFrame, now >= nextLayerRequest {
            nextLayerRequest = now + Self.layerRequestInterval
            stream?.requestKeyFrame(now: now)
        }
        handleSent(now: now)
    }

    /// Something may have been sent; the receiver is expected to say that it has the end of it.
    @inline(__always)
    func handleSent(now: Instant) {
        guard rewriter.isSynchronised else { return }
        if producer.kind == .video { tail.handleSent(roundTrip: sent.roundTrip, now: now) }
        idleRequests.handleSent(now: now)
    }

    func send(
        _ packet: ReceivedPacket,
        of stream: RTPStream,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let source = packet.header.sequenceNumber
        if !rewriter.isSynchronised { synchronise(with: packet, of: stream) }
        guard let verdict = filter.handle(packet, of: stream) else {
            rewriter.skip(source)
            return
        }
        guard
            let mapped = rewriter.map(sequence: source, timestamp: packet.header.timestamp, now: packet.came)
        else {
            return
        }
        if packet.startsKeyFrame { keyFrameStart = SequenceNumber(mapped.sequence) }
        pass(packet, as: mapped, verdict, of: stream, through: egress, now: now, into: &queue)
    }

    /// Sends a packet with numbers of this consumer's own, or lets it wait for the pacer.
    func pass(
        _ packet: ReceivedPacket,
        as numbers: (sequence: UInt16, timestamp: UInt32),
        _ verdict: LayerFilter.Verdict,
        of stream: RTPStream,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        var header = packet.header
        let source = header.sequenceNumber
        header.ssrc = format.ssrc
        var verdict = verdict
        if header.payloadType == format.sourcePayloadType {
            header.payloadType = format.payloadType
        } else {
            header.payloadType = format.redundantPayloadType ?? format.payloadType
            let isWhole = format.redundantPayloadType != nil
            verdict.numbers = .red(payloadType: format.payloadType, isWhole: isWhole)
        }
        header.sequenceNumber = numbers.sequence
        header.timestamp = numbers.timestamp
        header.isMarked = verdict.isMarked
        lastTimestamp = numbers.timestamp
        if producer.kind == .video, egress.mustHold(now: now) {
            let held = HeldPacket(
                consumer: self,
                stream: stream,
                generation: stream.generation,
                header: header,
                numbers: verdict.numbers,
                source: source,
                held: packet.came
            )
            egress.hold(held, now: now, into: &queue)
            return
        }
        emit(
            header,
            numbers: verdict.numbers,
            source: source,
            audioLevel: packet.audioLevel,
            of: stream,
            held: packet.came,
            through: egress,
            now: now,
            into: &queue
        )
    }

    /// Sends a packet whose header is complete.
    ///
    /// - Parameter held: When it came; later than that it is sent only if it had to wait.
    func emit(
        _ header: RTPHeader,
        numbers: PayloadNumbers,
        source: UInt16,
        audioLevel: UInt8?,
        of stream: RTPStream,
        held: Instant,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let range = header.payload
        let isStored = stream.store.withPacket(source, now: now) { bytes in
            egress.sendRTP(
                header,
                format: format,
                audioLevel: audioLevel,
                prefix: nil,
                payload: bytes.extracting(range),
                numbers: numbers,
                descriptor: numbers.isDescribed
                    ? egress.writeDescriptor(numbers, source, of: stream, in: bytes, format) : 0,
                now: now,
                into: &queue
            )
        }
        guard isStored else { return }
        if header.sequenceNumber == rewriter.newest?.rawValue {
            expectArrival(through: egress)
        } else {
            // It was repaired on its way here, or has waited; the receiver may have asked for it already.
            _ = retransmitter.allows(header.sequenceNumber, roundTrip: .zero, now: now)
        }
        retransmitter.handleSent(range.count)
        sent.handle(timestamp: header.timestamp, payload: range.count, now: held)
        statistics.packets += 1
        statistics.bytes += UInt64(range.count)
    }

    /// Goes on with a stream whose next packet is this one.
    private func synchronise(with packet: ReceivedPacket, of stream: RTPStream) {
        guard let encoding = selection.current else { return }
        let header = packet.header
        var offset: UInt32?
        if let alignment, producer.streams[alignment.encoding].generation == alignment.generation {
            let before = producer.streams[alignment.encoding]
            if alignment.encoding == encoding {
                offset = alignment.offset
            } else if let difference = before.timestampDifference(to: stream) {
                offset = alignment.offset &+ difference
            }
        }
        let isAligned = rewriter.resynchronise(
            at: header.sequenceNumber,
            timestamp: header.timestamp,
            aligned: offset.map { header.timestamp &+ $0 },
            now: packet.came
        )
        alignment = (encoding, stream.generation, (isAligned ? offset : nil) ?? rewriter.timestampOffset)
    }

    private static let layerRequestInterval = Interval.milliseconds(500)
}
