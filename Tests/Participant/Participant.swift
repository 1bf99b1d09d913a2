public import WebRTC
public import Wire

/// A native participant of a room: the browser's side of one peer connection, without I/O.
///
/// It is the controlling ICE agent and the DTLS client, receives any number of media streams as a browser
/// would (asks for lost packets and key frames, reports, and tells arrival times), publishes synthetic ones,
/// and has data channels. Tests run it on virtual time, load generators on sockets (``ParticipantSocket``).
///
/// Call ``start(now:into:)``, then ``handle(_:from:now:into:)`` for each datagram and
/// ``handleTimeout(now:into:)`` when ``pollTimeout()`` has come; then take ``pollEvent()``.
public final class Participant {
    public enum Event: Hashable, Sendable {
        case channelAcknowledged(stream: UInt16)
        case channelClosed(stream: UInt16)
        case channelOpened(stream: UInt16, DataChannelParameters)
        case channelsStateChanged(DataChannels.State)
        case dtlsClosed
        case dtlsConnected
        case dtlsFailed(DTLSFailure)
        case iceStateChanged(ICEState)
        case message(stream: UInt16, isBinary: Bool, bytes: [UInt8])
    }

    public struct Statistics: Hashable, Sendable {
        public var datagramsReceived = 0
        public var bytesReceived = 0
        /// Datagrams that were not authentic, or of no stream that was told of.
        public var rejected = 0
        /// Feedback messages about arrival times that were sent.
        public var transportFeedbackSent = 0
        /// And those that came, with the packets that they say were lost.
        public var transportFeedbackReceived = 0
        public var transportFeedbackLost = 0
        /// Report blocks about this participant's own streams.
        public var reportsReceived = 0
        /// The newest one's share of packets lost, 0…1.
        public var reportedLoss = 0.0
        public var nacksReceived = 0
        /// What the room said is the most that it takes, bits per second; `nil`: nothing was said.
        public var receiverLimit: Int?
        public var keyFrameRequestsReceived = 0
    }

    public let configuration: ParticipantConfiguration
    public internal(set) var statistics = Statistics()
    public private(set) var ice: ICEControllingAgent
    /// Whether packets are kept in ``ReceivedStream/arrivals``.
    public var isRecording = false
    /// Whether the peer is told how packets arrive.
    public var sendsTransportFeedback = true
    /// Where the streams expected from now on put down how long their packets travelled, where they are
    /// decrypted.
    public var latencies: LatencyHistogram?
    public internal(set) var streams: [ReceivedStream] = []
    public internal(set) var published: [PublishedStream] = []
    /// Names the participant in its RTCP.
    public let ssrc: UInt32

    /// Instead of ``ice``, if the participant is ICE-lite.
    private var lite: ICELiteAgent?
    private var dtls: DTLSSession
    var sender: SRTPSender?
    var receiver: SRTPReceiver?
    private var channels: DataChannels?
    var arrivals = TransportFeedbackGenerator()
    var transportSequence: UInt16 = 1
    var estimate: PublisherEstimate?
    var mediaPackets = 0
    var nextReport: Instant?
    private var events: [Event] = []
    var random: RandomSource
    private var packet = [UInt8](repeating: 0, count: TransmitQueue.datagramCapacity)

    /// - Throws: ``DTLSError`` if there is no fingerprint or OpenSSL fails.
    public init(_ configuration: ParticipantConfiguration) throws {
        self.configuration = configuration
        random = RandomSource(seed: configuration.seed)
        ssrc = .random(in: 1 ... .max, using: &random)
        ice = ICEControllingAgent(
            local: configuration.local,
            remote: configuration.remote,
            remoteAddress: configuration.remoteAddress,
            tieBreaker: random.next(),
            seed: random.next()
        )
        lite = configuration.isICELite ? ICELiteAgent(local: configuration.local, random: random.fork()) : nil
        lite?.remote = configuration.remote
        dtls = try DTLSSession(
            certificate: configuration.certificate,
            role: configuration.role,
            remoteFingerprints: configuration.remoteFingerprints
        )
        guard configuration.hasDataChannels else { return }
        channels = DataChannels(isDTLSClient: configuration.role == .client, using: &random)
    }

    public var isConnected: Bool { sender != nil }
    /// What is known of the data channels; `nil` without any.
    public var channelsState: DataChannels.State? { channels?.state }
    var remoteAddress: SocketAddress { ice.remoteAddress }

    // MARK: Commands

    /// Sends the first check.
    public func start(now: Instant, into queue: inout TransmitQueue) {
        guard lite == nil else { return }
        ice.start(now: now, into: &queue)
        drainICE(now: now, into: &queue)
    }

    /// The owner sends from another address from now on.
    public func changePath(now: Instant, into queue: inout TransmitQueue) {
        ice.changePath(now: now, into: &queue)
    }

    /// Checks with new credentials, which signalling has exchanged.
    public func restartICE(remote: ICECredentials, now: Instant, into queue: inout TransmitQueue) {
        ice.restart(local: .random(using: &random), remote: remote, now: now, into: &queue)
    }

    /// Says goodbye.
    public func close(now: Instant, into queue: inout TransmitQueue) {
        channels?.abort(now: now)
        flushChannels(now: now, into: &queue)
        dtls.close(to: remoteAddress, into: &queue)
        sender = nil
        receiver = nil
    }

    // MARK: Data channels

