package import WebRTC
package import Wire

/// One peer connection (mediasoup's *WebRtcTransport*): path, keys, data channels, and the streams both ways.
///
/// ```
///  STUN ─▶ ICELiteAgent      DTLS ─▶ DTLSSession ─▶ keys, DataChannels      SRTP ─▶ Producer      Consumer ─▶ SRTP
/// ```
///
/// The Worker's core calls ``handle(_:kind:from:now:into:)`` with each datagram of this transport,
/// ``Egress/forward(now:into:)`` of its egress once a wake-up, and ``handleTimeout(now:into:)`` when its deadline has
/// come; what happened is then in ``TransportNews``.
package final class WebRTCTransport: Transport {
    let certificate: DTLSCertificate

    package var ice: ICELiteAgent {
        didSet { egress.setAddress(ice.selectedAddress, isAlive: ice.state != .failed) }
    }
    private var handshakes = HandshakeSources()
    private var dtls: DTLSSession?
    private var media: MediaReception
    private var data: DataPath?
    private var random: RandomSource
    private let shared: SharedState
    private var isDTLSClient = false

    init(
        id: TransportID,
        router: RouterID,
        certificate: DTLSCertificate,
        shared: SharedState,
        now: Instant,
        random: RandomSource
    ) {
        self.certificate = certificate
        self.shared = shared
        var random = random
        let ssrc = UInt32.random(in: 1 ... .max, using: &random)
        let cname = String(random.next(), radix: 36)
        ice = ICELiteAgent(local: .random(using: &random), random: random.fork())
        self.random = random
        let egress = Egress(id: id, .sealed, cname: cname, outbox: nil, shared: shared, now: now)
        media = MediaReception(shared.limits, ssrc: ssrc, egress: egress, news: shared.news)
        super.init(id, router: router, egress: egress, isTrusted: false)
    }

    /// Where the peer is; `nil` before it has proved that.
    var address: SocketAddress? { egress.address }

    override var pictureBegan: Instant? { media.pictureBegan }

    /// Whether media can be sent.
    var isSendable: Bool { egress.isSendable }

    /// Whether the peer has no keys yet.
    var isShakingHands: Bool { egress.isAwaitingKeys }

    /// What is known now, with what the agents below have refused.
    package override func currentStatistics() -> TransportStatistics {
        var statistics = super.currentStatistics()
        statistics.packetsRejected += UInt64(ice.rejectedMessages + (dtls?.discardedDatagrams ?? 0))
        statistics.packetsRejected += media.rejected
        statistics.packetsOverLimit += media.overLimit
        if let state = data?.state { statistics.sctpState = state }
        statistics.addressChecks = UInt64(ice.sentChecks)
        return statistics
    }

    // MARK: Commands

    /// Learns who the peer is.
    ///
    /// The handshake starts once there is a path. Without `remoteICE`, an address that the peer has moved to
    /// without knowing is noticed only when it checks for consent.
    package func connect(
        _ remote: DTLSParameters,
        ice remoteICE: ICECredentials? = nil,
        sctp: SCTPParameters?,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        guard dtls == nil else { throw .invalidState("the transport is connected already") }
        let role: DTLSRole = remote.role == .client ? .server : .client
        do {
            dtls = try DTLSSession(
                certificate: certificate,
                role: role,
                remoteFingerprints: remote.fingerprints
            )
        } catch {
            throw .unsupported("DTLS: \(error)")
        }
        if let remoteICE { setRemoteICE(remoteICE, into: &queue) }
        isDTLSClient = role == .client
        if let sctp {
            let channels = DataChannels(
                isDTLSClient: isDTLSClient,
                localPort: SCTPParameters().port,
                remotePort: sctp.port,
                maximumMessageSize: SCTPParameters().maximumMessageSize,
                remoteMaximumMessageSize: sctp.maximumMessageSize,
                maximumChannels: shared.limits.dataChannelsPerTransport,
                using: &random
            )
            data = DataPath(of: id, channels, identifiers: shared.identifiers)
        }
        startDTLSIfReady(now: now, into: &queue)
        handleEarly(now: now, into: &queue)
        handleDTLSProgress(now: now, into: &queue)
        rearm(now: now)
    }

    /// Learns the peer's credentials, and has the sources that it has checked from prove themselves.
    package func setRemoteICE(_ credentials: ICECredentials, into queue: inout TransmitQueue) {
        ice.remote = credentials
        ice.checkUnproven(into: &queue)
    }

    func restartICE() -> ICECredentials {
        let credentials = ICECredentials.random(using: &random)
        ice.restart(credentials)
        return credentials
    }

    override func close(now: Instant, into queue: inout TransmitQueue) {
        guard let address else { return }
        data?.abort(now: now)
        flushData(now: now, into: &queue)
        dtls?.close(to: address, into: &queue)
    }

    // MARK: Datagrams

    /// Takes one datagram of this transport; RTP and RTCP are decrypted in place.
    func handle(
        _ datagram: inout MutableRawSpan,
        kind: PacketKind,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        noteReceived(datagram.bytes)
        switch kind {
        case .rtp: statistics.noteMedia(isTaken: media.handleRTP(&datagram, of: producers, now: now))
        case .rtcp: statistics.noteReport(isTaken: handleRTCP(&datagram, now: now, into: &queue))
        case .stun: handleSTUN(datagram.bytes, from: source, now: now, into: &queue)
        case .dtls: handleDTLS(datagram.bytes, from: source, now: now, into: &queue)
        }
    }

    // MARK: RTCP

    /// Decrypts an RTCP packet in place and takes it; returns whether it was the peer's.
    private func handleRTCP(
        _ datagram: inout MutableRawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard let length = media.openRTCP(&datagram) else { return false }
        handleRTCP(datagram.bytes.extracting(first: length), now: now, into: &queue)
        return true
    }

    private func handleRTCP(_ compound: RawSpan, now: Instant, into queue: inout TransmitQueue) {
        var packets = RTCPPackets()
        do throws(RTCPParseError) {
            while let element = try packets.next(in: compound) {
                try handle(element, in: compound, now: now, into: &queue)
            }
        } catch {
            statistics.packetsRejected += 1
        }
        // Feedback may have started retransmissions, key-frame requests and timers.
        rearm(now: now)
    }

    private func handle(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(RTCPParseError) {
        if element.type == RTCPType.senderReport {
            let report = try SenderReport(element.body, in: compound)
            for producer in producers { producer.stream(of: report.ssrc)?.handle(report, now: now) }
        }
        try egress.handle(element, in: compound, now: now, into: &queue)
    }

    // MARK: The path

    func drainICE(now: Instant, into queue: inout TransmitQueue) {
        while let event = ice.pollEvent() {
            switch event {
            case .selectedAddressChanged(let address):
                statistics.remoteAddress = address
                egress.handlePath(isConnection: address.isConnection, now: now)
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
    private func startDTLSIfReady(now: Instant, into queue: inout TransmitQueue) {
        guard let address, dtls?.state == .new else { return }
        dtls?.start(now: now, to: address, into: &queue)
    }

    private func handleSTUN(
        _ message: RawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        let wasProven = ice.isProven(source)
        ice.handle(message, from: source, now: now, into: &queue)
        drainICE(now: now, into: &queue)
        statistics.notePath(isHeard: ice.accepts(source), isAnswered: ice.selectedAddress != nil)
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
            handshakes.keep(datagram, from: source)
            ice.checkUnproven(source, into: &queue)
            return
        }
        shakeHands(datagram, from: source, now: now, into: &queue)
    }

    /// What came too early may be answered now.
    private func handleEarly(now: Instant, into queue: inout TransmitQueue) {
        guard dtls != nil else { return }
        for (source, bytes) in handshakes.takeEarly() {
            guard ice.allows(Self.largestFlight, to: source) else {
                if ice.accepts(source) { unsafe handshakes.keep(bytes.span.bytes, from: source) }
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
        if !answers.isEmpty { handshakes.handleAnswer(to: source) }
        ice.noteSent(answers.reduce(0) { $0 + $1.length }, to: source)
        if dtls?.state == .connected, handshakes.proves(source), !ice.isProven(source) {
            ice.handleProof(of: source, now: now)
            drainICE(now: now, into: &queue)
            shared.news.provenSources.append((source, self))
        }
        handleDTLSProgress(now: now, into: &queue)
        rearm(now: now)
    }

    private func handleDTLSProgress(now: Instant, into queue: inout TransmitQueue) {
        while let event = dtls?.pollEvent() {
            switch event {
            case .connected(let material):
                egress.setKeys(try? SRTPSender(material))
                media.setKeys(try? SRTPReceiver(material))
                setDTLSState(.connected)
                data?.connect(now: now)
                egress.handleReachable(now: now)
            case .failed(let failure): setDTLSState(.failed, failure)
            case .closed:
                // Nobody reads what would be sent from now on.
                egress.setKeys(nil)
                media.setKeys(nil)
                setDTLSState(.closed)
            }
        }
        if statistics.dtlsState == .new, let state = dtls?.state, state == .connecting {
            setDTLSState(.connecting)
        }
        while dtls?.pollApplicationData({ packet in data?.handle(packet, now: now) }) == true {}
        if data != nil { flushData(now: now, into: &queue) }
    }

    private func setDTLSState(_ state: DTLSState, _ failure: DTLSFailure? = nil) {
        (statistics.dtlsState, statistics.progress.failure) = (state, failure)
        shared.news.events.append(.dtlsStateChanged(id, state))
    }

    /// Bytes of the longest flight of ours that another one answers: hello, certificate, key exchange.
    private static let largestFlight = 1_000

    // MARK: NAT rebinding

    // Packets from addresses that no check has come from: after a router has forgotten the peer's mapping, its packets come
    // from another address, and neither side is told. What the keys prove to be the peer's is taken (RFC 8445 §12.2 lets
    // media arrive from any candidate). But nothing is sent to its source before the peer has answered a check there: the
    // packet may have been caught and sent on by somebody else.

    /// How likely a packet is the peer's, the less the likelier; `nil` if it cannot be.
    func lead(of packet: RawSpan, kind: PacketKind) -> UInt64? {
        guard ice.remote != nil, isSendable else { return nil }
        return switch kind {
        case .dtls: dtls?.lead(of: packet)
        case .rtcp: media.leadOfRTCP(packet)
        case .rtp: media.leadOfRTP(packet)
        case .stun: nil
        }
    }

    /// Takes a packet that has a ``lead(of:kind:)``, and has its source checked, if it is the peer's; returns
    /// whether it is.
    ///
    /// It is decrypted in a copy: another transport may have to try, too.
    func handleRebound(
        _ datagram: RawSpan,
        kind: PacketKind,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard takeAuthentic(datagram, kind: kind, now: now, into: &queue) else { return false }
        ice.checkAddress(source, receiving: datagram.byteCount, now: now, into: &queue)
        rearm(now: now)
        return true
    }

    /// Takes a packet of the peer's; returns whether its keys prove that it is.
    func takeAuthentic(
        _ datagram: RawSpan,
        kind: PacketKind,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        if kind == .dtls {
            guard dtls?.handleRebound(datagram) == true else { return false }
            handleDTLSProgress(now: now, into: &queue)
            noteReceived(datagram)
            return true
        }
        guard datagram.byteCount <= shared.scratch.datagram.count else { return false }
        // Shares its memory with nobody: one thread handles one datagram at a time.
        let isOwn = unsafe shared.scratch.datagram.withUnsafeMutableBytes { buffer in
            unsafe datagram.withUnsafeBytes { unsafe buffer.copyMemory(from: $0) }
            var copy = unsafe MutableRawSpan(
                _unsafeBytes: UnsafeMutableRawBufferPointer(rebasing: buffer[..<datagram.byteCount])
            )
            return switch kind {
            case .rtcp: handleRTCP(&copy, now: now, into: &queue)
            case .rtp: media.handleRTP(&copy, of: producers, now: now)
            case .dtls, .stun: false
            }
        }
        if isOwn { noteReceived(datagram) }
        return isOwn
    }

    private func noteReceived(_ datagram: RawSpan) {
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
    }

    // MARK: Data channels

    override func consumeData(
        _ parameters: DataChannelParameters,
        as id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        guard data != nil else { throw .invalidState("the transport has no data channels") }
        try data?.open(parameters, as: id, now: now)
    }

    override func send(_ bytes: RawSpan, isBinary: Bool, on id: DataProducerID, now: Instant) throws(SFUError)
    {
        guard data != nil else { throw .notFound }
        try data?.send(bytes, isBinary: isBinary, on: id, now: now)
    }

    override func send(_ bytes: RawSpan, isBinary: Bool, on id: DataConsumerID, now: Instant) throws(SFUError)
    {
        guard data != nil else { throw .notFound }
        try data?.send(bytes, isBinary: isBinary, on: id, now: now)
    }

    override func close(_ id: DataProducerID, now: Instant) throws(SFUError) {
        guard data != nil else { throw .notFound }
        try data?.close(id, now: now)
    }

    override func close(_ id: DataConsumerID, now: Instant) throws(SFUError) {
        guard data != nil else { throw .notFound }
        try data?.close(id, now: now)
    }

    /// Hands what the data channels have to say to DTLS, and their events to the core.
    override func flushData(now: Instant, into queue: inout TransmitQueue) {
        guard data != nil, let address else { return }
        let scratch = shared.scratch
        let length = scratch.packet.count
        var isPending = true
        while isPending {
            unsafe scratch.packet.withUnsafeMutableBytes { buffer in
                var out = unsafe OutputRawSpan(buffer: buffer, initializedCount: 0)
                isPending = data?.pollPacket(now: now, into: &out) ?? false
                let written = unsafe out.finalize(for: buffer)
                guard isPending, written > 0, written <= length else { return }
                let bytes = unsafe RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[0..<written])
                )
                // Before the handshake is done there is nothing to send; SCTP's own timers cover a full
                // queue.
                try? dtls?.send(bytes, to: address, into: &queue)
            }
        }
        while let event = data?.pollEvent(now: now) { shared.news.events.append(event) }
    }

    // MARK: Time

    override func rearm(now: Instant) {
        var next = Deadline()
        next.consider(ice.pollTimeout(), .connectivity)
        // Without a path or keys nothing can be sent, whatever is due: it is looked at again when they are
        // there.
        if address != nil {
            next.consider(dtls?.pollTimeout(), .handshake)
            next.consider(data?.pollTimeout(), .dataChannels)
        }
        if isSendable {
            media.consider(for: &next)
            next.consider(egress.pollDeadline(now: now))
            for producer in producers { next.consider(producer.pollTimeout(), .source) }
        }
        due = next
    }

    override func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        if let due = ice.pollTimeout(), now >= due { ice.handleTimeout(now: now) }
        drainICE(now: now, into: &queue)
        if let address {
            if let due = dtls?.pollTimeout(), now >= due {
                dtls?.handleTimeout(now: now, to: address, into: &queue)
                handleDTLSProgress(now: now, into: &queue)
            }
            if let due = data?.pollTimeout(), now >= due {
                data?.handleTimeout(now: now)
                flushData(now: now, into: &queue)
            }
        }
        if isSendable {
            for producer in producers { producer.handleTimeout(now: now) }
            egress.handleTimeout(now: now, into: &queue)
            media.sendLimit(to: producers, now: now, into: &queue)
            media.sendFeedback(of: producers, now: now, into: &queue)
        }
        rearm(now: now)
    }

    override func sendKeyFrameRequests(now: Instant, into queue: inout TransmitQueue) {
        guard isSendable, producers.contains(where: { $0.streams.contains(where: \.isKeyFrameRequestDue) })
        else { return }
        media.sendFeedback(of: producers, now: now, into: &queue)
        rearm(now: now)
    }
}
