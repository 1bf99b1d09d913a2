package import WebRTC
package import Wire

/// One stream as it goes to its receiver (mediasoup's *RtpStreamSend*): sent once, again and as a probe; counted, reported,
/// and judged by what the receiver reports.
///
/// Its owner decides what goes out and with which numbers (``SplicedStream``).
package struct RTPSendStream {
    package private(set) var statistics = ConsumerStatistics()
    private var sent: SenderStatistics
    private var retransmitter: Retransmitter
    private var idleRequests = IdleRequestFilter()
    /// Whether the end of what was sent has arrived: after it the stream may be silent for long.
    private var tail = TailLossProbe()
    /// The transport-wide number of the newest packet, as long as nobody knows whether it has arrived.
    private(set) var expectedArrival: UInt16?
    /// Of the newest packet.
    private var lastTimestamp: UInt32 = 0
    private let isVideo: Bool
    /// Whether the receiver tells which packets have arrived.
    private let tellsArrival: Bool

    package init(_ kind: MediaKind, clockRate: Int, _ format: ConsumerFormat, random: inout RandomSource) {
        isVideo = kind == .video
        tellsArrival = isVideo && format.transportWideCCID != nil
        retransmitter = Retransmitter(firstSequence: .random(in: 1...0x7fff, using: &random))
        sent = SenderStatistics(clockRate: clockRate)
    }

    var roundTrip: Interval? { sent.roundTrip }
    /// Whether the receiver has reported what it has.
    package var isReported: Bool { sent.highestReported != nil }

    // MARK: Once

    /// Takes note of the newest timestamp, of a packet that is about to be sent or to wait.
    @inline(__always)
    package mutating func noteTimestamp(_ timestamp: UInt32) { lastTimestamp = timestamp }

    /// Sends a packet whose header is complete.
    ///
    /// - Parameters:
    ///   - source: The stream's own number of it.
    ///   - held: When it came; later than that it is sent only if it had to wait.
    ///   - isNewest: Whether its number is the newest given out.
    @inline(__always)
    package mutating func send(
        _ header: RTPHeader,
        _ numbers: PayloadNumbers,
        source: UInt16,
        audioLevel: UInt8?,
        of stream: RTPStream,
        held: Instant,
        isNewest: Bool,
        as format: ConsumerFormat,
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
                    ? egress.scratch.writeDescriptor(numbers, source, of: stream, in: bytes, format) : 0,
                now: now,
                into: &queue
            )
        }
        guard isStored else { return }
        if isNewest {
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

    /// Something may have been sent; the receiver is expected to say that it has the end of it.
    @inline(__always)
    package mutating func handleForwarded(now: Instant) {
        if isVideo { tail.handleSent(roundTrip: sent.roundTrip, now: now) }
        idleRequests.handleSent(now: now)
    }

    /// The packet just sent is the newest of the stream, for the first time or once more.
    @inline(__always)
    private mutating func expectArrival(through egress: Egress) {
        if tellsArrival { expectedArrival = egress.congestion.nextSequence &- 1 }
    }

    // MARK: Again

    /// Whether a packet may be sent again, as a probe or because it is missed.
    package func allowsResending(isProbe: Bool, as format: ConsumerFormat, through egress: Egress) -> Bool {
        (isProbe || retransmitter.hasBudget) && (format.retransmits || !isProbe && egress.mayRepeat)
    }

    /// Sends a packet again: as a retransmission (RFC 4588), or, where that is not agreed on, as it was.
    ///
    /// Where packets are sealed it must not go as it was: the same packet encrypted twice under one SRTP index, with a header
    /// that differs, would give the authentication key away (RFC 7714 §9.1).
    ///
    /// - Parameters:
    ///   - packet: As it came from `stream`, with the header `source`.
    ///   - sequence: Its number in this stream.
    ///   - isProbe: Whether it is for the path rather than the receiver, and is not counted against it.
    /// - Returns: Whether it was sent.
    package mutating func resend(
        _ source: RTPHeader,
        in packet: RawSpan,
        of stream: RTPStream,
        _ numbers: SplicedStream.Numbers,
        as sequence: UInt16,
        isProbe: Bool,
        isNewest: Bool,
        _ format: ConsumerFormat,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        var header = source
        if format.retransmits {
            header.ssrc = format.rtxSSRC ?? format.ssrc
            header.payloadType = format.rtxPayloadType ?? format.payloadType
            header.sequenceNumber = retransmitter.takeSequence()
        } else {
            guard header.payloadType == format.sourcePayloadType else { return false }
            header.ssrc = format.ssrc
            header.payloadType = format.payloadType
            header.sequenceNumber = sequence
        }
        header.timestamp = numbers.timestamp
        header.isMarked = numbers.verdict.isMarked
        if isProbe {
            statistics.probes += 1
        } else {
            statistics.retransmitted += 1
            retransmitter.handleResent(header.payload.count)
        }
        let payload = numbers.verdict.numbers
        egress.sendRTP(
            header,
            format: format,
            audioLevel: nil,
            prefix: format.retransmits ? sequence : nil,
            payload: packet.extracting(header.payload),
            numbers: payload,
            descriptor: egress.scratch.writeDescriptor(
                payload,
                source.sequenceNumber,
                of: stream,
                in: packet,
                format
            ),
            now: now,
            into: &queue
        )
        if isNewest { expectArrival(through: egress) }
        return true
    }

    /// Answers for a number that was kept for a lost packet, which came late and then had to be left out: a
    /// retransmission of nothing.
    ///
    /// The receiver then asks no more, and takes nothing for incomplete.
    package mutating func sendEmpty(
        _ sequence: UInt16,
        as format: ConsumerFormat,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard retransmitter.hasBudget, let header = takeEmpty(format) else { return }
        retransmitter.handleResent(Self.emptySize)
        egress.sendRTP(
            header,
            format: format,
            audioLevel: nil,
            prefix: sequence,
            payload: RawSpan(),
            numbers: .unchanged,
            descriptor: 0,
            now: now,
            into: &queue
        )
    }

    /// Sends padding in the retransmission stream (RFC 4588 streams have numbers of their own, so media has
    /// no gaps).
    mutating func sendPadding(
        as format: ConsumerFormat,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard let header = takeEmpty(format) else { return }
        egress.sendPadding(header, format: format, now: now, into: &queue)
    }

    /// The header of the next packet of the retransmission stream, which has nothing in it.
    private mutating func takeEmpty(_ format: ConsumerFormat) -> RTPHeader? {
        guard let ssrc = format.rtxSSRC, let payloadType = format.rtxPayloadType else { return nil }
        return RTPHeader(
            payloadType: payloadType,
            sequenceNumber: retransmitter.takeSequence(),
            timestamp: lastTimestamp,
            ssrc: ssrc,
            payloadLength: 0
        )
    }

    // MARK: What the receiver misses

    /// The receiver has asked for a packet again.
    mutating func handleNACK() { statistics.packetsNacked += 1 }

    package mutating func handleLoss() { idleRequests.handleLoss() }

    /// Whether a packet may be repaired now, and is not about to arrive anyhow; if so, takes note that it is.
    package mutating func allowsRepair(_ sequence: UInt16, now: Instant) -> Bool {
        // A little less than a round trip: receivers ask again after just one.
        let interval = (sent.roundTrip ?? Self.assumedRoundTrip) * 3 / 4
        return retransmitter.allows(sequence, roundTrip: interval, now: now)
    }

    /// How often a packet has been repaired.
    package func repairs(of sequence: UInt16) -> Int { retransmitter.count(sequence) }

    /// A repetition has arrived: one copy that came makes up for another that did not.
    package mutating func handleDelivered(_ sequence: UInt16) { retransmitter.handleDelivered(sequence) }
    package func isDelivered(_ sequence: UInt16) -> Bool { retransmitter.isDelivered(sequence) }

    // MARK: The end

    /// Packets with these transport-wide numbers have arrived.
    mutating func handleArrivals(_ numbers: [UInt16]) {
        guard let expectedArrival, numbers.contains(expectedArrival) else { return }
        self.expectedArrival = nil
        tail.handleAcknowledged()
    }

    /// The end of the stream is taken to have arrived.
    mutating func acknowledgeTail() { tail.handleAcknowledged() }

    /// What is to be done to find out whether the end of the stream has arrived.
    package mutating func pollTail(now: Instant) -> TailLossProbe.Probe? { tail.pollProbe(now: now) }

    /// When ``pollTail(now:)`` is next due.
    @inline(__always)
    package var tailDue: Instant? { tail.pollTimeout() }

    // MARK: Reports

    /// A report block of the receiver about this stream; returns whether it cannot go on without a key frame.
    ///
    /// Of the end it tells less than ``handleArrivals(_:)``: browsers leave out of it what came as a retransmission.
    package mutating func handle(_ block: ReportBlock, newest: UInt16?, wallClock: NTPTime) -> Bool {
        sent.handle(block, wallClock: wallClock)
        statistics.fractionLost = sent.fractionLost
        statistics.lost = Int64(block.cumulativeLost)
        statistics.jitter = block.jitter
        statistics.roundTripTime = sent.roundTrip
        let hasNewest = newest == UInt16(truncatingIfNeeded: block.highestSequence)
        let hasLost = block.fractionLost > 0
        idleRequests.handleReport(hasNewest: hasNewest, hasLost: hasLost)
        guard hasNewest else { return tail.handleMissing() == .startAnew }
        if !hasLost { tail.handleAcknowledged() }
        return false
    }

    /// The receiver asks for a key frame; returns whether it can be missing anything.
    package mutating func handleKeyFrameRequest(now: Instant) -> Bool {
        statistics.keyFrameRequests += 1
        return idleRequests.allows(now: now)
    }

    /// Appends a sender report and the canonical name (RFC 3550 §6.4.1, §6.5); nothing before the first
    /// packet.
    func writeReport(_ format: ConsumerFormat, at clock: NTPTime, now: Instant, into out: inout OutputRawSpan)
    {
        guard let report = sent.makeReport(format.ssrc, wallClock: clock, now: now) else { return }
        report.write(into: &out)
        SourceDescription.write(format.ssrc, cname: format.cname, into: &out)
    }

    /// Bytes of one that is empty, with its headers.
    private static let emptySize = 80
    /// Until a report tells.
    private static let assumedRoundTrip = Interval.milliseconds(40)
}
