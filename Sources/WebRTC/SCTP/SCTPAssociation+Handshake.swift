package import Wire

/// The four-way handshake, its collisions and restarts (RFC 9260 §5).
extension SCTPAssociation {
    /// Sends INIT, unless the peer was faster.
    package mutating func connect(now: Instant) {
        guard state == .idle else { return }
        state = .cookieWait
        handshakeInterval = RetransmissionTimeout.initial
        queueInitiation(now: now)
    }

    mutating func handleInitiation(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) {
        var parameters = SCTPInitiation.Parameters()
        guard let peer = try? SCTPInitiation(chunk, in: packet, parameters: &parameters) else {
            statistics.rejected += 1
            let tag = packet.bigEndian(UInt32.self, at: chunk.value.lowerBound) ?? 0
            if state == .idle, tag != 0 { queue(.abort(.invalidParameter, tag: tag, isReflected: false)) }
            return
        }
        guard state != .shutdownAckSent else {
            // The peer missed that this side is done (§9.2).
            queue(.shutdownAck)
            return
        }
        var answer = local
        var tieTags: (local: UInt32, remote: UInt32) = (0, 0)
        switch state {
        case .idle, .cookieWait:
            // The same tag and TSN as in this side's own INIT (§5.2.1).
            break
        case .cookieEchoed:
            tieTags = (local.tag, remote?.tag ?? 0)
        default:
            // Perhaps a restart; the cookie will tell (§5.2.2).
            tieTags = (local.tag, remote?.tag ?? 0)
            answer.tag = tags.next()
            answer.initialTSN = TSN(tags.next())
        }
        let cookie = cookieKey.seal(
            StateCookie(
                created: now,
                local: answer,
                remote: peer,
                localTieTag: tieTags.local,
                remoteTieTag: tieTags.remote
            )
        )
        var room = Self.maximumUnrecognizedBytes
        let unrecognized = parameters.unrecognized.compactMap { range -> [UInt8]? in
            room -= range.count
            return room >= 0 ? packet.extracting(range).withUnsafeBytes { [UInt8]($0) } : nil
        }
        queue(.initiationAck(answer, cookie: cookie, unrecognized: unrecognized, tag: peer.tag))
    }

    mutating func handleInitiationAck(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) {
        guard state == .cookieWait else { return }
        var parameters = SCTPInitiation.Parameters()
        guard let peer = try? SCTPInitiation(chunk, in: packet, parameters: &parameters),
            let cookie = parameters.cookie, cookie.count <= Self.maximumCookieLength
        else {
            statistics.rejected += 1
            let tag = packet.bigEndian(UInt32.self, at: chunk.value.lowerBound) ?? 0
            abort(.missingParameter, tag: tag)
            return
        }
        adopt(local, peer)
        cookieToEcho = packet.extracting(cookie).withUnsafeBytes { [UInt8]($0) }
        state = .cookieEchoed
        handshakeInterval = RetransmissionTimeout.initial
        control.removeAll()
        queueCookieEcho(now: now)
    }

    /// Returns whether the rest of the packet is to be looked at (RFC 9260 §5.2.4).
    mutating func handleCookieEcho(
        _ chunk: SCTPChunk,
        _ header: SCTPPacket,
        in packet: RawSpan,
        now: Instant
    ) -> Bool {
        guard let cookie = cookieKey.open(packet.extracting(chunk.value)),
            header.verificationTag == cookie.local.tag
        else {
            statistics.rejected += 1
            return false
        }
        let isLocalTagKnown = cookie.local.tag == local.tag
        let isRemoteTagKnown = cookie.remote.tag == remote?.tag
        let age = now - cookie.created
        if age > Self.cookieLifetime, !(isLocalTagKnown && isRemoteTagKnown) {
            let staleness = UInt32(clamping: (age - Self.cookieLifetime).nanoseconds / 1_000)
            queue(.staleCookie(staleness, tag: cookie.remote.tag))
            return false
        }
        switch state {
        case .idle, .cookieWait, .cookieEchoed:
            // The tag is this side's own, so the cookie answers the peer's INIT: table 12, rows B and D.
            guard isLocalTagKnown else { return false }
            if !(isRemoteTagKnown && state == .cookieEchoed) { adopt(local, cookie.remote) }
            establish(now: now)
        case _ where isLocalTagKnown && isRemoteTagKnown:
            // COOKIE ACK was lost: row D.
            break
        case _ where isLocalTagKnown:
            // Row B: answered before the association was set up with another start of the peer, which this
            // one replaces.
            restart(cookie, now: now)
        case .shutdownAckSent:
            queue(.shutdownAck)
            return false
        default:
            // Row A is a restart; in row C the cookie comes late.
            guard !isRemoteTagKnown, cookie.localTieTag == local.tag, cookie.remoteTieTag == remote?.tag
            else {
                return false
            }
            restart(cookie, now: now)
        }
        queue(.cookieAck)
        return true
    }

