package import WebRTC
package import Wire

extension WorkerCore {
    /// Makes one end of a way to another router.
    ///
    /// - Parameter keys: Where the key to seal with comes from, if it has one: a secure source.
    package func makePipeTransport(
        on router: RouterID,
        options: PipeTransportOptions,
        now: Instant,
        using keys: inout some RandomNumberGenerator
    ) throws(SFUError) -> PipeTransport {
        try checkRoom(on: router)
        try check(options.listenAddress)
        let transport = PipeTransport(
            id: TransportID(shared.identifiers.next()),
            router: router,
            options: options,
            key: try key(for: options.srtpCryptoSuite, using: &keys),
            ssrc: .random(in: 1 ... .max, using: &random),
            shared: shared,
            now: now
        )
        table.add(transport)
        return transport
    }

    package func pipeTransport(_ id: TransportID) throws(SFUError) -> PipeTransport {
        guard let transport = table[id] as? PipeTransport else { throw .notFound }
        return transport
    }

    package func connect(
        _ transport: PipeTransport,
        to remote: SocketAddress,
        from local: SocketAddress,
        srtp: SRTPParameters? = nil,
        now: Instant
    ) throws(SFUError) {
        try transport.connect(to: remote, from: local, srtp: srtp, now: now, random: &random)
        collect()
    }

    /// Sends a producer's stream through a pipe, every encoding of it.
    package func pipe(
        _ producerID: ProducerID,
        on id: TransportID,
        isPaused: Bool,
        now: Instant
    ) throws(SFUError) -> ConsumerParameters {
        let producer = try producer(producerID)
        let transport = try pipeTransport(id)
        try check(producer, mayGoTo: transport, as: producer.streams.count)
        let identifier = ConsumerID(shared.identifiers.next())
        var formats: [ConsumerFormat] = []
        let rtp = producer.parameters.piped(
            [],
            enablesRTX: transport.enablesRTX,
            cname: transport.egress.cname
        )
        let options = ConsumerOptions(
            capabilities: RTPCapabilities(
                codecs: rtp.codecs,
                headerExtensions: rtp.headerExtensions,
                allowsMixedExtensions: true
            ),
            isPaused: isPaused
        )
        for _ in producer.streams {
            formats.append(
                try ConsumerFormat(
                    producer,
                    options: options,
                    mid: "",
                    ssrc: unusedSSRC(on: transport, formats),
                    rtxSSRC: unusedSSRC(on: transport, formats),
                    cname: transport.egress.cname
                )
            )
        }
        let encodings = zip(producer.parameters.encodings, formats).map { encoding, format in
            RTPEncodingParameters(
                ssrc: format.ssrc,
                rtxSSRC: format.rtxSSRC,
                maximumBitrate: encoding.maximumBitrate
            )
        }
        let parameters = ConsumerParameters(
            id: identifier,
            kind: producer.kind,
            streamID: producer.streamID,
            rtp: producer.parameters.piped(
                encodings,
                enablesRTX: transport.enablesRTX,
                cname: transport.egress.cname
            )
        )
        let members = formats.enumerated().map { index, format in
            Consumer(
                id: ConsumerID(shared.identifiers.next()),
                producer: producer,
                egress: transport.egress,
                parameters: parameters,
                format: format,
                encoding: index,
                pipe: identifier,
                isPaused: isPaused,
                random: &random
            )
        }
        consumers.add(members, as: identifier, isPaused: isPaused)
        for member in members { add(member, to: transport, now: now) }
        return parameters
    }

    private func unusedSSRC(on transport: Transport, _ formats: [ConsumerFormat]) -> UInt32 {
        while true {
            let ssrc = UInt32.random(in: 1 ... .max, using: &random)
            let isTaken =
                transport.egress.consumers.contains { $0.owns(ssrc) }
                || formats.contains { $0.ssrc == ssrc || $0.rtxSSRC == ssrc }
            if !isTaken { return ssrc }
        }
    }

    /// What a pipe consumer has sent, each encoding by itself, lowest first.
    package func pipeStatistics(_ id: ConsumerID) throws(SFUError) -> [ConsumerStatistics] {
        guard let members = consumers.pipe(id) else { throw .notFound }
        return members.map { $0.currentStatistics() }
    }

    // MARK: Data

    /// Passes the messages of a data producer on through a pipe, in a channel like its own, until either is closed.
    package func pipeData(
        _ producer: DataProducerID,
        on id: TransportID,
        now: Instant
    ) throws(SFUError) -> DataConsumerID {
        let transport = try pipeTransport(id)
        let source = try data.transport(of: producer)
        let parameters = try data.parameters(of: producer)
        guard source.router == transport.router else {
            throw .invalidState("the data producer is on another router")
        }
        let consumer = DataConsumerID(shared.identifiers.next())
        try transport.consumeData(parameters, as: consumer, now: now)
        data.add(consumer, on: transport)
        data.route(producer, to: consumer, through: transport)
        transport.flushChannels(now: now)
        transport.rearm(now: now)
        collect()
        return consumer
    }

    package func router(of id: DataProducerID) throws(SFUError) -> RouterID {
        try data.transport(of: id).router
    }

    /// Makes a data producer whose messages this process sends.
    package func produceData(
        on id: TransportID,
        _ parameters: DataChannelParameters
    ) throws(SFUError) -> DataProducerID {
        guard let transport = table[id] as? DirectTransport else {
            throw .unsupported(
                "a peer opens its data channels itself; only a direct transport's are made here"
            )
        }
        let producer = DataProducerID(shared.identifiers.next())
        try transport.addData(producer)
        data.add(producer, parameters, on: transport)
        return producer
    }

    // MARK: Mirrors

    package func router(of id: ProducerID) throws(SFUError) -> RouterID {
        try transport(try producer(id).transport).router
    }

    package func setPaused(_ id: ProducerID, _ isPaused: Bool, now: Instant) throws(SFUError) {
        try producer(id).setPaused(isPaused, now: now)
        producerObservers.tell(isPaused ? .paused : .resumed, of: id)
    }

    /// What becomes of a producer from now on; ends when it is closed.
    package func changes(of id: ProducerID) throws(SFUError) -> AsyncStream<ProducerChange> {
        _ = try producer(id)
        return producerObservers.observe(id)
    }

    /// Which encodings of a producer anybody watches, as its source is told: what it was told last, and each time that this
    /// changes; ends when it is closed.
    package func wantedEncodings(of id: ProducerID) throws(SFUError) -> AsyncStream<Set<Int>> {
        let producer = try producer(id)
        return producerObservers.observeLayers(of: id, beginningWith: producer.toldLayers)
    }
}
