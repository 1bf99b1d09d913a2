internal import WebRTC
internal import Wire

/// One encoding of a producer: the packets of one SSRC, and of the SSRC that repairs it (mediasoup's *RtpStreamRecv*).
///
/// ``handle(_:_:now:)`` takes a packet in: it is parsed, judged, and copied once into ``store``. What was taken since the
/// last ``endWakeUp()`` is in ``received`` for the consumers. ``writeFeedback(from:now:into:)`` writes what is due to the source.
package final class RTPStream {
    let format: ProducerFormat
    /// Learnt from the header extensions where the parameters do not say them.
    private(set) var ssrc: UInt32?
    private(set) var rtxSSRC: UInt32?

    /// The latest packets as they came, for consumers to send and to send again.
    private(set) var store: RetransmissionStore
    private(set) var received: [ReceivedPacket] = []
    /// The newest packet in order.
    private(set) var newest: UInt16 = 0
    /// Counts the times that the source began anew: a consumer that knows an older number waits for a key frame.
    private(set) var generation = 0
    private(set) var statistics: ProducerStatistics
    var isPaused = false

    private var reception: ReceiveStatistics
    private var nack: NackGenerator?
    private var keyFrameRequests = KeyFrameRequestCoalescer()
    private var nextReport: Instant?
    private var isRestartExpected = false
    private var lastKeyFrameTimestamp: UInt32?
    /// A packet far from all before it: taken only if the next one follows it (RFC 3550 §A.1).
    private var unconfirmed: [UInt8] = []
    /// Memory for the packet that a retransmission restores.
    private var restored: [UInt8]
    private var meter = BitrateMeter()

    /// - Parameter retransmissionBytes: The size of the store.
    init(_ encoding: RTPEncodingParameters, format: ProducerFormat, asksAgain: Bool, retransmissionBytes: Int) {
        self.format = format
        ssrc = encoding.ssrc
        rtxSSRC = encoding.rtxSSRC
        store = RetransmissionStore(
            capacity: retransmissionBytes,
            lifetime: format.kind == .video ? .seconds(2) : .seconds(1)
        )
        statistics = ProducerStatistics(kind: format.kind)
        reception = ReceiveStatistics(clockRate: format.clockRate)
        nack = asksAgain ? NackGenerator() : nil
        restored = [UInt8](repeating: 0, count: format.retransmits ? TransmitQueue.datagramCapacity : 0)
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
        guard let payload = format.payload(header.payloadType) else { return false }
        return payload.codec == .rtx ? ssrc != nil && rtxSSRC == nil : ssrc == nil
    }

    /// The packet is of this stream, its header extensions say.
    func learn(_ header: RTPHeader) {
        if format.payload(header.payloadType)?.codec == .rtx { rtxSSRC = header.ssrc } else { ssrc = header.ssrc }
    }

    /// Whatever comes next is the beginning.
    func expectRestart() { isRestartExpected = true }

    /// Takes a packet of the stream, or of its retransmission stream, in. Returns whether it was of use.
    func handle(_ packet: RawSpan, _ header: RTPHeader, now: Instant) -> Bool {
        guard !isPaused else { return true }
        if header.ssrc == rtxSSRC { return handleRetransmission(packet, header, now: now) }
        guard let payload = format.payload(header.payloadType), payload.codec != .rtx else { return false }
        if isRestartExpected {
            isRestartExpected = false
            reception = ReceiveStatistics(clockRate: format.clockRate)
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
        take(packet, header, payload.codec, now: now)
        return true
    }

    /// A sender report of the source.
    func handle(_ report: SenderReport, now: Instant) { reception.handle(report, now: now) }

    /// A consumer cannot go on without a key frame.
    func requestKeyFrame(now: Instant) {
        guard format.kind == .video else { return }
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

    /// Whether a key-frame request waits to be written.
    var isKeyFrameRequestDue: Bool { ssrc != nil && keyFrameRequests.isDue }

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
    func currentStatistics() -> ProducerStatistics {
        var statistics = statistics
        statistics.lost = Int64(reception.lost)
        statistics.jitter = UInt32(reception.jitterSeconds * Double(format.clockRate))
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
        let isKeyFrame = format.kind == .video && startsKeyFrame
        nack?.handle(SequenceNumber(header.sequenceNumber), isKeyFrame: isKeyFrame, now: now)
        if isKeyFrame {
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
        let audioLevel = format.audioLevel(of: header, in: packet)
        received.append(ReceivedPacket(header: header, startsKeyFrame: startsKeyFrame, audioLevel: audioLevel))
    }

    /// RFC 4588 §4: the original sequence number is the first two bytes of the payload.
    private func handleRetransmission(_ packet: RawSpan, _ header: RTPHeader, now: Instant) -> Bool {
        // Padding, with which the sender probes the path.
        guard header.payload.count > 2 else { return true }
        guard let original = packet.bigEndian(UInt16.self, at: header.payload.lowerBound),
            let media = format.payload(header.payloadType)?.media, let ssrc
        else { return false }
        if store.contains(original) { return true }
        var plain = header
        plain.ssrc = ssrc
        plain.payloadType = media
        plain.sequenceNumber = original
        let length = unsafe restored.withUnsafeMutableBytes { buffer in
            guard buffer.count >= RTPHeader.fixedLength + header.payload.count else { return 0 }
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            plain.write(hasExtensions: false, into: &out)
            out.append(copying: packet.extracting((header.payload.lowerBound + 2)..<header.payload.upperBound))
            return unsafe out.finalize(for: buffer)
        }
        // Shares its memory; a span of the property itself may not cross the call below.
        let restored = restored
        let whole = unsafe restored.span.bytes.extracting(0..<length)
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
            let payload = format.payload(header.payloadType)
        else { return }
        unsafe take(unconfirmed.span.bytes, header, payload.codec, now: now)
    }

    private func writeNACK(from sender: UInt32, about ssrc: UInt32, now: Instant, into out: inout OutputRawSpan) {
        var lost: [SequenceNumber] = []
        while lost.count < Self.maximumNACKs, let number = nack?.pollRequest(now: now) { lost.append(number) }
        GenericNACK.write(lost.span, from: sender, about: ssrc, into: &out)
    }

    private static let reportInterval = Interval.seconds(1)
    /// One message then fits in a datagram.
    private static let maximumNACKs = 128
}
