internal import IO
internal import Wire

extension Worker {
    // MARK: Pipe transports

    /// Makes one end of a way to another router, of this Worker or another one (mediasoup's
    /// `router.createPipeTransport`); ``pipeToRouter(_:_:of:options:)`` makes both ends.
    ///
    /// The other end is made with the same options, and each is told of the other by
    /// ``connect(_:to:rtcpPort:srtp:)``.
    ///
    /// - Throws: As ``makePlainTransport(on:options:)``.
    public func makePipeTransport(
        on router: RouterID,
        options: PipeTransportOptions = PipeTransportOptions()
    ) throws -> PlainTransportParameters {
        var keys = SystemRandomNumberGenerator()
        let transport = try core.makePipeTransport(on: router, options: options, now: .now(), using: &keys)
        let socket = try openSocket(of: transport, boundTo: options.listenAddress)
        return PlainTransportParameters(
            id: transport.id,
            localAddress: socket.localAddress,
            srtp: transport.srtp
        )
    }

    /// Sends a producer's stream through a pipe transport of its router, every encoding of it under an SSRC of its own
    /// (mediasoup's `pipeTransport.consume`).
    ///
    /// The other end produces with the parameters that this returns.
    ///
    /// - Throws: ``SFUError/notFound``; ``SFUError/invalidState(_:)`` if the producer is on another router, or there are
    ///   too many consumers.
    public func pipe(
        _ producer: ProducerID,
        on transport: TransportID,
        isPaused: Bool = false
    ) throws(SFUError) -> ConsumerParameters {
        let parameters = try core.pipe(producer, on: transport, isPaused: isPaused, now: .now())
        finishCall()
        return parameters
    }

    /// Says which encodings anybody behind a pipe watches, as the other end's ``WorkerEvent/wantedLayersChanged(_:_:)`` tells;
    /// the others are not sent through it, and count as not watched here, so that their source need not send them either.
    ///
    /// One that is wanted again goes on with a key frame, which is asked for. What is paused stays so. ``pipeToRouter(_:_:of:options:)``
    /// does this by itself.
    ///
    /// - Parameters:
    ///   - id: What ``pipe(_:on:isPaused:)`` has returned.
    ///   - encodings: Counted from the lowest, 0; those that there are not are passed over. At the beginning all are.
    /// - Throws: ``SFUError/notFound`` if there is no such pipe.
    public func setWantedEncodings(_ id: ConsumerID, _ encodings: Set<Int>) throws(SFUError) {
        try core.setWantedEncodings(id, encodings, now: .now())
        finishCall()
    }

    // MARK: Piping

    /// Makes a producer available on another router, of this Worker or another one (mediasoup's `router.pipeToRouter`).
    ///
    /// The pair of pipe transports between two routers is made with the first call and used again. The producer on the
    /// other router pauses, goes on and closes with this one; if it is closed there, nothing more is sent to it. Of several
    /// encodings those go through that somebody there watches. A second call for the same producer and router returns the
    /// same producer.
    ///
    /// - Parameters:
    ///   - remote: Whose router it is; `nil`: this Worker's own.
    ///   - options: Of both ends, if they are to be made.
    /// - Returns: The producer on the other router, with an id of its own.
    /// - Throws: ``SFUError/notFound`` for a producer or router that there is not; ``SFUError/unsupported(_:)`` for the
    ///   producer's own router; and as ``makePipeTransport(on:options:)``.
    public func pipeToRouter(
        _ producer: ProducerID,
        _ router: RouterID,
        of remote: Worker? = nil,
        options: PipeTransportOptions = PipeTransportOptions()
    ) async throws -> ProducerID {
        let remote = remote ?? self
        let source = try core.router(of: producer)
        guard remote !== self || source != router else {
            throw SFUError.unsupported("the producer is on that router already")
        }
        let route = PipeRoute(source: source, destination: router, worker: ObjectIdentifier(remote))
        let key = PipedProducer(producer: producer, route: route)
        if let piped = pipedProducers[key] { return try await piped.value }
        let piped = Task { try await makePiped(key, remote, options) }
        pipedProducers[key] = piped
        do {
            return try await piped.value
        } catch {
            pipedProducers[key] = nil
            throw error
        }
    }

    private func makePiped(
        _ key: PipedProducer,
        _ remote: Worker,
        _ options: PipeTransportOptions
    ) async throws -> ProducerID {
        let pair = try await pair(key.route, remote, options)
        let consumer = try pipe(key.producer, on: pair.local)
        let isPaused = try core.producer(key.producer).isPaused
        let changes = try core.changes(of: key.producer)
        do {
            let piped = try await remote.produce(
                on: pair.remote,
                kind: consumer.kind,
                parameters: consumer.rtp,
                streamID: consumer.streamID
            )
            if isPaused { try await remote.pause(piped) }
            let back = try await remote.changes(of: piped)
            let wanted = try await remote.wantedEncodings(of: piped)
            // They end with the producer that they follow, at the latest when its Worker stops.
            pipeMirrors[key] = [
                Task {
                    for await change in changes {
                        switch change {
                        case .paused: try? await remote.pause(piped)
                        case .resumed: try? await remote.resume(piped)
                        }
                    }
                    try? await remote.close(piped)
                },
                Task {
                    for await _ in back {}
                    self.endPiping(key, consumer.id)
                },
                Task {
                    // The only encoding goes on as long as it is piped.
                    guard consumer.rtp.encodings.count > 1 else { return }
                    for await encodings in wanted { try? self.setWantedEncodings(consumer.id, encodings) }
                },
            ]
            return piped
        } catch {
            try? close(consumer.id)
            throw error
        }
    }

