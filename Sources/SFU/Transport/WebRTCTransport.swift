package import WebRTC
package import Wire

/// One peer connection (mediasoup's *WebRtcTransport*): path, keys, data channels, and the streams both ways.
///
/// ```
///  STUN ─▶ ICELiteAgent      DTLS ─▶ DTLSSession ─▶ keys, DataChannels      SRTP ─▶ Producer      Consumer ─▶ SRTP
/// ```
///
/// The Worker's core calls ``handle(_:kind:from:now:into:)`` with each datagram of this transport,
/// ``forward(now:into:)`` once a wake-up, and ``handleTimeout(now:into:)`` when ``deadline`` has come; what
/// happened is then in ``events``.
package final class WebRTCTransport {
    // What forwarding reads, first and close together: ``prefetch(from:of:)``.

    /// Where packets go; `nil` before the peer has proved where it is.
    private(set) var address: SocketAddress?
    private var isPathAlive = true
    /// Of ``deadline`` among all transports'; the core keeps it up to date.
    var place: Int
    private let deadlines: TransportDeadlines
    let scratch: Scratch
    var consumers: [Consumer] = []
    /// Where ``forward(now:into:)`` goes on after a flush.
    var nextConsumer = 0
    /// What happened since the core last looked.
    var events: [WorkerEvent] = [] { didSet { hasNews = true } }
    /// Sources that have proved themselves since the core last looked: its address table learns them.
    var newSources: [SocketAddress] = [] { didSet { hasNews = true } }
    /// Whether something was granted anew, so that other encodings may be watched, since the core last looked.
    var hasGrants = false { didSet { hasNews = true } }
    /// Whether any of these three has changed, so that the core need not look at each.
    var hasNews = false
    var nextReport: Instant?
    var held = HeldPackets<HeldPacket>()
    var adaptation = TransportAdaptation()
    var statistics = TransportStatistics()
    var sender: SRTPSender?
    var congestion: CongestionControl

    package let id: TransportID
    let router: RouterID
    let certificate: DTLSCertificate

    package var ice: ICELiteAgent {
        didSet {
            address = ice.selectedAddress
            isPathAlive = ice.state != .failed
        }
    }
    var dtls: DTLSSession?
    var receiver: SRTPReceiver?
    var channels: DataChannels?
    var directory = DataChannelDirectory()

    var producers: [Producer] = []
    var arrivals = TransportFeedbackGenerator()
    /// What the peer may send in all.
    let ceiling: MediaCeiling
    /// What is looked at of the numbers that the peer asks for again, and of those whose arrival it reports.
    var requests = Allowance(rate: 4_096)
    var reports = Allowance(rate: 32_768)
    /// When the core may next be told that it sends more.
    var nextLimitNotice = Instant.past

    private var random: SplitMix64
    let identifiers: IdentifierSource
    /// Adds up to the wall clock.
    let wallClockOffset: Int64
    /// Names this side in RTCP that is about nobody's stream in particular.
    let ssrc: UInt32
    let cname: String
    var reportedPackets: UInt64 = 0
    /// Reports due in a row with nothing new sent.
    var quietReports = 0
    private(set) var isDTLSClient = false
    private var sctp: SCTPParameters?
    let limits: WorkerConfiguration.Limits
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
        limits: WorkerConfiguration.Limits,
        identifiers: IdentifierSource,
        scratch: Scratch,
        deadlines: TransportDeadlines,
        wallClockOffset: Int64,
        now: Instant,
        random: SplitMix64
    ) {
        self.id = id
        self.router = router
        self.certificate = certificate
        self.limits = limits
        ceiling = MediaCeiling(limits)
        self.wallClockOffset = wallClockOffset
        self.identifiers = identifiers
        self.scratch = scratch
        self.deadlines = deadlines
        place = deadlines.append()
        var random = random
        ssrc = .random(in: 1 ... .max, using: &random)
        cname = String(random.next(), radix: 36)
        self.random = random
        ice = ICELiteAgent(local: .random())
        congestion = CongestionControl(now: now)
    }

    /// When ``handleTimeout(now:into:)`` is next due.
    var deadline: Instant {
        get { deadlines[place] }
        set { deadlines[place] = newValue }
    }

    /// Whether media can be sent.
    var isSendable: Bool { address != nil && isPathAlive && sender != nil }

    /// Whether the peer has no keys yet.
    var isShakingHands: Bool { sender == nil }

    /// What is known now, with what the agents below have refused.
    package func currentStatistics() -> TransportStatistics {
        var statistics = statistics
        statistics.packetsRejected += UInt64(ice.rejectedMessages + (dtls?.discardedDatagrams ?? 0))
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
            channels = DataChannels(
                isDTLSClient: isDTLSClient,
                localPort: SCTPParameters().port,
                remotePort: sctp.port,
                maximumMessageSize: SCTPParameters().maximumMessageSize,
                remoteMaximumMessageSize: sctp.maximumMessageSize,
                maximumChannels: limits.dataChannelsPerTransport,
                using: &random
            )
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
        let credentials = ICECredentials.random()
        ice.restart(credentials)
        return credentials
    }

    /// Tells the peer that this is the end.
    func close(now: Instant, into queue: inout TransmitQueue) {
        guard let address else { return }
        channels?.abort(now: now)
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

    // MARK: Time

    /// Recomputes ``deadline`` after anything but the sending of media.
    func rearm(now: Instant) {
        var next = Instant.never
        if let due = ice.pollTimeout() { next = min(next, due) }
        // Without a path or keys nothing can be sent, whatever is due: it is looked at again when they are
        // there.
        if address != nil {
            if let due = dtls?.pollTimeout() { next = min(next, due) }
            if let due = channels?.pollTimeout() { next = min(next, due) }
        }
        if isSendable {
            if let due = arrivals.pollTimeout() { next = min(next, due) }
            if let due = nextReport { next = min(next, due) }
            next = min(next, pollAdaptation(now: now), adaptation.nextLimit ?? .never)
            for consumer in consumers {
                if let due = consumer.pollTimeout(isPathWide: congestion.isWide) { next = min(next, due) }
            }
            for producer in producers { if let due = producer.pollTimeout() { next = min(next, due) } }
        }
        deadline = next
    }

    func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        ice.handleTimeout(now: now)
        drainICE(now: now, into: &queue)
        if let address {
            if let due = dtls?.pollTimeout(), now >= due {
                dtls?.handleTimeout(now: now, to: address, into: &queue)
                handleDTLSProgress(now: now, into: &queue)
            }
            if let due = channels?.pollTimeout(), now >= due {
                channels?.handleTimeout(now: now)
                flushChannels(now: now, into: &queue)
            }
        }
        if isSendable {
            for consumer in consumers
            where consumer.handleTimeout(through: self, now: now, into: &queue) {
                if let change = consumer.pollLayersChange() { report(change, of: consumer) }
                beginReports(now: now)
            }
            for producer in producers { producer.handleTimeout(now: now) }
            handleAdaptation(now: now, into: &queue)
            sendReports(now: now, into: &queue)
            sendLimit(now: now, into: &queue)
            sendFeedback(now: now, into: &queue)
        }
        rearm(now: now)
    }

    /// Passes on the requests for key frames that other transports' consumers have made in this wake-up.
    func sendKeyFrameRequests(now: Instant, into queue: inout TransmitQueue) {
        guard isSendable, producers.contains(where: { $0.streams.contains(where: \.isKeyFrameRequestDue) })
        else { return }
        sendFeedback(now: now, into: &queue)
        rearm(now: now)
    }
}

extension Instant {
    /// Later than anything.
    static let never = Instant(nanoseconds: .max)
    /// Earlier than anything.
    static let past = Instant(nanoseconds: .min / 2)
}
