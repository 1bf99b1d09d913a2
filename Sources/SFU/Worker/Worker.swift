public import IO
public import WebRTC
public import Wire

/// The media thread: one UDP port, and every transport, producer and consumer behind it.
///
/// An actor whose executor is an epoll loop of its own. Control calls are `await`s from anywhere; media never
/// leaves the thread. Nothing but values and ids goes out. What changes without being asked arrives in
/// ``events``.
///
/// ```
///  socket ─▶ WorkerCore.handle ─▶ … ─▶ TransmitQueue ─▶ socket
///                    ▲ one call a datagram, one fan-out and one flush a wake-up
/// ```
///
/// The order of life: ``init(_:)``, ``start()``, calls, ``stop()``.
public actor Worker: EventLoopActor {
    /// The media thread.
    ///
    /// Another actor may name it as its executor and then calls the Worker without a thread hop.
    public nonisolated let executor: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// The fingerprint of the certificate that this Worker made for itself.
    public nonisolated let fingerprint: DTLSFingerprint
    /// Whether connections are taken at the port's number.
    public nonisolated let isListening: Bool
    /// Where the port can be reached.
    public nonisolated let candidates: [ICECandidate]
    /// Where the port is bound.
    public nonisolated let localAddress: SocketAddress
    /// State changes, data channels that come and go, and messages that nobody subscribed to.
    ///
    /// For one reader; ends with ``stop()``.
    public nonisolated let events: AsyncStream<WorkerEvent>

    let core: WorkerCore
    var port: UDPSocket
    var queue = TransmitQueue(capacity: queueCapacity)
    var plainSockets: [PlainSocket] = []
    /// Producers that are piped to other routers, the pipe transports between two routers, and what mirrors the life of
    /// the one to the other.
    var pipedProducers: [PipedProducer: Task<ProducerID, any Error>] = [:]
    var pipePairs: [PipeRoute: Task<PipePair, any Error>] = [:]
    var pipeMirrors: [PipedProducer: [Task<Void, Never>]] = [:]
    /// Who waits for the other end of a pipe to open a channel, by its stream.
    var pipedDataWaiters: [PipedData: CheckedContinuation<DataProducerID?, Never>] = [:]
    var subscriptions = DataSubscriptions()
    var wakeUps: UInt64 = 0
    /// Whether the port was looked at in this wake-up.
    var isPortRead = false
    var deferred = DeferredDatagrams()
    /// Where connections for media are taken from; `nil`: nowhere, or the port's number is another program's.
    var listener: TCPListener?
    /// When to listen again, after descriptors had run out.
    var listeningAgain: Instant?
    var connections: MediaConnections
    /// Where connections are accepted that somebody else hands over, given where the port can be reached.
    var handedOver: (@Sendable ([ICECandidate]) -> [SocketAddress])?
    /// Where the port can be reached, if somebody has said so since (``announce(_:)``).
    var announced: [ICECandidate]?
    /// Until when ``core`` waits for the rest of a picture.
    var burstEnd: Instant?
    let limits: WorkerConfiguration.Limits
    let emit: AsyncStream<WorkerEvent>.Continuation
    private var isStopped = false
    var isOver: Bool { isStopped }

    /// Opens the port and makes the certificate; nothing runs until ``start()``.
    ///
    /// - Throws: ``SystemError`` if the port cannot be bound; ``DTLSError`` if OpenSSL refuses to make a
    ///   certificate.
    public init(_ configuration: WorkerConfiguration) throws {
        executor = try EventLoop()
        var bind = configuration.bindAddress
        bind?.port = configuration.port
        port = try UDPSocket(
            boundTo: bind,
            port: configuration.port,
            bufferSize: configuration.socketBufferSize,
            answersWhereAsked: true
        )
        localAddress = port.localAddress
        try executor.watch(port.descriptor, canWait: true)

        let certificate = try DTLSCertificate()
        fingerprint = certificate.fingerprint
        connections = MediaConnections(ConnectionPlaces.Limits(total: configuration.limits.connections))
        // Another program may have the port's number; then UDP is all there is.
        listener = configuration.takesConnections ? try? Self.listen(bind, port.localAddress) : nil
        isListening = listener != nil
        if let descriptor = listener?.descriptor { try executor.watch(descriptor, canWait: true) }
        candidates = Self.candidates(
            configuration,
            boundTo: port.localAddress,
            takesConnections: isListening
        )
        core = WorkerCore(
            limits: configuration.limits,
            certificate: certificate,
            wallClockOffset: WallClock.now() - Instant.now().nanoseconds,
            random: .system
        )
        limits = configuration.limits
        (events, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.waitingEvents))
    }

    /// Starts the media thread.
    public nonisolated func start() {
        executor.start(self, named: "sfu")
    }

    /// Closes everything, tells the remote sides, and ends the thread and ``events``.
    public func stop() {
        guard !isStopped else { return }
        isStopped = true
        core.closeAll(now: .now(), into: &queue)
        finishCall()
        subscriptions.finishAll()
        emit.finish()
        executor.unwatch(port.descriptor)
        for socket in plainSockets { executor.unwatch(socket.descriptor) }
        closeConnections()
        executor.stop()
    }

    /// Listens on the port's number.
    private static func listen(
        _ bind: SocketAddress?,
        _ local: SocketAddress
    ) throws(SystemError) -> TCPListener {
        var address = bind
        address?.port = local.port
        return try TCPListener(boundTo: address, port: local.port)
    }

    static func candidates(at addresses: [SocketAddress], takesConnections: Bool) -> [ICECandidate] {
        let datagrams = addresses.enumerated().map { ICECandidate($1, index: $0) }
        guard takesConnections else { return datagrams }
        return datagrams + addresses.enumerated().map { ICECandidate($1, index: $0, transport: .tcpPassive) }
    }

    private static func candidates(
        _ configuration: WorkerConfiguration,
        boundTo local: SocketAddress,
        takesConnections: Bool
    ) -> [ICECandidate] {
        var addresses = configuration.announcedAddresses
        if addresses.isEmpty, let bound = configuration.bindAddress { addresses = [bound] }
        if addresses.isEmpty { addresses = SocketAddress.ofInterfaces() }
        for index in addresses.indices { addresses[index].port = local.port }
        return candidates(at: addresses, takesConnections: takesConnections)
    }

    /// Datagrams: some 600 KiB, which stay in a core's cache from being encrypted to being copied by the
    /// kernel, and enough messages for one system call.
    private static let queueCapacity = 512
    private static let waitingEvents = 65_536
}
