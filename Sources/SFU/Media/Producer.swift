internal import WebRTC
package import Wire

/// One media stream that a transport receives (mediasoup's *Producer*).
///
/// ``handle(_:now:)`` takes a packet in: it is parsed, judged, and copied once into ``store``. What was taken since the
/// last ``endWakeUp()`` is in ``received`` for the consumers. ``pollFeedback(now:into:)`` writes what is due to the source.
package final class Producer {
    let id: ProducerID
    let transport: TransportID
    let kind: MediaKind
    let parameters: RTPParameters
    /// Streams of one name are synchronised (RFC 8830).
    let streamID: String
    let clockRate: Int
    /// Learnt from the mid where the parameters do not say it.
    private(set) var ssrc: UInt32?
    private var rtxSSRC: UInt32?
    private let formats: [Format]
    private let audioLevelID: UInt8?
    let midID: UInt8?
    let midBytes: [UInt8]
    let transportWideCCID: UInt8?

    /// The latest packets as they came, for consumers to send and to send again.
    private(set) var store: RetransmissionStore
    private(set) var received: [ReceivedPacket] = []
    /// The newest packet in order.
    private(set) var newest: UInt16 = 0
    /// Counts the times that the source began anew: a consumer that knows an older number waits for a key frame.
    private(set) var generation = 0
    private(set) var statistics: ProducerStatistics
    private(set) var isPaused = false

    private var reception: ReceiveStatistics
    private var nack: NackGenerator?
    private var keyFrameRequests = KeyFrameRequestCoalescer()
    private var nextReport: Instant?
    private var isRestartExpected = false
    private var lastKeyFrameTimestamp: UInt32?
    /// A packet far from all before it: taken only if the next one follows it (RFC 3550 §A.1).
    private var unconfirmed: [UInt8] = []
    private var meter = BitrateMeter()

    init(
        id: ProducerID,
        transport: TransportID,
        kind: MediaKind,
        parameters: RTPParameters,
        streamID: String,
        isLossless: Bool,
        retransmissionBytes: Int
    ) {
        self.id = id
        self.transport = transport
        self.kind = kind
        self.parameters = parameters
        self.streamID = streamID
        clockRate = Int(parameters.codecs.first?.clockRate ?? 90_000)
        ssrc = parameters.encodings.first?.ssrc
        rtxSSRC = parameters.encodings.first?.rtxSSRC
        formats = parameters.codecs.map {
            Format(payloadType: $0.payloadType, codec: $0.codec, media: $0.associatedPayloadType)
        }
        func extensionID(_ uri: RTPHeaderExtensionURI) -> UInt8? {
            parameters.headerExtensions.first { $0.uri == uri }?.id
        }
        audioLevelID = extensionID(.audioLevel)
        midID = extensionID(.mid)
        midBytes = parameters.mid.map { Array($0.utf8) } ?? []
        transportWideCCID = extensionID(.transportWideCC)
        store = RetransmissionStore(
            capacity: kind == .video ? retransmissionBytes : retransmissionBytes / 16,
            lifetime: kind == .video ? .seconds(2) : .seconds(1)
        )
        statistics = ProducerStatistics(kind: kind)
        reception = ReceiveStatistics(clockRate: clockRate)
        let asksAgain = !isLossless && (parameters.codecs.first?.rtcpFeedback.contains(.nack) ?? false)
        nack = asksAgain ? NackGenerator() : nil
        received.reserveCapacity(64)
        unconfirmed.reserveCapacity(TransmitQueue.datagramCapacity)
    }

    /// Bits per second, over the last full second.
    var bitrate: Int { meter.bitsPerSecond }

    // MARK: Input

    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    func owns(_ ssrc: UInt32) -> Bool { self.ssrc == ssrc || rtxSSRC == ssrc }

    /// Whether the packet may be the first of this stream, or of its retransmission stream, whose SSRC was not announced.
    func canLearn(_ header: RTPHeader) -> Bool {
        guard let format = format(header.payloadType) else { return false }
        return format.codec == .rtx ? ssrc != nil && rtxSSRC == nil : ssrc == nil
    }

    /// The packet is of this stream, its mid says.
    func learn(_ header: RTPHeader) {
        if format(header.payloadType)?.codec == .rtx { rtxSSRC = header.ssrc } else { ssrc = header.ssrc }
    }

    /// The source's process was started anew: whatever comes next is the beginning.
    func expectRestart() { isRestartExpected = true }

    /// Takes a packet of the stream, or of its retransmission stream, in. Returns whether it was of use.
    func handle(_ packet: RawSpan, _ header: RTPHeader, now: Instant) -> Bool {
        guard !isPaused else { return true }
        if header.ssrc == rtxSSRC { return handleRetransmission(packet, header, now: now) }
        guard let format = format(header.payloadType), format.codec != .rtx else { return false }
        if isRestartExpected {
            isRestartExpected = false
            reception = ReceiveStatistics(clockRate: clockRate)
            if statistics.packets > 0 { restart(now: now) }
        }
        if nextReport == nil { nextReport = now + Self.reportInterval }

        switch reception.handle(header, size: packet.byteCount, now: now) {
        case .inOrder: newest = header.sequenceNumber
        case .late:
            // However long ago it was: consumers must not send a packet twice under one SRTP index.
            if store.contains(header.sequenceNumber) { return true }
        case .unconfirmed:
            unconfirmed.removeAll(keepingCapacity: true)
            unsafe packet.withUnsafeBytes { unsafe unconfirmed.append(contentsOf: $0) }
            return true
        case .restarted:
            newest = header.sequenceNumber
            restart(now: now)
            takeUnconfirmed(now: now)
        }
        take(packet, header, format.codec, now: now)
        return true
    }

    /// Whether a key-frame request waits to be written.
    var isKeyFrameRequestDue: Bool { ssrc != nil && keyFrameRequests.isDue }

    /// A sender report of the source.
    func handle(_ report: SenderReport, now: Instant) { reception.handle(report, now: now) }

    /// Drops what comes while paused. Afterwards, what was missed cannot be mended: consumers go on with a new picture.
    package func setPaused(_ isPaused: Bool, now: Instant) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        guard !isPaused else { return }
        expectRestart()
        requestKeyFrame(now: now)
    }

    /// A consumer cannot go on without a key frame.
    package func requestKeyFrame(now: Instant) {
        guard kind == .video else { return }
        keyFrameRequests.handleRequest(now: now)
    }

    func handleTimeout(now: Instant) {
        keyFrameRequests.handleTimeout(now: now)
        nack?.handleTimeout(now: now)
        if nack?.needsKeyFrame == true {
            nack?.needsKeyFrame = false
            requestKeyFrame(now: now)
        }
    }

    func pollTimeout() -> Instant? {
        var due = nextReport
        if let request = keyFrameRequests.pollTimeout() { due = due.map { min($0, request) } ?? request }
        if let repair = nack?.pollTimeout() { due = due.map { min($0, repair) } ?? repair }
        return due
    }

    /// Every consumer has had its turn.
    func endWakeUp() { received.removeAll(keepingCapacity: true) }

    // MARK: Output

    /// Whether ``writeFeedback(from:now:into:)`` has something to say at `now`.
    func hasFeedback(now: Instant) -> Bool {
        guard ssrc != nil else { return false }
        if let nextReport, now >= nextReport { return true }
        if keyFrameRequests.isDue { return true }
        return nack?.pollTimeout().map { now >= $0 } ?? false
    }

    /// Appends one compound packet to the source: report, requests for lost packets, request for a key frame.
    func writeFeedback(from sender: UInt32, now: Instant, into out: inout OutputRawSpan) {
        guard let ssrc else { return }
        let isReportDue = nextReport.map { now >= $0 } ?? false
        if isReportDue { nextReport = now + Self.reportInterval }
        if isReportDue, let block = reception.makeReportBlock(ssrc, now: now) {
            block.writeReceiverReport(from: sender, into: &out)
        } else {
            ReportBlock.writeEmptyReceiverReport(from: sender, into: &out)
        }
        writeNACK(from: sender, about: ssrc, now: now, into: &out)
        if keyFrameRequests.pollRequest(now: now) {
            statistics.keyFrameRequests += 1
            PictureLossIndication.write(from: sender, about: ssrc, into: &out)
        }
    }

    /// What is known now, with what the receive statistics add.
    package func currentStatistics() -> ProducerStatistics {
        var statistics = statistics
        statistics.lost = Int64(reception.lost)
        statistics.jitter = UInt32(reception.jitterSeconds * Double(clockRate))
        statistics.recovered = UInt64(nack?.recovered ?? 0)
        return statistics
    }

    // MARK: Private

    private func take(_ packet: RawSpan, _ header: RTPHeader, _ codec: RTPCodec, now: Instant) {
        let payload = packet.extracting(header.payload)
        let startsKeyFrame: Bool =
            switch codec {
            case .h264: H264Payload.startsKeyFrame(payload)
            case .vp8: VP8PayloadDescriptor(payload)?.startsKeyFrame ?? false
            // Other codecs are not published yet; a consumer of one would start at once.
            case .av1, .opus, .rtx, .vp9: true
            }
        nack?.handle(
            SequenceNumber(header.sequenceNumber),
            isKeyFrame: kind == .video && startsKeyFrame,
            now: now
        )
        if kind == .video, startsKeyFrame {
            keyFrameRequests.handleKeyFrame(now: now)
            if header.timestamp != lastKeyFrameTimestamp {
                statistics.keyFrames += 1
                lastKeyFrameTimestamp = header.timestamp
            }
        }
        statistics.packets += 1
        statistics.bytes += UInt64(packet.byteCount)
        meter.handle(packet.byteCount, now: now)
        store.store(packet, sequence: header.sequenceNumber, now: now)
        received.append(
            ReceivedPacket(
                header: header,
                startsKeyFrame: startsKeyFrame,
                audioLevel: audioLevel(of: header, in: packet)
            )
        )
    }

    /// RFC 4588 §4: the original sequence number is the first two bytes of the payload.
    private func handleRetransmission(_ packet: RawSpan, _ header: RTPHeader, now: Instant) -> Bool {
        // Padding, with which the sender probes the path.
        guard header.payload.count > 2 else { return true }
        guard let original = packet.bigEndian(UInt16.self, at: header.payload.lowerBound),
            let media = format(header.payloadType)?.media, let ssrc
        else { return false }
        if store.contains(original) { return true }
        var restored = header
        restored.ssrc = ssrc
        restored.payloadType = media
        restored.sequenceNumber = original
        var bytes = [UInt8](repeating: 0, count: RTPHeader.fixedLength + header.payload.count - 2)
        let length = unsafe bytes.withUnsafeMutableBytes { buffer in
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            restored.write(hasExtensions: false, into: &out)
            out.append(
                copying: packet.extracting((header.payload.lowerBound + 2)..<header.payload.upperBound)
            )
            return unsafe out.finalize(for: buffer)
        }
        let whole = unsafe bytes.span.bytes.extracting(0..<length)
        guard let parsed = try? RTPHeader(parsing: whole) else { return false }
        return handle(whole, parsed, now: now)
    }

    private func restart(now: Instant) {
        generation += 1
        statistics.restarts += 1
        store.removeAll()
        received.removeAll(keepingCapacity: true)
        nack?.reset()
        requestKeyFrame(now: now)
    }

    private func takeUnconfirmed(now: Instant) {
        defer { unconfirmed.removeAll(keepingCapacity: true) }
        guard !unconfirmed.isEmpty, let header = try? unsafe RTPHeader(parsing: unconfirmed.span.bytes),
            let format = format(header.payloadType)
        else { return }
        unsafe take(unconfirmed.span.bytes, header, format.codec, now: now)
    }

    private func audioLevel(of header: RTPHeader, in packet: RawSpan) -> UInt8? {
        guard let audioLevelID, let range = RTPHeaderExtensions(header).find(audioLevelID, in: packet) else {
            return nil
        }
        return packet.bigEndian(UInt8.self, at: range.lowerBound)
    }

    private func format(_ payloadType: UInt8) -> Format? { formats.first { $0.payloadType == payloadType } }

    /// What a payload type means.
    private struct Format {
        var payloadType: UInt8
        var codec: RTPCodec
        /// For retransmissions: the payload type of what is retransmitted.
        var media: UInt8?
    }

    private func writeNACK(
        from sender: UInt32,
        about ssrc: UInt32,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        var lost: [SequenceNumber] = []
        while lost.count < Self.maximumNACKs, let number = nack?.pollRequest(now: now) { lost.append(number) }
        GenericNACK.write(lost.span, from: sender, about: ssrc, into: &out)
    }

    private static let reportInterval = Interval.seconds(1)
    /// One message then fits in a datagram.
    private static let maximumNACKs = 128
}
