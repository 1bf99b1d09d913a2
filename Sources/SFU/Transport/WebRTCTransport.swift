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
    var dtls: DTLSSession?
    var receiver: SRTPReceiver?
    var data: DataPath?

    var arrivals = TransportFeedbackGenerator()
    /// Of the camera: browsers send a picture at once if the path carries it.
    var burst = PictureBurst(isBurst: true)
    /// What the peer may send in all.
    let ceiling: MediaCeiling
    /// When the core may next be told that it sends more.
    var nextLimitNotice = Instant.past
    /// When the publisher is next told how much it may send; `nil` before its first packet.
    var nextLimit: Instant?

    private var random: RandomSource
    let shared: SharedState
    /// Names this side in RTCP that is about nobody's stream in particular.
    let ssrc: UInt32
    private(set) var isDTLSClient = false
    private var sctp: SCTPParameters?
    /// The client's first flight, if it came before ``connect(_:ice:sctp:now:into:)``, for the answer may travel
    /// slower than the check; or before its source has proved that it receives.
    var early: [(source: SocketAddress, bytes: [UInt8])] = []
    /// Where the handshake's answers went; only if that is one address do they prove anything.
    var handshakeAddress: SocketAddress?
    var isHandshakeScattered = false

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
        ceiling = MediaCeiling(shared.limits)
        var random = random
        ssrc = .random(in: 1 ... .max, using: &random)
        let cname = String(random.next(), radix: 36)
        ice = ICELiteAgent(local: .random(using: &random), random: random.fork())
        self.random = random
        let egress = Egress(id: id, .sealed, cname: cname, outbox: nil, shared: shared, now: now)
        super.init(id, router: router, egress: egress, isTrusted: false)
    }

    /// Where the peer is; `nil` before it has proved that.
    var address: SocketAddress? { egress.address }

    override var pictureBegan: Instant? { burst.began }

    /// Whether media can be sent.
    var isSendable: Bool { egress.isSendable }

    /// Whether the peer has no keys yet.
    var isShakingHands: Bool { egress.isAwaitingKeys }

    /// What is known now, with what the agents below have refused.
    package override func currentStatistics() -> TransportStatistics {
        var statistics = super.currentStatistics()
        statistics.packetsRejected += UInt64(ice.rejectedMessages + (dtls?.discardedDatagrams ?? 0))
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
        self.sctp = sctp
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
        flushChannels(now: now, into: &queue)
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
        statistics.packetsReceived += 1
        statistics.bytesReceived += UInt64(datagram.byteCount)
        switch kind {
        case .rtp: if !handleRTP(&datagram, now: now) { statistics.packetsRejected += 1 }
        case .rtcp: if !handleRTCP(&datagram, now: now, into: &queue) { statistics.packetsRejected += 1 }
        case .stun: handleSTUN(datagram.bytes, from: source, now: now, into: &queue)
        case .dtls: handleDTLS(datagram.bytes, from: source, now: now, into: &queue)
        }
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

    override func flushData(now: Instant, into queue: inout TransmitQueue) {
        flushChannels(now: now, into: &queue)
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
            next.consider(arrivals.pollTimeout(), .arrivals)
            next.consider(egress.pollDeadline(now: now))
            next.consider(nextLimit, .limit)
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
                flushChannels(now: now, into: &queue)
            }
        }
        if isSendable {
            for producer in producers { producer.handleTimeout(now: now) }
            egress.handleTimeout(now: now, into: &queue)
            sendLimit(now: now, into: &queue)
            sendFeedback(now: now, into: &queue)
        }
        rearm(now: now)
    }

    override func sendKeyFrameRequests(now: Instant, into queue: inout TransmitQueue) {
        guard isSendable, producers.contains(where: { $0.streams.contains(where: \.isKeyFrameRequestDue) })
        else { return }
        sendFeedback(now: now, into: &queue)
        rearm(now: now)
    }
}
