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
    /// Where the port can be reached, if somebody has said so since (``announce(_:)``).
    var announced: [ICECandidate]?
    /// Until when ``core`` waits for the rest of a picture.
    var burstEnd: Instant?
    let limits: WorkerConfiguration.Limits
    let emit: AsyncStream<WorkerEvent>.Continuation
    private var isStopped = false

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
        candidates = Self.candidates(configuration, boundTo: port.localAddress)
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
        executor.stop()
    }

    private static func candidates(
        _ configuration: WorkerConfiguration,
        boundTo local: SocketAddress
    ) -> [ICECandidate] {
        var addresses = configuration.announcedAddresses
        if addresses.isEmpty, let bound = configuration.bindAddress { addresses = [bound] }
        if addresses.isEmpty { addresses = SocketAddress.ofInterfaces() }
        return addresses.enumerated().map { index, address in
            var address = address
            address.port = local.port
            return ICECandidate(address, index: index)
        }
    }

    /// Datagrams: some 600 KiB, which stay in a core's cache from being encrypted to being copied by the
    /// kernel, and enough messages for one system call.
    private static let queueCapacity = 512
    private static let waitingEvents = 65_536
}
