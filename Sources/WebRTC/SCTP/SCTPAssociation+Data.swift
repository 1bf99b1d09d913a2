internal import Wire

/// DATA, SACK and FORWARD TSN (RFC 9260 §6, RFC 3758).
extension SCTPAssociation {
    mutating func handleData(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) throws(SCTPParseError) {
        guard isReceiving else { return }
        let data = try SCTPData(chunk, in: packet)
        let userData = packet.extracting(SCTPData.userData(of: chunk))
        guard userData.byteCount > 0 else {
            abort(.noUserData)
            return
        }
        needsSack = true
        // With the window full, only what fills a gap is taken; the peer sends the rest again.
        guard receiveWindow >= userData.byteCount || !data.tsn.isNewer(than: received.highest) else {
            statistics.rejected += 1
            return
        }
        switch received.insert(data.tsn) {
        case .duplicate: return
        case .refused: statistics.rejected += 1
        case .new where data.stream >= inboundStreams:
            // Acknowledged, not delivered (§6.5).
            statistics.rejected += 1
            queue(.error(.invalidStream, [UInt8(data.stream >> 8), UInt8(data.stream & 0xff), 0, 0]))
        case .new:
            do {
                try reassembly.insert(data, userData)
            } catch {
                abort(.protocolViolation)
                return
            }
            deliver()
        }
        // SHUTDOWN carries the acknowledgement too (§9.2).
        if state == .shutdownSent { queueShutdown(.shutdown, now: now) }
    }

    mutating func handleForwardTSN(_ forward: SCTPForwardTSN, in packet: RawSpan, now: Instant) {
        guard isReceiving else { return }
        needsSack = true
        guard received.advance(to: forward.cumulativeTSN) else { return }
        reassembly.skip(through: forward.cumulativeTSN)
        for index in 0..<forward.skipCount {
            guard let skip = forward.skip(at: index, in: packet), skip.stream < inboundStreams else {
                continue
            }
            reassembly.skip(skip)
        }
        deliver()
    }

    mutating func handleSack(_ sack: SCTPSack, in packet: RawSpan, now: Instant) {
        guard isSending || state == .shutdownSent else { return }
        let before = outstanding.inFlight
        guard
            let acknowledgement = outstanding.handle(
                sack,
                in: packet,
                isRecovering: congestion.isRecovering,
                now: now
            )
        else {
            statistics.rejected += 1
            return
        }
        // Overtaken by a later one: its window is old too.
        guard !outstanding.firstTSN.advanced(by: -1).isNewer(than: sack.cumulativeTSN) else { return }
        remoteWindow = Int(sack.receiverWindow)
        heartbeatDeadline = now + Self.heartbeatInterval
        if let roundTrip = acknowledgement.roundTrip {
            timeout.measure(roundTrip)
            statistics.roundTripTime = timeout.smoothed
        }
        congestion.handleAcknowledgement(
            of: acknowledgement.bytes,
            inFlight: before,
            cumulative: acknowledgement.hasAdvanced ? sack.cumulativeTSN : nil
        )
        if acknowledgement.hasLoss, !congestion.isRecovering {
            congestion.handleLoss(newest: outstanding.nextTSN.advanced(by: -1))
            mayExceedWindow = true
        }
        giveUp(acknowledgement.abandoned, now: now)
        updateForwardTSN(now: now)
        if outstanding.isEmpty {
            retransmissionDeadline = nil
        } else if acknowledgement.hasAdvanced {
            retransmissionDeadline = now + timeout.current
        }
    }

    mutating func handleRetransmissionTimeout(now: Instant) {
        retransmissionDeadline = nil
        timeout.backOff()
        congestion.handleTimeout()
        giveUp(outstanding.handleTimeout(now: now), now: now)
        forwardTSN.lastSent = nil
        updateForwardTSN(now: now)
    }

    /// Hands complete messages out, and performs resets that waited for them.
    private mutating func deliver() {
        while let message = reassembly.popMessage() { emit(.message(message)) }
        performDeferredReset()
    }

    /// Drops what is left of abandoned messages in the send queue.
    private mutating func giveUp(_ messages: [OutgoingMessage], now: Instant) {
        for message in messages where sendQueue.dropRest(of: message.identifier) {
            outstanding.appendEnd(ofAbandoned: message, now: now)
        }
    }

    /// Decides whether the peer is to be told to skip (RFC 3758 §3.5 C3, F2): of news at once, otherwise
    /// once per timeout.
    private mutating func updateForwardTSN(now: Instant) {
        guard let advanced = outstanding.advancedTSN else {
            forwardTSN = ForwardState()
            return
        }
        if let last = forwardTSN.lastSent, last.tsn == advanced, now - last.at < timeout.current { return }
        forwardTSN.isNeeded = true
    }
}
