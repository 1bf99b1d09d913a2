internal import WebRTC
internal import Wire

/// What ICE and DTLS have to say.
extension WebRTCTransport {
    func drainICE(now: Instant, into queue: inout TransmitQueue) {
        while let event = ice.pollEvent() {
            switch event {
            case .selectedAddressChanged(let address):
                statistics.remoteAddress = address
                shared.news.events.append(.selectedAddressChanged(id, address))
                startDTLSIfReady(now: now, into: &queue)
            case .stateChanged(let state):
                // What is sent without a path is lost, and on a still desktop nothing later would reveal it.
                let wasLost = state == .connected && statistics.iceState == .disconnected
                if wasLost || state == .failed { egress.suspend(now: now) }
                statistics.iceState = state
                shared.news.events.append(.iceStateChanged(id, state))
                if state == .connected { egress.handleReachable(now: now) }
            }
        }
    }

    /// A client begins where the peer has proved to be.
    func startDTLSIfReady(now: Instant, into queue: inout TransmitQueue) {
        guard let address, dtls?.state == .new else { return }
        dtls?.start(now: now, to: address, into: &queue)
    }

    func handleSTUN(
        _ message: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let wasProven = ice.isProven(source)
        ice.handle(message, from: source, now: now, into: &queue)
        drainICE(now: now, into: &queue)
        if !wasProven, ice.isProven(source) { handleProof(of: source, now: now, into: &queue) }
        rearm(now: now)
    }

    private func handleProof(of source: SocketAddress, now: Instant, into queue: inout TransmitQueue) {
        shared.news.provenSources.append((source, self))
        handleEarly(now: now, into: &queue)
    }

    /// Takes a DTLS datagram, if it may be answered.
    func handleDTLS(
        _ datagram: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let isProven = ice.isProven(source)
        if !isProven { ice.noteReceived(datagram.byteCount, from: source) }
        guard isShakingHands else {
            // A message from where the peer has just moved to is taken; the answer goes where it is known to be.
            guard let destination = isProven ? source : address else { return }
            dtls?.handle(datagram, from: destination, now: now, into: &queue)
            handleDTLSProgress(now: now, into: &queue)
            rearm(now: now)
            return
        }
        guard dtls != nil, ice.allows(Self.largestFlight, to: source) else {
            if early.count == Self.maximumEarly { early.removeFirst() }
            early.append((source, unsafe datagram.withUnsafeBytes { unsafe Array($0) }))
            ice.checkUnproven(source, into: &queue)
            return
        }
        shakeHands(datagram, from: source, now: now, into: &queue)
    }

    /// What came too early may be answered now.
    func handleEarly(now: Instant, into queue: inout TransmitQueue) {
        guard dtls != nil, !early.isEmpty else { return }
        let waiting = early
        early = []
        for (source, bytes) in waiting {
            guard ice.allows(Self.largestFlight, to: source) else {
                if ice.accepts(source) { early.append((source, bytes)) }
                continue
            }
            unsafe shakeHands(bytes.span.bytes, from: source, now: now, into: &queue)
        }
    }

    private func shakeHands(
        _ datagram: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        // A server waits for the client wherever that is.
        if !isDTLSClient, dtls?.state == .new { dtls?.start(now: now, to: source, into: &queue) }
        let before = queue.count
        dtls?.handle(datagram, from: source, now: now, into: &queue)
        let answers = queue.datagrams[before...]
        if !answers.isEmpty {
            if let handshakeAddress, handshakeAddress != source { isHandshakeScattered = true }
            handshakeAddress = source
        }
        ice.noteSent(answers.reduce(0) { $0 + $1.length }, to: source)
        // Who finishes the handshake has read the flight before, which says what nobody can guess.
        if dtls?.state == .connected, !isHandshakeScattered, handshakeAddress == source, !ice.isProven(source)
        {
            ice.handleProof(of: source, now: now)
            drainICE(now: now, into: &queue)
            shared.news.provenSources.append((source, self))
        }
        handleDTLSProgress(now: now, into: &queue)
        rearm(now: now)
    }

    func handleDTLSProgress(now: Instant, into queue: inout TransmitQueue) {
        while let event = dtls?.pollEvent() {
            switch event {
            case .connected(let material):
                egress.setKeys(try? SRTPSender(material))
                receiver = try? SRTPReceiver(material)
                setDTLSState(.connected)
                data?.connect(now: now)
                egress.handleReachable(now: now)
            case .failed: setDTLSState(.failed)
            case .closed:
                // Nobody reads what would be sent from now on.
                egress.setKeys(nil)
                receiver = nil
                setDTLSState(.closed)
            }
        }
        if statistics.dtlsState == .new, let state = dtls?.state, state == .connecting {
            setDTLSState(.connecting)
        }
        while dtls?.pollApplicationData({ packet in data?.handle(packet, now: now) }) == true {}
        if data != nil { flushChannels(now: now, into: &queue) }
    }

    private func setDTLSState(_ state: DTLSState) {
        statistics.dtlsState = state
        shared.news.events.append(.dtlsStateChanged(id, state))
    }

    private static let maximumEarly = 4
    /// Bytes of the longest flight of ours that another one answers: hello, certificate, key exchange.
    private static let largestFlight = 1_000
}
