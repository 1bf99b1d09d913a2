internal import WebRTC
internal import Wire

extension Consumer {
    /// Sends again the packet that the receiver misses, as a retransmission (RFC 4588).
    ///
    /// Without a negotiated retransmission format it goes again as it was, and where packets are sealed not at all: the
    /// same packet encrypted twice under one SRTP index, with a header that differs, would give the authentication
    /// key away (RFC 7714 §9.1).
    func retransmit(
        _ sequence: UInt16,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        statistics.packetsNacked += 1
        repair(sequence, through: egress, now: now, into: &queue)
    }

    /// Sends again what is missing, whoever found out: the receiver with a NACK, or this side by what the
    /// receiver says of arrivals.
    ///
    /// Either may be lost, or late.
    func repair(
        _ sequence: UInt16,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        idleRequests.handleLoss()
        guard let place = place(of: sequence) else { return }
        // What has been repaired on its way here in this very wake-up is about to be sent anyhow.
        if let (source, stream) = source(of: sequence, at: place),
            stream.received.contains(where: { $0.header.sequenceNumber == source })
        {
            return
        }
        guard !isPaused, egress.congestion.allowsRetransmission(Self.usualSize, now: now),
            retransmitter.allows(sequence, roundTrip: repeatInterval, now: now)
        else { return }
        if isVoid(sequence, at: place) {
            sendEmpty(sequence, through: egress, now: now, into: &queue)
            return
        }
        // What was lost twice has kept the picture waiting for long enough.
        let copies = egress.congestion.copies + (retransmitter.count(sequence) > 1 ? 1 : 0)
        for _ in 0..<copies { resend(sequence, through: egress, now: now, into: &queue) }
    }

    /// The stream that a number comes from, and its own number for it; `nil` for one that belongs to nothing.
    private func source(of sequence: UInt16, at place: Place) -> (sequence: UInt16, stream: RTPStream)? {
        switch place {
        case .current:
            guard let stream, let source = rewriter.source(of: sequence) else { return nil }
            return (source, stream)
        case .former(let index):
            guard let source = previousEncodings[index].rewriter.source(of: sequence) else { return nil }
            return (source, producer.streams[previousEncodings[index].encoding])
        case .forgotten: return nil
        }
    }

    /// Whether there is nothing to send under a number, now or ever.
    ///
    /// What was lost on its way here before a key frame is not asked for for long: the receiver does well to
    /// stop asking, too.
    private func isVoid(_ sequence: UInt16, at place: Place) -> Bool {
        let mayBeGivenUp = retransmitter.count(sequence) >= Self.requestsBeforeGivingUp
        switch place {
        case .current:
            if rewriter.isVoid(sequence) { return true }
            guard mayBeGivenUp, let keyFrameStart, keyFrameStart.isNewer(than: SequenceNumber(sequence))
            else {
                return false
            }
            return rewriter.giveUp(sequence)
        case .former(let index):
            if previousEncodings[index].rewriter.isVoid(sequence) { return true }
            return mayBeGivenUp && previousEncodings[index].rewriter.giveUp(sequence)
        case .forgotten: return true
        }
    }

    /// A little less than a round trip: receivers ask again after just one.
    private var repeatInterval: Interval { (sent.roundTrip ?? Self.assumedRoundTrip) * 3 / 4 }

    /// Returns whether it was sent.
    ///
    /// What waits for the pacer is not: its receiver would take everything before it for lost.
    ///
    /// - Parameter isProbe: It is for the path rather than the receiver, and is not counted against it.
    @discardableResult
    func resend(
        _ sequence: UInt16,
        isProbe: Bool = false,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        let isRetransmission = format.rtxSSRC != nil && format.rtxPayloadType != nil
        guard isProbe || retransmitter.hasBudget, isRetransmission || !isProbe && egress.mayRepeat,
            let place = place(of: sequence), let (source, stream) = source(of: sequence, at: place),
            !egress.isHeld(sequence, of: self)
        else { return false }
        var isSent = false
        _ = stream.store.withPacket(source, now: now) { bytes in
            guard var header = try? RTPHeader(parsing: bytes) else { return }
            let verdict: LayerFilter.Verdict?
            let mapped: (sequence: UInt16, timestamp: UInt32)?
            if case .former(let index) = place {
                verdict = previousEncodings[index].filter.verdict(header, in: bytes, of: stream)
                mapped = previousEncodings[index].rewriter.map(
                    sequence: source,
                    timestamp: header.timestamp,
                    now: now
                )
            } else {
                verdict = filter.verdict(header, in: bytes, of: stream)
                mapped = rewriter.map(sequence: source, timestamp: header.timestamp, now: now)
            }
            guard let verdict, let mapped else { return }
            if isRetransmission {
                header.ssrc = format.rtxSSRC ?? format.ssrc
                header.payloadType = format.rtxPayloadType ?? format.payloadType
                header.sequenceNumber = retransmitter.takeSequence()
            } else {
                guard header.payloadType == format.sourcePayloadType else { return }
                header.ssrc = format.ssrc
                header.payloadType = format.payloadType
                header.sequenceNumber = sequence
            }
            header.timestamp = mapped.timestamp
            header.isMarked = verdict.isMarked
            if isProbe {
                statistics.probes += 1
            } else {
                statistics.retransmitted += 1
                retransmitter.handleResent(header.payload.count)
            }
            isSent = true
            egress.sendRTP(
                header,
                format: format,
                audioLevel: nil,
                prefix: isRetransmission ? sequence : nil,
                payload: bytes.extracting(header.payload),
                numbers: verdict.numbers,
                descriptor: egress.writeDescriptor(verdict.numbers, source, of: stream, in: bytes, format),
                now: now,
                into: &queue
            )
            if sequence == rewriter.newest?.rawValue { expectArrival(through: egress) }
        }
        return isSent
    }

    /// Answers for a number that was kept for a lost packet, which came late and then had to be left out: a
    /// retransmission of nothing.
    ///
    /// The receiver then asks no more, and takes nothing for incomplete.
    private func sendEmpty(
        _ sequence: UInt16,
        through egress: Egress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        guard retransmitter.hasBudget, let rtxSSRC = format.rtxSSRC,
            let rtxPayloadType = format.rtxPayloadType
        else { return }
        retransmitter.handleResent(Self.emptySize)
        let header = RTPHeader(
            payloadType: rtxPayloadType,
            sequenceNumber: retransmitter.takeSequence(),
            timestamp: lastTimestamp,
            ssrc: rtxSSRC,
            payloadLength: 0
        )
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

    /// Requests after which a packet that has not come, and is not needed any more, is given up.
    private static let requestsBeforeGivingUp = 3
    /// Bytes of a packet of video.
    private static let usualSize = 1_200
    /// Bytes of one that is empty, with its headers.
    private static let emptySize = 80
    /// Until a report tells.
    private static let assumedRoundTrip = Interval.milliseconds(40)
}
