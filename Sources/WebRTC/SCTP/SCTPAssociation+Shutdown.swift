package import Wire

/// The end of an association (RFC 9260 §9).
extension SCTPAssociation {
    /// Ends the association once everything queued is delivered.
    package mutating func shutdown(now: Instant) {
        switch state {
        case .idle, .cookieWait, .cookieEchoed:
            close()
        case .established:
            state = .shutdownPending
            shutdownGuard = now + Self.shutdownLimit
            advanceShutdown(now: now)
        case .shutdownPending, .shutdownSent, .shutdownReceived, .shutdownAckSent, .closed:
            break
        }
    }

    /// Ends the association at once and tells the peer.
    package mutating func abort(_ cause: SCTPErrorCause = .userInitiatedAbort, tag: UInt32 = 0) {
        guard state != .closed else { return }
        let tag = remote?.tag ?? tag
        close()
        if tag != 0 { queue(.abort(cause, tag: tag, isReflected: false)) }
    }

    mutating func handleShutdown(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) throws(SCTPParseError)
    {
        guard let cumulative = packet.bigEndian(UInt32.self, at: chunk.value.lowerBound),
            chunk.value.count >= 4
        else { throw SCTPParseError() }
        switch state {
        case .established, .shutdownPending, .shutdownReceived:
            acknowledge(through: TSN(cumulative), now: now)
            state = .shutdownReceived
            shutdownGuard = shutdownGuard ?? now + Self.shutdownLimit
        case .shutdownSent:
            // Both sides at once.
            state = .shutdownAckSent
            queueShutdown(.shutdownAck, now: now)
        case .idle, .cookieWait, .cookieEchoed, .shutdownAckSent, .closed:
            break
        }
    }

    mutating func handleShutdownAck() {
        guard state == .shutdownSent || state == .shutdownAckSent, let tag = remote?.tag else { return }
        close()
        queue(.shutdownComplete(tag: tag, isReflected: false))
    }

    /// Takes the next step if everything that had to be sent has arrived.
    mutating func advanceShutdown(now: Instant) {
        guard sendQueue.isEmpty, outstanding.isEmpty else { return }
        switch state {
        case .shutdownPending:
            state = .shutdownSent
            handshakeInterval = timeout.current
            queueShutdown(.shutdown, now: now)
        case .shutdownReceived:
            state = .shutdownAckSent
            handshakeInterval = timeout.current
            queueShutdown(.shutdownAck, now: now)
        default:
            break
        }
    }

    mutating func queueShutdown(_ chunk: ControlChunk, now: Instant) {
        queue(chunk)
        handshakeDeadline = now + handshakeInterval
    }

    /// Forgets everything but that it is over.
    mutating func close() {
        state = .closed
        control.removeAll()
        sendQueue = SendQueue()
        outstanding = OutstandingData(firstTSN: outstanding.nextTSN)
        reassembly = ReassemblyQueue(maximumMessageSize: configuration.maximumMessageSize)
        forwardTSN = ForwardState()
        needsSack = false
        handshakeDeadline = nil
        retransmissionDeadline = nil
        shutdownGuard = nil
        heartbeatDeadline = nil
        resetter = StreamResetter(localInitialTSN: TSN(0), remoteInitialTSN: TSN(0))
        emit(.closed)
    }

    /// SHUTDOWN acknowledges like a SACK without gaps.
    private mutating func acknowledge(through cumulative: TSN, now: Instant) {
        guard outstanding.handleCumulative(cumulative, now: now) else {
            statistics.rejected += 1
            return
        }
        retransmissionDeadline = outstanding.isEmpty ? nil : retransmissionDeadline ?? now + timeout.current
    }

    /// Five times the longest timeout (§9.2).
    private static let shutdownLimit = RetransmissionTimeout.maximum * 5
}
