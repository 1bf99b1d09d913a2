package import Wire

extension SCTPAssociation {
    /// Takes one packet out of DTLS.
    package mutating func handle(_ packet: RawSpan, now: Instant) {
        guard let header = try? SCTPPacket(parsing: packet), header.sourcePort == configuration.remotePort,
            header.destinationPort == configuration.localPort
        else {
            statistics.rejected += 1
            return
        }
        statistics.packetsReceived += 1
        var chunks = SCTPChunks()
        var isFirst = true
        do {
            while let chunk = try chunks.next(in: packet) {
                let isAlone = isFirst && chunks.isAtEnd(of: packet)
                guard accepts(chunk, header, isFirst: isFirst, isAlone: isAlone) else {
                    statistics.rejected += 1
                    break
                }
                guard try handle(chunk, header, in: packet, now: now) else { break }
                isFirst = false
            }
        } catch {
            statistics.rejected += 1
        }
        advanceShutdown(now: now)
    }

    package mutating func handleTimeout(now: Instant) {
        if let deadline = handshakeDeadline, deadline <= now { handleHandshakeTimeout(now: now) }
        if let deadline = shutdownGuard, deadline <= now { abort(.userInitiatedAbort) }
        if let deadline = retransmissionDeadline, deadline <= now { handleRetransmissionTimeout(now: now) }
        if let deadline = heartbeatDeadline, deadline <= now {
            heartbeatDeadline = now + Self.heartbeatInterval
            heartbeatSent = now
            queue(.heartbeat(sent: now))
        }
        advanceShutdown(now: now)
    }

    /// Whether the tag and the place in the packet are right for the chunk (RFC 9260 §8.5, §6.10).
    private func accepts(_ chunk: SCTPChunk, _ header: SCTPPacket, isFirst: Bool, isAlone: Bool) -> Bool {
        switch chunk.type {
        case .initiation:
            return header.verificationTag == 0 && isAlone
        case .initiationAck:
            return header.verificationTag == local.tag && isAlone
        case .cookieEcho:
            // The cookie tells which tag is right.
            return isFirst
        case .abort, .shutdownComplete:
            let isReflected = chunk.flags & ControlChunk.reflected != 0
            return header.verificationTag == (isReflected ? remote?.tag ?? 0 : local.tag)
        case .shutdownAck where state == .closed:
            return isAlone
        default:
            return header.verificationTag == local.tag
        }
    }

    /// Handles one chunk; returns whether the next one of the packet is to be looked at.
    private mutating func handle(
        _ chunk: SCTPChunk,
        _ header: SCTPPacket,
        in packet: RawSpan,
        now: Instant
    ) throws(SCTPParseError) -> Bool {
        if state == .closed {
            // The peer missed the end (§8.4 rule 5).
            if chunk.type == .shutdownAck {
                queue(.shutdownComplete(tag: header.verificationTag, isReflected: true))
            }
            return false
        }
        switch chunk.type {
        case .initiation: handleInitiation(chunk, in: packet, now: now)
        case .initiationAck: handleInitiationAck(chunk, in: packet, now: now)
        case .cookieEcho: return handleCookieEcho(chunk, header, in: packet, now: now)
        case .cookieAck: handleCookieAck(now: now)
        case .data: try handleData(chunk, in: packet, now: now)
        case .sack: handleSack(try SCTPSack(chunk, in: packet), in: packet, now: now)
        case .forwardTSN: handleForwardTSN(try SCTPForwardTSN(chunk, in: packet), in: packet, now: now)
        case .heartbeat: handleHeartbeat(chunk, in: packet)
        case .heartbeatAck: handleHeartbeatAck(chunk, in: packet, now: now)
        case .reconfiguration: try handleReconfiguration(chunk, in: packet)
        case .error: handleError(chunk, in: packet, now: now)
        case .abort: close()
        case .shutdown: try handleShutdown(chunk, in: packet, now: now)
        case .shutdownAck: handleShutdownAck()
        case .shutdownComplete: if state == .shutdownAckSent { close() }
        default:
            statistics.rejected += 1
            if chunk.type.isReportedIfUnknown {
                // The peer recognises its chunk by the beginning.
                let reported =
                    chunk.bytes.lowerBound..<min(chunk.bytes.upperBound, chunk.bytes.lowerBound + 256)
                queue(.error(.unrecognizedChunk, packet.extracting(reported).withUnsafeBytes { [UInt8]($0) }))
            }
            return chunk.type.isSkippedIfUnknown
        }
        return state != .closed
    }

    private mutating func handleHeartbeat(_ chunk: SCTPChunk, in packet: RawSpan) {
        guard remote != nil, chunk.value.count <= 1_024 else { return }
        queue(.heartbeatAck(packet.extracting(chunk.value).withUnsafeBytes { [UInt8]($0) }))
    }

    private mutating func handleHeartbeatAck(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) {
        guard let sent = heartbeatSent, chunk.value.count == 12,
            packet.bigEndian(Int64.self, at: chunk.value.lowerBound + 4) == sent.nanoseconds
        else { return }
        heartbeatSent = nil
        timeout.measure(now - sent)
        statistics.roundTripTime = timeout.smoothed
    }

    static let heartbeatInterval = Interval.seconds(30)
}
