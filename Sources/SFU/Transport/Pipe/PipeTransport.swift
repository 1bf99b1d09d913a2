internal import WebRTC
package import Wire

/// A way between two routers, of one Worker or of two (mediasoup's *PipeTransport*): RTP of every encoding, RTCP both
/// ways, and data channels.
package final class PipeTransport: TupleTransport {
    let enablesRTX: Bool
    private let enablesSCTP: Bool
    private var data: DataPath?

    init(
        id: TransportID,
        router: RouterID,
        options: PipeTransportOptions,
        key: SRTPMasterKey?,
        ssrc: UInt32,
        shared: SharedState,
        now: Instant
    ) {
        enablesRTX = options.enablesRTX
        enablesSCTP = options.enablesSCTP
        super.init(
            id: id,
            router: router,
            options: PlainTransportOptions(
                listenAddress: options.listenAddress,
                srtpCryptoSuite: options.srtpCryptoSuite
            ),
            key: key,
            ssrc: ssrc,
            isTrusted: false,
            shared: shared,
            now: now
        )
    }

    /// Learns where the other end is, and begins.
    ///
    /// - Parameter local: Where this end is, as the other one knows it.
    package func connect(
        to remote: SocketAddress,
        from local: SocketAddress,
        srtp: SRTPParameters?,
        now: Instant,
        random: inout RandomSource
    ) throws(SFUError) {
        try connect(to: remote, srtp: srtp, now: now)
        guard enablesSCTP else { return }
        let parameters = SCTPParameters()
        let channels = DataChannels(
            // One end opens channels on even streams, the other one on odd ones; both know which (RFC 8832 §6).
            isDTLSClient: (local.high, local.low, local.port) < (remote.high, remote.low, remote.port),
            localPort: parameters.port,
            remotePort: parameters.port,
            maximumMessageSize: parameters.maximumMessageSize,
            remoteMaximumMessageSize: parameters.maximumMessageSize,
            maximumChannels: Self.maximumChannels,
            using: &random
        )
        data = DataPath(of: id, channels, identifiers: shared.identifiers)
        data?.connect(now: now)
        flushChannels(now: now)
        rearm(now: now)
    }

    override func accept(
        _ datagram: RawSpan,
        from source: SocketAddress,
        at port: TransportPort,
        now: Instant
    ) -> Bool {
        // The source port of SCTP, which nothing else begins with (RFC 9260 §3.1).
        guard datagram.bigEndian(UInt16.self, at: 0) == SCTPParameters().port else {
            return super.accept(datagram, from: source, at: port, now: now)
        }
        guard tuple.accepts(source, at: port), let before = data?.rejected else { return false }
        data?.handle(datagram, now: now)
        flushChannels(now: now)
        return data?.rejected == before
    }

    override func close(now: Instant, into queue: inout TransmitQueue) {
        data?.abort(now: now)
        flushChannels(now: now)
    }

    // MARK: Time

    override func rearm(now: Instant) {
        super.rearm(now: now)
        var next = due
        next.consider(data?.pollTimeout(), .dataChannels)
        due = next
    }

    override func handleTimeout(now: Instant, into queue: inout TransmitQueue) {
        if let due = data?.pollTimeout(), now >= due {
            data?.handleTimeout(now: now)
            flushChannels(now: now)
        }
        super.handleTimeout(now: now, into: &queue)
    }

    // MARK: Data channels

    func flushChannels(now: Instant) {
        guard data != nil, let address = tuple.rtp else { return }
        var isPending = true
        while isPending {
            isPending = false
            outbox.queue.append(to: address) { isPending = data?.pollPacket(now: now, into: &$0) ?? false }
        }
        while let event = data?.pollEvent(now: now) { shared.news.events.append(event) }
        statistics.sctpState = data?.state ?? statistics.sctpState
    }

    override func consumeData(
        _ parameters: DataChannelParameters,
        as id: DataConsumerID,
        now: Instant
    ) throws(SFUError) {
        guard data != nil else {
            throw .invalidState("the pipe was made without data channels, or is not connected")
        }
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

    override func flushData(now: Instant, into queue: inout TransmitQueue) { flushChannels(now: now) }

    /// Passes a message of another transport's channel on, and sends it at once.
    func forward(_ message: DataMessage, on id: DataConsumerID) {
        // A channel whose buffer is full loses messages, as in mediasoup: the other end does not read as fast as they come.
        try? unsafe send(message.bytes.span.bytes, isBinary: message.isBinary, on: id, now: message.received)
        flushChannels(now: message.received)
        rearm(now: message.received)
    }

    /// The stream of a channel, which both ends know it by.
    package func stream(of id: DataConsumerID) -> UInt16? { data?.stream(of: id) }

    /// Which data producer the other end's channel is.
    package func dataProducer(on stream: UInt16) -> DataProducerID? { data?.producer(on: stream) }

    /// A pipe carries what all of a router's transports have opened.
    private static let maximumChannels = 1_024
}
