internal import WebRTC
package import Wire

/// One encoding of a producer: the packets of one SSRC, and of the SSRC that repairs it (mediasoup's
/// *RtpStreamRecv*).
///
/// ``handle(_:_:now:)`` takes a packet in: it is parsed, judged, and copied once into ``store``. What was
/// taken since the last ``endWakeUp()`` is in ``received`` for the consumers.
/// ``writeFeedback(from:now:into:)`` writes what is due to the source.
package final class RTPStream {
    let format: ProducerFormat
    /// Of the whole producer; `nil`: its source is trusted.
    let ceiling: MediaCeiling?
    /// The restriction identifier (RFC 8851), UTF-8; empty if the encoding has none.
    let rid: [UInt8]
    let hasSiblings: Bool
    private var ssrcs: EncodingSSRCs

    /// The latest packets as they came, for consumers to send and to send again.
    private(set) var store: RetransmissionStore
    package private(set) var received: [ReceivedPacket] = []
    /// The newest packet in order.
    private(set) var newest: UInt16 = 0
    /// Counts the times that the source began anew: a consumer that knows an older number waits for a key
    /// frame.
    private(set) var generation = 0
    private var statistics = EncodingStatistics()
    /// What of it is taken at all.
    private var gate = StreamGate()
    /// What each layer within the encoding takes.
    private(set) var bitrates = LayerBitrates()
    /// When the newest packet came, and when the third-newest frame began to.
    private(set) var lastArrival: Instant?
    private(set) var thirdNewestFrame: Instant?
    /// Whether nothing has come for longer than a moving picture pauses.
    private(set) var isSilent = true
    /// When the newest sender report came.
    private(set) var lastReport: Instant?

    /// Of AV1 whose packets have dependency descriptors.
    private(set) var dependencies: DependencyDescriptors?

    private var feedback: SourceFeedback
    private var isRestartExpected = false
    private var keyFrame: KeptKeyFrame?
    /// A packet far from all before it: taken only if the next one follows it (RFC 3550 §A.1).
    private var unconfirmed: [UInt8] = []
    /// Memory for the packet that a retransmission restores.
    private var restored: [UInt8]
    private var frameStarts = (newer: Instant?.none, newest: Instant?.none)
    private var newestTimestamp: UInt32?
    /// The source's clock by its newest sender report: wall-clock time and media time.
    private(set) var clock: (ntp: NTPTime, timestamp: UInt32)?

    /// - Parameters:
    ///   - hasSiblings: Whether the producer has other encodings.
    ///   - retransmissionBytes: The size of the store.
    init(
        _ encoding: RTPEncodingParameters,
        format: ProducerFormat,
        hasSiblings: Bool,
        asksAgain: Bool,
        ceiling: MediaCeiling?,
        retransmissionBytes: Int
    ) {
        self.format = format
        self.ceiling = ceiling
        self.hasSiblings = hasSiblings
        rid = encoding.rid.map { Array($0.utf8) } ?? []
        ssrcs = EncodingSSRCs(media: encoding.ssrc, repair: encoding.rtxSSRC)
        store = RetransmissionStore(
            capacity: retransmissionBytes,
            lifetime: format.kind == .video ? .seconds(2) : .seconds(1)
        )
        dependencies = format.dependencyDescriptorID.map { DependencyDescriptors(id: $0) }
        feedback = SourceFeedback(format.kind, clockRate: format.clockRate, asksAgain: asksAgain)
        restored = [UInt8](repeating: 0, count: format.retransmits ? TransmitQueue.datagramCapacity : 0)
        received.reserveCapacity(64)
        unconfirmed.reserveCapacity(TransmitQueue.datagramCapacity)
    }

    // MARK: Identity

    var ssrc: UInt32? { ssrcs.media }
    var rtxSSRC: UInt32? { ssrcs.repair }

    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    @inline(__always)
    func owns(_ ssrc: UInt32) -> Bool { ssrcs.owns(ssrc) }

    /// The packet says that its SSRC is this encoding's from now on; returns whether it is believed.
    func adopt(_ header: RTPHeader) -> Bool {
        guard let payload = format.payload(header.payloadType) else { return false }
        switch ssrcs.adopt(header.ssrc, isRepair: payload.codec == .rtx) {
        case .refused: return false
        case .adopted: return true
        case .replaced:
            expectRestart()
            return true
        }
    }

    // MARK: Input

    /// Whatever comes next is the beginning.
    func expectRestart() { isRestartExpected = true }

    /// The source is told to begin this encoding, with a key frame, or to end it.
    func expectBeginning() {
        expectRestart()
        lastArrival = nil
        feedback.forgetKeyFrameRequests()
    }

    /// Drops what comes while paused.
    func setPaused(_ isPaused: Bool) { gate.setPaused(isPaused) }

    /// Forgets everything that has come, so that none of it is sent any more to anybody, not even again, and takes nothing
    /// before ``release(from:)``.
    func withhold() {
        gate.withhold()
        forget()
        unconfirmed.removeAll(keepingCapacity: true)
        expectRestart()
    }

    /// Goes on with the first packet whose timestamp is this one or later.
    func release(from timestamp: UInt32) { gate.release(from: timestamp) }

    /// Takes a packet of the stream, or of its retransmission stream, in.
    ///
    /// Returns whether it was of use.
    func handle(_ packet: RawSpan, _ header: RTPHeader, now: Instant) -> Bool {
        guard gate.isOpen || gate.opens(for: header.timestamp) else { return true }
        if header.ssrc == rtxSSRC { return handleRetransmission(packet, header, now: now) }
        guard let payload = format.payload(header.payloadType), payload.codec != .rtx else { return false }
        if isRestartExpected {
            isRestartExpected = false
            feedback.expectRestart()
            if statistics.packets > 0 { restart(now: now) }
        }

        switch feedback.handle(header, size: packet.byteCount, now: now) {
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
        feedback.handle(report, now: now)
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

    /// When the stream may have fallen silent; `nil`: it has, now.
    func pollSilence(now: Instant) -> Instant? {
        if let lastArrival, now - lastArrival < Self.pause { return lastArrival + Self.pause }
        isSilent = true
        return nil
    }

    // MARK: The source

    /// A consumer cannot go on without a key frame.
    package func requestKeyFrame(now: Instant) { feedback.requestKeyFrame(now: now) }

    /// Whether nothing has come for so long that the encoding may have been stopped.
    func isStill(now: Instant) -> Bool { lastArrival.map { now - $0 > Self.silence } ?? true }

    /// - Parameter isProducerStill: Whether that is so of all its encodings.
    func handleTimeout(isProducerStill: Bool, now: Instant) {
        // A sender that has stopped one of several encodings has nothing to answer with. One that sends none of them may
        // just have nothing new to show.
        let isStopped = hasSiblings && !isProducerStill && isStill(now: now)
        feedback.handleTimeout(isStopped: isStopped, now: now)
    }

    func pollTimeout() -> Instant? { feedback.pollTimeout() }

    /// Whether a key-frame request waits to be written.
    var isKeyFrameRequestDue: Bool { ssrc != nil && feedback.isKeyFrameRequestDue }

    /// Whether ``writeFeedback(from:now:into:)`` has something to say at `now`.
    func hasFeedback(now: Instant) -> Bool { ssrc != nil && feedback.isDue(now: now) }

    /// Appends one compound packet to the source; see ``SourceFeedback``.
    func writeFeedback(from sender: UInt32, now: Instant, into out: inout OutputRawSpan) {
        guard let ssrc else { return }
        feedback.write(from: sender, about: ssrc, now: now, into: &out)
    }

    // MARK: What was received

    /// The first packet of a key frame that somebody who comes now may begin with; `nil` if a new one is
    /// needed.
    ///
    /// It came just now, and everything since is kept and not too much to be sent at once. A source that is
    /// about to begin anew has nothing to do with what it sent before.
    func recentKeyFrame(now: Instant) -> UInt16? {
        guard let keyFrame, keyFrame.isRecent(bytes: statistics.bytes, now: now), gate.isOpen,
            !isRestartExpected
        else { return nil }
        let first = SequenceNumber(keyFrame.first)
        let count = first.distance(to: SequenceNumber(newest))
        guard count >= 0, count < DependencyDescriptors.memory,
            (0...count).allSatisfy({ store.holds(first.advanced(by: $0).rawValue, now: now) })
        else { return nil }
        return keyFrame.first
    }

    /// Bytes of all packets so far.
    var bytes: UInt64 { statistics.bytes }

    /// What is known now.
    ///
    /// - Parameter now: `nil`: without the bitrates of its layers.
    func currentStatistics(now: Instant?) -> EncodingStatistics {
        var statistics = statistics
        statistics.rid = rid.isEmpty ? nil : String(decoding: rid, as: UTF8.self)
        statistics.ssrc = ssrc
        if let now {
            statistics.bitrates = (0...bitrates.highestTemporal).map {
                bitrates.bitsPerSecond(spatial: .max, temporal: $0, now: now)
            }
        }
        statistics.lost = feedback.lost
        statistics.jitter = feedback.jitter
        statistics.recovered = feedback.recovered
        statistics.keyFrameRequests = feedback.keyFrameRequests
        return statistics
    }

    /// Every consumer has had its turn.
    func endWakeUp() { received.removeAll(keepingCapacity: true) }

    // MARK: Private

    private func take(_ packet: RawSpan, _ header: RTPHeader, _ codec: RTPCodec, now: Instant) {
        let payload = packet.extracting(header.payload)
        var descriptor = PayloadDescriptor(codec, payload)
        var layers = (spatial: descriptor.spatialLayer, temporal: descriptor.temporalLayer)
        var startsKeyFrame = descriptor.startsKeyFrame(codec, payload)
        var hasStructure = false
        dependencies?.take(header, in: packet)
        if let described = dependencies?[header.sequenceNumber] {
            descriptor = .av1
            layers = (described.dependencies.spatialLayer, described.dependencies.temporalLayer)
            startsKeyFrame = described.startsKeyFrame
            hasStructure = described.structure != nil
        }
        let isKeyFrame = format.kind == .video && startsKeyFrame
        feedback.handleTaken(header, isKeyFrame: isKeyFrame, now: now)
        if isKeyFrame { noteKeyFrame(header, now: now) }
        statistics.packets += 1
        statistics.bytes += UInt64(packet.byteCount)
        bitrates.handle(packet.byteCount, spatial: layers.spatial, temporal: layers.temporal, now: now)
        noteArrival(header.timestamp, now: now)
        store.store(packet, sequence: header.sequenceNumber, now: now)
        guard dependencies?.isUnreadable(header.sequenceNumber) != true else { return }
        let audioLevel = format.audioLevel(of: header, in: packet)
        received.append(
            ReceivedPacket(
                header: header,
                descriptor: descriptor,
                startsKeyFrame: startsKeyFrame,
                audioLevel: audioLevel,
                came: now
            )
        )
        if hasStructure { readAgain(after: header.sequenceNumber, now: now) }
    }

    /// The structure of a key frame has come late: what it overtook can be understood now.
    private func readAgain(after start: UInt16, now: Instant) {
        let distance = SequenceNumber(start).distance(to: SequenceNumber(newest))
        for step in stride(from: 1, through: min(distance, DependencyDescriptors.memory), by: 1) {
            let sequence = SequenceNumber(start).advanced(by: step).rawValue
            guard dependencies?.isUnreadable(sequence) == true else { continue }
            _ = store.withPacket(sequence, now: now) { bytes in
                if let header = try? RTPHeader(parsing: bytes) { dependencies?.take(header, in: bytes) }
            }
            if let packet = packet(sequence, now: now) { received.append(packet) }
        }
    }

    /// A packet has come that begins a key frame, or one of its layers or slices.
    private func noteKeyFrame(_ header: RTPHeader, now: Instant) {
        switch keyFrame?.handle(header) {
        case .part: return
        case .earlier: statistics.keyFrames += 1
        case .later, nil:
            statistics.keyFrames += 1
            keyFrame = KeptKeyFrame(header, bytes: statistics.bytes, now: now)
        }
    }

    private func noteArrival(_ timestamp: UInt32, now: Instant) {
        lastArrival = now
        isSilent = false
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
            // The profile and the length are before the elements.
            let block = max(0, header.extensions.lowerBound - 4)..<header.extensions.upperBound
            // Only dependency descriptors are looked at later.
            let keepsExtensions = dependencies != nil && header.extensionProfile != nil
            let length = RTPHeader.fixedLength + header.payload.count + (keepsExtensions ? block.count : 0)
            guard buffer.count >= length else { return 0 }
            var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
            plain.write(hasExtensions: keepsExtensions, into: &out)
            if keepsExtensions { out.append(copying: packet.extracting(block)) }
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
        statistics.restarts += 1
        forget()
        requestKeyFrame(now: now)
    }

    /// Nothing that has come is of use any more: a consumer goes on with the next key frame.
    private func forget() {
        generation += 1
        clock = nil
        keyFrame = nil
        store.removeAll()
        dependencies?.removeAll()
        received.removeAll(keepingCapacity: true)
        feedback.restart()
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

    /// Of one of several encodings.
    private static let silence = Interval.seconds(2)
    /// Longer than between two pictures at 30 a second.
    static let pause = Interval.milliseconds(60)
    /// Seconds.
    private static let longestReportAge: Int64 = 60
}
