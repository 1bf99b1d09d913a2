internal import WebRTC
package import Wire

/// One producer's way to one receiver (mediasoup's *Consumer*).
///
/// ``forward(through:now:into:)`` sends what the producer received in this wake-up: each packet with a header
/// of this consumer's own and encrypted out of place. ``retransmit(_:through:now:into:)`` answers a NACK from
/// the producer's store.
///
/// Of several encodings one is on show (``EncodingSelection``), of the layers within it some
/// (``LayerFilter``); the receiver sees one unbroken stream (`RTPStreamRewriter`).
package final class Consumer {
    package let id: ConsumerID
    let producer: Producer
    let parameters: ConsumerParameters
    let format: ConsumerFormat

    var statistics = ConsumerStatistics()
    var sent: SenderStatistics
    var rewriter: RTPStreamRewriter
    var filter = LayerFilter()
    var retransmitted = RetransmissionHistory()
    var rtxSequence: UInt16
    /// Bytes that may be sent again now.
    ///
    /// What is sent once adds to it, so that no receiver can make the Worker send more than twice the stream.
    var retransmissionBudget = largestBurst
    var idleRequests = IdleRequestFilter()
    private(set) var isPaused: Bool
    /// Of the newest packet.
    private(set) var lastTimestamp: UInt32 = 0
    /// 1…255: which of a transport's consumers comes first where the path does not carry all.
    var priority = defaultPriority
    var adaptation = ConsumerAdaptation()

    var tail = TailLossProbe()
    /// The transport-wide number of the newest packet, as long as nobody knows whether it has arrived.
    var expectedArrival: UInt16?
    private var selection: EncodingSelection
    /// Of the encoding on show.
    private var generation: Int
    /// What adds up with a timestamp of an encoding to the outgoing one for the same moment.
    ///
    /// Unlike the rewriter's, without the ticks by which a switch was put off.
    private var alignment: (encoding: Int, generation: Int, offset: UInt32)?
    private var preferred = MediaLayers.unlimited
    /// `nil`: nothing may be sent.
    private var granted: MediaLayers? = .unlimited
    private var reported: MediaLayers?
    private var nextLayerRequest = Instant(nanoseconds: .min)

    /// - Parameter random: Numbers to begin with, which an observer cannot guess (RFC 3550 §5.1).
    init(
        id: ConsumerID,
        producer: Producer,
        parameters: ConsumerParameters,
        format: ConsumerFormat,
        isPaused: Bool,
        random: inout SplitMix64
    ) {
        self.id = id
        self.producer = producer
        self.parameters = parameters
        self.format = format
        self.isPaused = isPaused
        selection = EncodingSelection(needsKeyFrame: producer.kind == .video)
        generation = producer.streams[0].generation
        // In the lower half, so that a receiver's roll-over guess is right even if the first packets are
        // lost.
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

    var newest: UInt16? { rewriter.newest?.rawValue }

    var kind: MediaKind { producer.kind }

    /// The encoding on show.
    var stream: RTPStream? { selection.current.map { producer.streams[$0] } }

    // MARK: Commands

    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        suspend()
        if !isPaused { requestKeyFrameIfNeeded(now: now) }
    }

    /// The receiver cannot be reached, or could not until now: what it misses meanwhile is not mended
    /// afterwards.
    func suspend() {
        rewriter.desynchronise()
        filter.resynchronise()
        selection.lose(needsKeyFrame: producer.kind == .video)
    }

    /// The receiver can be reached from now on, or anew.
    func requestKeyFrameIfNeeded(now: Instant) {
        guard isActive, let awaited = selection.awaited else { return }
        if producer.streams.count > 1 { selection.choose(among: producer, upTo: target.spatial, now: now) }
        producer.streams[selection.awaited ?? awaited].requestKeyFrame(now: now)
    }

    // MARK: Layers

    /// The highest layers that the receiver wants.
    func setPreferred(_ layers: MediaLayers, now: Instant) {
        preferred = layers
        retarget(now: now)
    }

    /// The highest layers that the path carries; `nil`: none at all, until it is set again.
    package func setTarget(spatial: Int?, temporal: Int?, now: Instant) {
        let wasActive = isActive
        granted = spatial.map { MediaLayers(spatial: max(0, $0), temporal: max(0, temporal ?? .max)) }
        retarget(now: now)
        guard wasActive != isActive else { return }
        suspend()
        if isActive { requestKeyFrameIfNeeded(now: now) }
    }

    /// Whether the path has no room for it.
    var isLimited: Bool { granted == nil }

    private func retarget(now: Instant) {
        filter.setTarget(
            spatial: producer.streams.count > 1 ? .max : target.spatial,
            temporal: target.temporal
        )
        guard producer.streams.count > 1, isActive else { return }
        selection.choose(among: producer, upTo: target.spatial, now: now)
    }

    private var target: MediaLayers { granted.map { preferred.limited(by: $0) } ?? preferred }
    var isActive: Bool { !isPaused && granted != nil }

    /// What the receiver wants, whatever the path carries.
    ///
    /// `nil` while paused. For the share of it that layers take, see ``Producer/bitrate(of:)``.
    var wantedLayers: MediaLayers? { isPaused ? nil : preferred }

    /// A bit for each encoding that the source must go on sending for this consumer: the one it wants, the
    /// one it may have, and the one on show until then.
    var watchedEncodings: UInt8 {
        guard !isPaused else { return 0 }
        let highest = producer.streams.count - 1
        var watched: UInt8 = 1 << UInt8(min(preferred.spatial, highest))
        watched |= 1 << UInt8(min(granted?.limited(by: preferred).spatial ?? 0, highest))
        if let current = selection.current { watched |= 1 << UInt8(current) }
        return watched
    }

    /// What is sent now; `nil` if nothing may be sent, or before the first key frame.
    private var currentLayers: MediaLayers? {
        guard granted != nil, let current = selection.current else { return nil }
        return MediaLayers(
            spatial: producer.streams.count > 1 ? current : filter.spatialLayer ?? 0,
            temporal: min(filter.temporalLayer ?? 0, producer.streams[current].bitrates.highestTemporal)
        )
    }

    /// What is sent since the last call, if that has changed: `nil` inside if nothing may be sent.
    func pollLayersChange() -> MediaLayers?? {
        guard producer.kind == .video else { return nil }
        let layers = currentLayers
        // Until a key frame comes, the picture before it stays.
        guard layers != reported, layers != nil || granted == nil else { return nil }
        reported = layers
        return .some(layers)
    }

    /// What would be sent if the path were wide, bits per second.
    var wantedBitrate: Int { wantedLayers.map { producer.bitrate(of: $0) } ?? 0 }

    // MARK: Sending

    /// Sends what the producer received in this wake-up.
    func forward(through transport: WebRTCTransport, now: Instant, into queue: inout TransmitQueue) {
        guard isActive, producer.hasReceived else { return }
        if let stream, generation != stream.generation { suspend() }
        if producer.streams.count > 1 { selection.choose(among: producer, upTo: target.spatial, now: now) }
        if let stream {
            for packet in stream.received where packet.header.payloadType == format.sourcePayloadType {
                send(packet, of: stream, through: transport, now: now, into: &queue)
            }
        }
        if let awaited = selection.awaited { takeOn(awaited, through: transport, now: now, into: &queue) }
        if filter.needsKeyFrame, now >= nextLayerRequest {
            nextLayerRequest = now + Self.layerRequestInterval
            stream?.requestKeyFrame(now: now)
        }
        guard rewriter.isSynchronised else { return }
        if producer.kind == .video { tail.handleSent(roundTrip: sent.roundTrip, now: now) }
        idleRequests.handleSent(now: now)
    }

    /// Goes over to an encoding if its key frame has begun: with its first packet and everything that the
    /// producer has after it, whichever came first.
    ///
    /// A repaired first packet is behind the rest of its frame.
    private func takeOn(
        _ encoding: Int,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let stream = producer.streams[encoding]
        guard
            let first = stream.received.first(where: {
                $0.startsKeyFrame && $0.header.payloadType == format.sourcePayloadType
            })
        else { return }
        selection.switched(to: encoding)
        generation = stream.generation
        filter.resynchronise()
        rewriter.desynchronise()
        send(first, of: stream, through: transport, now: now, into: &queue)
        let start = SequenceNumber(first.header.sequenceNumber)
        for step in stride(from: 1, through: start.distance(to: SequenceNumber(stream.newest)), by: 1) {
            guard let packet = stream.packet(start.advanced(by: step).rawValue, now: now),
                packet.header.payloadType == format.sourcePayloadType
            else { continue }
            send(packet, of: stream, through: transport, now: now, into: &queue)
        }
    }

    private func send(
        _ packet: ReceivedPacket,
        of stream: RTPStream,
        through transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        var header = packet.header
        let source = header.sequenceNumber
        if !rewriter.isSynchronised { synchronise(with: header, of: stream, now: now) }
        guard let verdict = filter.handle(packet.descriptor, isMarked: header.isMarked) else {
            rewriter.skip(source)
            return
        }
        guard let mapped = rewriter.map(sequence: source, timestamp: header.timestamp, now: now) else {
            return
        }
        header.ssrc = format.ssrc
        header.payloadType = format.payloadType
        header.sequenceNumber = mapped.sequence
        header.timestamp = mapped.timestamp
        header.isMarked = verdict.isMarked
        lastTimestamp = mapped.timestamp
        if producer.kind == .video, transport.mustHold(now: now) {
            let held = HeldPacket(
                consumer: self,
                stream: stream,
                generation: generation,
                header: header,
                numbers: verdict.numbers,
                source: source,
                held: now
            )
            transport.hold(held, now: now, into: &queue)
            return
        }
        emit(
            header,
            numbers: verdict.numbers,
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
        numbers: PayloadNumbers,
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
                numbers: numbers,
                now: now,
                into: &queue
            )
        }
        guard isStored else { return }
        if header.sequenceNumber == rewriter.newest?.rawValue {
            expectArrival(through: transport)
        } else {
            // It was repaired on its way here, or has waited; the receiver may have asked for it already.
            _ = retransmitted.allows(header.sequenceNumber, roundTrip: .zero, now: now)
        }
        retransmissionBudget = min(retransmissionBudget + range.count, Self.largestBurst)
        sent.handle(timestamp: header.timestamp, payload: range.count, now: held)
        statistics.packets += 1
        statistics.bytes += UInt64(range.count)
    }

    /// Goes on with a stream whose next packet is this one.
    private func synchronise(with header: RTPHeader, of stream: RTPStream, now: Instant) {
        guard let encoding = selection.current else { return }
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
            now: now
        )
        alignment = (encoding, stream.generation, (isAligned ? offset : nil) ?? rewriter.timestampOffset)
    }

    // MARK: Reports and time

    /// A report block of the receiver about this stream.
    func handle(_ block: ReportBlock, wallClock: NTPTime, now: Instant) {
        guard block.ssrc == format.ssrc else { return }
        sent.handle(block, wallClock: wallClock)
        statistics.fractionLost = sent.fractionLost
        statistics.lost = Int64(block.cumulativeLost)
        statistics.jitter = block.jitter
        statistics.roundTripTime = sent.roundTrip
        let hasNewest = rewriter.newest?.rawValue == UInt16(truncatingIfNeeded: block.highestSequence)
        handleTailReport(hasNewest: hasNewest, hasLost: block.fractionLost > 0, now: now)
        idleRequests.handleReport(hasNewest: hasNewest, hasLost: block.fractionLost > 0)
    }

    /// The receiver cannot decode what it has.
    func handleKeyFrameRequest(now: Instant) {
        statistics.keyFrameRequests += 1
        guard idleRequests.allows(now: now), let encoding = selection.current ?? selection.awaited else {
            return
        }
        producer.streams[encoding].requestKeyFrame(now: now)
    }

    /// Appends a sender report and the canonical name (RFC 3550 §6.4.1, §6.5); nothing before the first
    /// packet.
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
        statistics.isWaitingForKeyFrame = selection.current == nil
        guard producer.kind == .video else { return statistics }
        statistics.spatialLayer = currentLayers?.spatial
        statistics.temporalLayer = currentLayers?.temporal
        return statistics
    }

    private static let defaultPriority = 100
    /// Bytes: a large key frame, lost as a whole.
    private static let largestBurst = 512 << 10
    private static let layerRequestInterval = Interval.milliseconds(500)
}