    mutating func handleCookieAck(now: Instant) {
        guard state == .cookieEchoed else { return }
        establish(now: now)
    }

    mutating func handleError(_ chunk: SCTPChunk, in packet: RawSpan, now: Instant) {
        var causes = SCTPParameterList(in: chunk.value)
        guard state == .cookieEchoed, let cause = try? causes.next(in: packet),
            cause.type == SCTPErrorCause.staleCookie.rawValue
        else { return }
        // The cookie took too long: ask for a new one (§5.2.6).
        state = .cookieWait
        control.removeAll()
        queueInitiation(now: now)
    }

    mutating func handleHandshakeTimeout(now: Instant) {
        handshakeInterval = min(handshakeInterval * 2, RetransmissionTimeout.maximum)
        switch state {
        case .cookieWait: queueInitiation(now: now)
        case .cookieEchoed: queueCookieEcho(now: now)
        case .shutdownSent: queueShutdown(.shutdown, now: now)
        case .shutdownAckSent: queueShutdown(.shutdownAck, now: now)
        case .idle, .established, .shutdownPending, .shutdownReceived, .closed: handshakeDeadline = nil
        }
    }

    // MARK: Steps

    private mutating func queueInitiation(now: Instant) {
        queue(.initiation(local))
        handshakeDeadline = now + handshakeInterval
    }

    private mutating func queueCookieEcho(now: Instant) {
        queue(.cookieEcho(cookieToEcho))
        handshakeDeadline = now + handshakeInterval
    }

    /// Sets up both directions from what the two sides have said.
    private mutating func adopt(_ ours: SCTPInitiation, _ peer: SCTPInitiation) {
        local = ours
        remote = peer
        remoteWindow = Int(peer.receiverWindow)
        inboundStreams = min(ours.inboundStreams, peer.outboundStreams)
        advertisedWindow = Int(ours.receiverWindow)
        outstanding = OutstandingData(firstTSN: ours.initialTSN)
        received = ReceivedTSNs(cumulative: peer.initialTSN.advanced(by: -1))
        reassembly = ReassemblyQueue(maximumMessageSize: configuration.maximumMessageSize)
        let waiting = resetter.pending
        resetter = StreamResetter(localInitialTSN: ours.initialTSN, remoteInitialTSN: peer.initialTSN)
        // Closed before the handshake was over.
        for stream in waiting { resetStream(stream) }
    }

    private mutating func establish(now: Instant) {
        state = .established
        handshakeDeadline = nil
        cookieToEcho = []
        control.removeAll()
        heartbeatDeadline = now + Self.heartbeatInterval
        emit(.connected)
    }

    /// The peer lost its state and began again (§5.2.4.1).
    private mutating func restart(_ cookie: StateCookie, now: Instant) {
        control.removeAll()
        sendQueue = SendQueue()
        congestion = CongestionController(packetLength: Self.maximumPacketLength)
        timeout = RetransmissionTimeout()
        forwardTSN = ForwardState()
        retransmissionDeadline = nil
        shutdownGuard = nil
        handshakeDeadline = nil
        needsSack = false
        resetter = StreamResetter(localInitialTSN: TSN(0), remoteInitialTSN: TSN(0))
        adopt(cookie.local, cookie.remote)
        state = .established
        emit(.restarted)
    }

    private static let cookieLifetime = Interval.seconds(60)
    private static let maximumCookieLength = 1_100
    private static let maximumUnrecognizedBytes = 512
}