    public func openChannel(
        _ parameters: DataChannelParameters,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(DataChannelError) -> UInt16 {
        guard let stream = try channels?.open(parameters, now: now) else { throw .notOpen }
        flushChannels(now: now, into: &queue)
        return stream
    }

    public func send(
        _ bytes: [UInt8],
        isBinary: Bool = true,
        on stream: UInt16,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(DataChannelError) {
        guard channels != nil else { throw .notOpen }
        try channels?.send(bytes.span.bytes, isBinary: isBinary, on: stream, now: now)
        flushChannels(now: now, into: &queue)
    }

    public func closeChannel(_ stream: UInt16, now: Instant, into queue: inout TransmitQueue) {
        channels?.close(stream: stream, now: now)
        flushChannels(now: now, into: &queue)
    }

    // MARK: Datagrams and time

    /// Takes one datagram of the room; media is decrypted in place.
    public func handle(
        _ datagram: inout MutableRawSpan,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) {
        statistics.datagramsReceived += 1
        statistics.bytesReceived += datagram.byteCount
        switch PacketKind(of: datagram.bytes) {
        case .rtp: handleRTP(&datagram, now: now)
        case .rtcp: handleRTCP(&datagram, now: now, into: &queue)
        case .stun:
            if lite == nil {
                ice.handle(datagram.bytes, from: source, now: now, into: &queue)
            } else {
                lite?.handle(datagram.bytes, from: source, now: now, into: &queue)
            }
            drainICE(now: now, into: &queue)
        case .dtls:
            dtls.handle(datagram.bytes, from: source, now: now, into: &queue)
            drainDTLS(now: now, into: &queue)
        case nil: statistics.rejected += 1
        }
    }

    public func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        if lite == nil, let due = ice.pollTimeout(), now >= due {
            ice.handleTimeout(now: now, into: &queue)
            drainICE(now: now, into: &queue)
        }
        if let due = lite?.pollTimeout(), now >= due {
            lite?.handleTimeout(now: now)
            drainICE(now: now, into: &queue)
        }
        if let due = dtls.pollTimeout(), now >= due {
            dtls.handleTimeout(now: now, to: remoteAddress, into: &queue)
            drainDTLS(now: now, into: &queue)
        }
        if let due = channels?.pollTimeout(), now >= due {
            channels?.handleTimeout(now: now)
            flushChannels(now: now, into: &queue)
        }
        guard isConnected else { return }
        for stream in published { sendFrame(of: stream, now: now, into: &queue) }
        sendFeedback(now: now, into: &queue)
        sendReports(now: now, into: &queue)
    }

    public func pollTimeout() -> Instant? {
        var next = Instant(nanoseconds: .max)
        func consider(_ due: Instant?) { if let due { next = min(next, due) } }
        consider(lite == nil ? ice.pollTimeout() : lite?.pollTimeout())
        consider(dtls.pollTimeout())
        consider(channels?.pollTimeout())
        if isConnected {
            consider(nextReport)
            if sendsTransportFeedback { consider(arrivals.pollTimeout()) }
            for index in streams.indices {
                consider(
                    streams[index].wantsKeyFrame
                        ? Instant(nanoseconds: .min) : streams[index].nack?.pollTimeout()
                )
            }
            for stream in published { consider(stream.pollTimeout()) }
        }
        return next.nanoseconds == .max ? nil : next
    }

    /// What happened; call until it returns `nil`.
    public func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    // MARK: Path and keys

    private func drainICE(now: Instant, into queue: inout TransmitQueue) {
        while case .stateChanged(let state)? = ice.pollEvent() { handleICE(state, now: now, into: &queue) }
        while let event = lite?.pollEvent() {
            if case .stateChanged(let state) = event { handleICE(state, now: now, into: &queue) }
        }
    }

    private func handleICE(_ state: ICEState, now: Instant, into queue: inout TransmitQueue) {
        events.append(.iceStateChanged(state))
        guard state == .connected, dtls.state == .new else { return }
        dtls.start(now: now, to: remoteAddress, into: &queue)
    }

    private func drainDTLS(now: Instant, into queue: inout TransmitQueue) {
        while let event = dtls.pollEvent() {
            switch event {
            case .connected(let material):
                sender = try? SRTPSender(material)
                receiver = try? SRTPReceiver(material)
                events.append(.dtlsConnected)
                channels?.connect(now: now)
                nextReport = now + .seconds(1)
                for stream in published { stream.start(now: now) }
            case .failed(let failure): events.append(.dtlsFailed(failure))
            case .closed:
                sender = nil
                receiver = nil
                events.append(.dtlsClosed)
            }
        }
        guard channels != nil else { return }
        while dtls.pollApplicationData({ packet in channels?.handle(packet, now: now) }) {}
        flushChannels(now: now, into: &queue)
    }

    private func flushChannels(now: Instant, into queue: inout TransmitQueue) {
        guard channels != nil else { return }
        var isPending = true
        while isPending {
            packet.withUnsafeMutableBytes { buffer in
                var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
                isPending = channels?.pollPacket(now: now, into: &out) ?? false
                let length = out.finalize(for: buffer)
                guard isPending, length > 0 else { return }
                let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: buffer[..<length]))
                // Before DTLS is up there is nothing to send; afterwards SCTP repeats what is lost.
                try? dtls.send(bytes, to: remoteAddress, into: &queue)
            }
        }
        while let event = channels?.pollEvent() {
            switch event {
            case .acknowledged(let stream): events.append(.channelAcknowledged(stream: stream))
            case .bufferedAmountLow: break
            case .closed(let stream): events.append(.channelClosed(stream: stream))
            case .message(let stream, let isBinary, let bytes):
                events.append(.message(stream: stream, isBinary: isBinary, bytes: bytes))
            case .opened(let stream, let parameters):
                events.append(.channelOpened(stream: stream, parameters))
            case .stateChanged(let state): events.append(.channelsStateChanged(state))
            }
        }
    }
}
