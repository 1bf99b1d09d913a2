internal import WebRTC
internal import Wire

/// One encoding of a producer: the packets of one SSRC, and of the SSRC that repairs it (mediasoup's
/// *RtpStreamRecv*).
///
/// ``handle(_:_:now:)`` takes a packet in: it is parsed, judged, and copied once into ``store``. What was
/// taken since the last ``endWakeUp()`` is in ``received`` for the consumers.
/// ``writeFeedback(from:now:into:)`` writes what is due to the source.
package final class RTPStream {
    let format: ProducerFormat
    /// The restriction identifier (RFC 8851), UTF-8; empty if the encoding has none.
    let rid: [UInt8]
    private let hasSiblings: Bool
    /// Learnt from the header extensions where the parameters do not say them.
    private(set) var ssrc: UInt32?
    private(set) var rtxSSRC: UInt32?

    /// The latest packets as they came, for consumers to send and to send again.
    private(set) var store: RetransmissionStore
    private(set) var received: [ReceivedPacket] = []
    /// The newest packet in order.
    private(set) var newest: UInt16 = 0
    /// Counts the times that the source began anew: a consumer that knows an older number waits for a key
    /// frame.
    private(set) var generation = 0
    private(set) var statistics = EncodingStatistics()
    var isPaused = false
    /// What each layer within the encoding takes.
    private(set) var bitrates = LayerBitrates()
    /// When the newest packet came, and when the third-newest frame began to.
    private(set) var lastArrival: Instant?
    private(set) var thirdNewestFrame: Instant?
    /// When the newest sender report came.
    private(set) var lastReport: Instant?

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
    private var frameStarts = (newer: Instant?.none, newest: Instant?.none)
    private var newestTimestamp: UInt32?
    /// The source's clock by its newest sender report: wall-clock time and media time.
    private var clock: (ntp: NTPTime, timestamp: UInt32)?
    /// The SSRC that the encoding had before its sender restarted it.
    private var formerSSRC: UInt32?

    /// - Parameters:
    ///   - hasSiblings: Whether the producer has other encodings.
    ///   - retransmissionBytes: The size of the store.
    init(
        _ encoding: RTPEncodingParameters,
        format: ProducerFormat,
        hasSiblings: Bool,
        asksAgain: Bool,
        retransmissionBytes: Int
    ) {
        self.format = format
        self.hasSiblings = hasSiblings
        rid = encoding.rid.map { Array($0.utf8) } ?? []
        ssrc = encoding.ssrc
        rtxSSRC = encoding.rtxSSRC
        store = RetransmissionStore(
            capacity: retransmissionBytes,
            lifetime: format.kind == .video ? .seconds(2) : .seconds(1)
        )
        reception = ReceiveStatistics(clockRate: format.clockRate)
        nack = asksAgain ? NackGenerator() : nil
        restored = [UInt8](repeating: 0, count: format.retransmits ? TransmitQueue.datagramCapacity : 0)
        received.reserveCapacity(64)
        unconfirmed.reserveCapacity(TransmitQueue.datagramCapacity)
    }

    // MARK: Input

    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    func owns(_ ssrc: UInt32) -> Bool { self.ssrc == ssrc || rtxSSRC == ssrc }

    /// Whether the packet may be the first of this stream, or of its retransmission stream, whose SSRC was
    /// not announced.
    func canLearn(_ header: RTPHeader) -> Bool {
        guard let payload = format.payload(header.payloadType) else { return false }
        return payload.codec == .rtx ? ssrc != nil && rtxSSRC == nil : ssrc == nil
    }

    /// The packet is of this stream, its header extensions say.
    func learn(_ header: RTPHeader) {
        if format.payload(header.payloadType)?.codec == .rtx {
            rtxSSRC = header.ssrc
        } else {
            ssrc = header.ssrc
        }
    }

    /// The packet says that its SSRC is this encoding's from now on: a sender that stops an encoding and
    /// starts it again may choose another one (RFC 8852 §3).
    ///
    /// Returns whether it is believed.
    func adopt(_ header: RTPHeader) -> Bool {
        guard let payload = format.payload(header.payloadType) else { return false }
        if payload.codec == .rtx {
            rtxSSRC = header.ssrc
            return true
        }
        // What the former one had still on its way must not turn back the clock.
        guard header.ssrc != formerSSRC else { return false }
        if ssrc != nil {
            formerSSRC = ssrc
            expectRestart()
        }
        ssrc = header.ssrc
        return true
    }

    /// Whatever comes next is the beginning.
    func expectRestart() { isRestartExpected = true }

    /// The source is told to begin this encoding, with a key frame, or to end it.
    func expectBeginning() {
        expectRestart()
        lastArrival = nil
        keyFrameRequests = KeyFrameRequestCoalescer()
    }

    /// Takes a packet of the stream, or of its retransmission stream, in.
    ///
    /// Returns whether it was of use.
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
    func handle(_ report: SenderReport, now: Instant) {
        guard report.ssrc == ssrc else { return }
        reception.handle(report, now: now)
        lastReport = now
        clock = (report.ntpTime, report.rtpTimestamp)
    }

    /// What to add to a timestamp of `other` for the one that this encoding has for the same moment, by both
    /// sources' sender reports; `nil` if they do not tell.
    func timestampDifference(to other: RTPStream) -> UInt32? {
        guard let own = clock, let others = other.clock else { return nil }
        // In 2^-32 s.
        let later = Int64(bitPattern: others.ntp.rawValue &- own.ntp.rawValue)
        guard abs(later >> 32) < Self.longestReportAge else { return nil }
        let rate = Int64(format.clockRate)
        let ticks = (later >> 32) * rate + ((later & 0xffff_ffff) * rate) >> 32
        return own.timestamp &+ UInt32(truncatingIfNeeded: ticks) &- others.timestamp
    }

    /// A consumer cannot go on without a key frame.
    func requestKeyFrame(now: Instant) {
        guard format.kind == .video else { return }
        keyFrameRequests.handleRequest(now: now)
    }

    func handleTimeout(now: Instant) {
        // A sender that has stopped one of several encodings has nothing to answer with.
        if hasSiblings, lastArrival.map({ now - $0 > Self.silence }) ?? true {
            keyFrameRequests.handleKeyFrame(now: now)
        }
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

    /// Bytes of all packets so far.
    var bytes: UInt64 { statistics.bytes }

    /// What is known now, with what the receive statistics add.
    func currentStatistics(now: Instant?) -> EncodingStatistics {
        var statistics = statistics
        statistics.rid = rid.isEmpty ? nil : String(decoding: rid, as: UTF8.self)
        statistics.ssrc = ssrc
        if let now {
            statistics.bitrates = (0...bitrates.highestTemporal).map {
                bitrates.bitsPerSecond(spatial: .max, temporal: $0, now: now)
            }
        }
        statistics.lost = Int64(reception.lost)
        statistics.jitter = UInt32(reception.jitterSeconds * Double(format.clockRate))
        statistics.recovered = UInt64(nack?.recovered ?? 0)
        return statistics
    }

    // MARK: Packets of late

    /// What the payload of a packet of this stream says of its layer.
    func descriptor(of header: RTPHeader, in packet: RawSpan) -> PayloadDescriptor {
        guard let payload = format.payload(header.payloadType) else { return .none }
        return PayloadDescriptor(payload.codec, packet.extracting(header.payload))
    }

    /// A packet that was taken lately, as one in the midst of a frame.
    func packet(_ sequence: UInt16, now: Instant) -> ReceivedPacket? {
        var found: ReceivedPacket?
        _ = store.withPacket(sequence, now: now) { bytes in
            guard let header = try? RTPHeader(parsing: bytes) else { return }
            let descriptor = descriptor(of: header, in: bytes)
            found = ReceivedPacket(
                header: header,
                descriptor: descriptor,
                startsKeyFrame: false,
                audioLevel: nil
            )
        }
        return found
    }

    // MARK: Private

    private func take(_ packet: RawSpan, _ header: RTPHeader, _ codec: RTPCodec, now: Instant) {
        let payload = packet.extracting(header.payload)
        let descriptor = PayloadDescriptor(codec, payload)
        let startsKeyFrame = descriptor.startsKeyFrame(codec, payload)
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
        bitrates.handle(
            packet.byteCount,
            spatial: descriptor.spatialLayer,
            temporal: descriptor.temporalLayer,
            now: now
        )
        noteArrival(header.timestamp, now: now)
        store.store(packet, sequence: header.sequenceNumber, now: now)
        let audioLevel = format.audioLevel(of: header, in: packet)
        received.append(
            ReceivedPacket(
                header: header,
                descriptor: descriptor,
                startsKeyFrame: startsKeyFrame,
                audioLevel: audioLevel
            )
        )
    }

    private func noteArrival(_ timestamp: UInt32, now: Instant) {
        lastArrival = now
        guard timestamp != newestTimestamp else { return }
        newestTimestamp = timestamp
        thirdNewestFrame = frameStarts.newer
        frameStarts = (frameStarts.newest, now)
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
            out.append(
                copying: packet.extracting((header.payload.lowerBound + 2)..<header.payload.upperBound)
            )
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
        clock = nil
        store.removeAll()
        received.removeAll(keepingCapacity: true)
        nack?.reset()
        requestKeyFrame(now: now)
    }

    private func takeUnconfirmed(now: Instant) {
        defer { self.unconfirmed.removeAll(keepingCapacity: true) }
        // Shares its memory; a span of the property itself may not cross the calls below.
        let unconfirmed = unconfirmed
        guard !unconfirmed.isEmpty, let header = try? unsafe RTPHeader(parsing: unconfirmed.span.bytes),
            let payload = format.payload(header.payloadType)
        else { return }
        unsafe take(unconfirmed.span.bytes, header, payload.codec, now: now)
    }

    private func writeNACK(
        from sender: UInt32,
        about ssrc: UInt32,
        now: Instant,
        into out: inout OutputRawSpan
    ) {
        if let roundTrip = nack?.roundTrip {
            // A little more than that: the answer is not in doubt until then.
            nack?.retryInterval = min(max(roundTrip * 5 / 4, Self.shortestRetry), Self.longestRetry)
        }
        var lost: [SequenceNumber] = []
        while lost.count < Self.maximumNACKs, let number = nack?.pollRequest(now: now) { lost.append(number) }
        GenericNACK.write(lost.span, from: sender, about: ssrc, into: &out)
    }

    private static let reportInterval = Interval.seconds(1)
    private static let shortestRetry = Interval.milliseconds(20)
    private static let longestRetry = Interval.milliseconds(500)
    /// Of one of several encodings.
    private static let silence = Interval.seconds(2)
    /// Seconds.
    private static let longestReportAge: Int64 = 60
    /// One message then fits in a datagram.
    private static let maximumNACKs = 128
}
