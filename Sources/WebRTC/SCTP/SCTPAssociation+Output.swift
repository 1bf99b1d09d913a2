package import Wire

extension SCTPAssociation {
    /// Appends the next packet, at most ``maximumPacketLength`` bytes, to `out`, which is empty.
    package mutating func pollPacket(now: Instant, into out: inout OutputRawSpan) -> Bool {
        let limit = min(Self.maximumPacketLength, out.freeCapacity)
        precondition(limit == Self.maximumPacketLength, "the caller provides room for the longest packet")
        if let chunk = control.first, chunk.isAlone {
            _ = control.popFirst()
            writeHeader(tag: chunk.tag ?? remote?.tag ?? 0, into: &out)
            chunk.write(cumulative: received.cumulative, into: &out)
        } else if let tag = remote?.tag {
            writeHeader(tag: tag, into: &out)
            appendControl(limit: limit, now: now, into: &out)
            if isSending { appendData(limit: limit, now: now, into: &out) }
            guard out.byteCount > SCTPPacket.headerLength else {
                out.removeAll()
                return false
            }
        } else {
            return false
        }
        SCTPPacket.seal(&out)
        statistics.packetsSent += 1
        return true
    }

    private func writeHeader(tag: UInt32, into out: inout OutputRawSpan) {
        SCTPPacket(
            sourcePort: configuration.localPort,
            destinationPort: configuration.remotePort,
            verificationTag: tag
        ).write(into: &out)
    }

    private mutating func appendControl(limit: Int, now: Instant, into out: inout OutputRawSpan) {
        while let chunk = control.first, !chunk.isAlone, out.byteCount + chunk.length <= limit {
            _ = control.popFirst()
            chunk.write(cumulative: received.cumulative, into: &out)
        }
        if needsSack, isReceiving { appendSack(limit: limit, into: &out) }
        if forwardTSN.isNeeded, isSending { appendForwardTSN(limit: limit, now: now, into: &out) }
        guard state == .established, limit - out.byteCount >= Self.longestResetRequest,
            let request = resetter.pollRequest(
                lastTSN: outstanding.nextTSN.advanced(by: -1),
                timeout: timeout.current,
                now: now,
                isDrained: { sendQueue.messageCount(of: $0) == 0 }
            )
        else { return }
        request.write(into: &out)
    }

    private mutating func appendSack(limit: Int, into out: inout OutputRawSpan) {
        let room = (limit - out.byteCount - SCTPSack.minimumLength) / 4
        guard room >= 0 else { return }
        let gaps = received.gaps.prefix(room)
        advertisedWindow = receiveWindow
        SCTPSack.write(
            cumulativeTSN: received.cumulative,
            receiverWindow: UInt32(advertisedWindow),
            gaps: gaps,
            duplicates: received.duplicates.prefix(room - gaps.count),
            into: &out
        )
        received.clearDuplicates()
        needsSack = false
    }

    private mutating func appendForwardTSN(limit: Int, now: Instant, into out: inout OutputRawSpan) {
        guard let advanced = outstanding.advancedTSN else {
            forwardTSN.isNeeded = false
            return
        }
        let skips = outstanding.skips(through: advanced)
        guard out.byteCount + SCTPForwardTSN.minimumLength + 4 * skips.count <= limit else { return }
        SCTPForwardTSN.write(cumulativeTSN: advanced, skips: skips, into: &out)
        forwardTSN.isNeeded = false
        forwardTSN.lastSent = (advanced, now)
        retransmissionDeadline = retransmissionDeadline ?? now + timeout.current
    }

    private mutating func appendData(limit: Int, now: Instant, into out: inout OutputRawSpan) {
        while let position = outstanding.firstLost() {
            let length = outstanding[position].range.count
            guard out.byteCount + Self.chunkLength(length) <= limit else { return }
            guard mayExceedWindow || outstanding.inFlight == 0 || outstanding.inFlight < congestion.window
            else {
                return
            }
            outstanding.retransmit(position, now: now)
            statistics.retransmissions += 1
            write(position, into: &out)
            // The oldest chunk gets the full time again (§6.3.3 R4, §7.2.4).
            if position == 0 || retransmissionDeadline == nil {
                retransmissionDeadline = now + timeout.current
            }
        }
        // One packet only.
        mayExceedWindow = false
        while outstanding.count < Self.maximumOutstanding,
            let length = sendQueue.nextFragmentLength(maximum: Self.maximumFragment, now: now)
        {
            guard out.byteCount + Self.chunkLength(length) <= limit else { return }
            // With nothing in flight, one chunk probes a closed window (§6.1 A).
            if outstanding.inFlight > 0 {
                guard outstanding.inFlight < congestion.window else { return }
            }
            guard outstanding.inFlight + length <= remoteWindow || outstanding.isEmpty else { return }
            guard let fragment = sendQueue.popFragment(maximum: Self.maximumFragment) else { return }
            _ = outstanding.append(fragment, now: now)
            write(outstanding.count - 1, into: &out)
            retransmissionDeadline = retransmissionDeadline ?? now + timeout.current
        }
    }

    private func write(_ position: Int, into out: inout OutputRawSpan) {
        let chunk = outstanding[position]
        // Wherever this side would wait for the acknowledgement, the peer is asked not to delay it (RFC
        // 7053).
        let isUrgent =
            chunk.isEnding || chunk.isRetransmitted || outstanding.inFlight >= congestion.window
            || outstanding.inFlight + Self.maximumFragment > remoteWindow
        SCTPData(
            tsn: outstanding.firstTSN.advanced(by: position),
            stream: chunk.message.stream,
            streamSequence: chunk.message.streamSequence,
            payloadProtocol: chunk.message.payloadProtocol,
            isBeginning: chunk.range.lowerBound == 0,
            isEnding: chunk.isEnding,
            isUnordered: chunk.message.isUnordered,
            isUrgent: isUrgent
        ).write(chunk.message.bytes.span.bytes.extracting(chunk.range), into: &out)
    }

    private static func chunkLength(_ length: Int) -> Int { (SCTPData.overhead + length + 3) & ~3 }

    /// What fits in a packet of its own, rounded down to a multiple of four.
    private static let maximumFragment =
        (maximumPacketLength - SCTPPacket.headerLength - SCTPData.overhead) & ~3
    /// Bounds the work of one SACK when messages are tiny.
    private static let maximumOutstanding = 4_096
    private static let longestResetRequest = 20 + 2 * 128
}