    private func endPiping(_ key: PipedProducer, _ consumer: ConsumerID) {
        pipedProducers[key] = nil
        pipeMirrors[key] = nil
        try? close(consumer)
    }

    private func changes(of producer: ProducerID) throws -> AsyncStream<ProducerChange> {
        try core.changes(of: producer)
    }

    private func wantedEncodings(of producer: ProducerID) throws -> AsyncStream<Set<Int>> {
        try core.wantedEncodings(of: producer)
    }

    // MARK: Data

    /// Makes a data producer available on another router (mediasoup's `router.pipeToRouter`): what is sent as it comes out
    /// there too, in order and as reliably as its channel says, until it is closed here or there.
    ///
    /// - Parameters:
    ///   - remote: Whose router it is; `nil`: this Worker's own.
    ///   - options: Of both ends of the pipe, if they are to be made.
    /// - Returns: The data producer on the other router, which is read there as any other.
    /// - Throws: As ``pipeToRouter(_:_:of:options:)-(ProducerID,_,_,_)``; ``SFUError/invalidState(_:)`` if the pipe is closed
    ///   meanwhile, or has no room for a further channel.
    public func pipeToRouter(
        _ producer: DataProducerID,
        _ router: RouterID,
        of remote: Worker? = nil,
        options: PipeTransportOptions = PipeTransportOptions()
    ) async throws -> DataProducerID {
        let remote = remote ?? self
        let source = try core.router(of: producer)
        guard remote !== self || source != router else {
            throw SFUError.unsupported("the data producer is on that router already")
        }
        let route = PipeRoute(source: source, destination: router, worker: ObjectIdentifier(remote))
        let pair = try await pair(route, remote, options)
        let consumer = try core.pipeData(producer, on: pair.local, now: .now())
        let stream = try core.pipeTransport(pair.local).stream(of: consumer)
        finishCall()
        guard let stream,
            let piped = await remote.pipedData(PipedData(transport: pair.remote, stream: stream))
        else {
            throw SFUError.invalidState("the pipe was closed")
        }
        return piped
    }

    /// The data producer that the other end of a pipe opens, or has opened, on a stream; `nil`: the pipe was closed.
    private func pipedData(_ data: PipedData) async -> DataProducerID? {
        guard let pipe = try? core.pipeTransport(data.transport) else { return nil }
        if let id = pipe.dataProducer(on: data.stream) { return id }
        return await withCheckedContinuation { pipedDataWaiters[data] = $0 }
    }

    func resumePipedData(_ transport: TransportID, _ id: DataProducerID) {
        guard let pipe = try? core.pipeTransport(transport) else { return }
        for waiter in pipedDataWaiters.keys
        where waiter.transport == transport && pipe.dataProducer(on: waiter.stream) == id {
            pipedDataWaiters.removeValue(forKey: waiter)?.resume(returning: id)
        }
    }

    /// The pipe transports of two routers, made or made before.
    private func pair(
        _ route: PipeRoute,
        _ remote: Worker,
        _ options: PipeTransportOptions
    ) async throws -> PipePair {
        if let made = pipePairs[route], let pair = try? await made.value, await isOpen(pair, remote) {
            return pair
        }
        let making = Task { try await makePair(route, remote, options) }
        pipePairs[route] = making
        return try await making.value
    }

    private func isOpen(_ pair: PipePair, _ remote: Worker) async -> Bool {
        guard hasTransport(pair.local) else { return false }
        return await remote.hasTransport(pair.remote)
    }

    private func hasTransport(_ id: TransportID) -> Bool { (try? core.transport(id)) != nil }

    private func makePair(
        _ route: PipeRoute,
        _ remote: Worker,
        _ options: PipeTransportOptions
    ) async throws -> PipePair {
        let near = try makePipeTransport(on: route.source, options: options)
        do {
            let far = try await remote.makePipeTransport(on: route.destination, options: options)
            try await remote.connect(far.id, to: near.localAddress, srtp: near.srtp)
            try connect(near.id, to: far.localAddress, srtp: far.srtp)
            return PipePair(local: near.id, remote: far.id)
        } catch {
            try? close(near.id)
            throw error
        }
    }
}

/// From which router to which.
struct PipeRoute: Hashable {
    var source: RouterID
    var destination: RouterID
    /// Whose the destination is.
    var worker: ObjectIdentifier
}

/// The pipe transports between two routers.
struct PipePair: Hashable {
    var local: TransportID
    var remote: TransportID
}

/// A channel of a pipe, as its far end knows it.
struct PipedData: Hashable {
    var transport: TransportID
    var stream: UInt16
}

/// A producer that is piped, and where to.
struct PipedProducer: Hashable {
    var producer: ProducerID
    var route: PipeRoute
}
