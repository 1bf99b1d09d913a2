internal import WebRTC
package import Wire

extension WorkerCore {
    // MARK: Routers

    package func makeRouter() -> RouterID {
        let id = RouterID(shared.identifiers.next())
        routers.add(Router(id, microphones: limits.forwardedMicrophones))
        return id
    }

    package func close(_ id: RouterID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        guard routers.remove(id) else { throw .notFound }
        for transport in table.all where transport.router == id { close(transport, now: now, into: &queue) }
    }

    // MARK: Transports

    package func makeWebRTCTransport(on router: RouterID, now: Instant) throws(SFUError) -> WebRTCTransport {
        try checkRoom(on: router)
        let transport = WebRTCTransport(
            id: TransportID(shared.identifiers.next()),
            router: router,
            certificate: certificate,
            shared: shared,
            now: now,
            random: random.fork()
        )
        table.add(transport)
        addresses.add(transport)
        return transport
    }

    /// - Parameter key: What the peer's reports carry as their CNAME; without one, whoever comes first is the peer.
    package func makePlainTransport(
        on router: RouterID,
        key: String? = nil
    ) throws(SFUError) -> PlainTransport {
        try checkRoom(on: router)
        let transport = PlainTransport(
            desk: TransportID(shared.identifiers.next()),
            router: router,
            ssrc: .random(in: 1 ... .max, using: &random),
            key: key,
            shared: shared,
            now: .past
        )
        table.add(transport)
        return transport
    }

    func checkRoom(on router: RouterID) throws(SFUError) {
        guard routers.contains(router) else { throw .notFound }
        guard table.count < limits.transports else {
            throw .invalidState("the Worker has as many transports as it may")
        }
    }

    package func transport(_ id: TransportID) throws(SFUError) -> Transport {
        guard let transport = table[id] else { throw .notFound }
        return transport
    }

    package func webRTCTransport(_ id: TransportID) throws(SFUError) -> WebRTCTransport {
        guard let transport = table[id] as? WebRTCTransport else { throw .notFound }
        return transport
    }

    package func close(_ id: TransportID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        close(try transport(id), now: now, into: &queue)
    }

    package func closeAll(now: Instant, into queue: inout TransmitQueue) {
        for transport in table.all { close(transport, now: now, into: &queue) }
        routers.removeAll()
    }

    private func close(_ transport: Transport, now: Instant, into queue: inout TransmitQueue) {
        transport.close(now: now, into: &queue)
        collect()
        for producer in transport.producers { forget(producer) }
        for consumer in transport.egress.consumers { forget(consumer) }
        for id in data.removeAll(on: transport) { events.append(.dataProducerClosed(transport.id, id)) }
        watched.handleChange()
        departed.add(transport.currentStatistics())
        table.remove(transport)
        if let transport = transport as? WebRTCTransport { addresses.remove(transport) }
    }

    // MARK: Producers

    package func produce(
        on id: TransportID,
        kind: MediaKind,
        parameters: RTPParameters,
        streamID: String?
    ) throws(SFUError) -> ProducerID {
        guard parameters.codecs.contains(where: { $0.codec != .rtx && $0.codec.kind == kind }) else {
            throw .unsupported("the parameters name no codec of the producer's kind")
        }
        let transport = try transport(id)
        guard transport.producers.count < limits.producersPerTransport else {
            throw .invalidState("the transport has as many producers as it may")
        }
        try check(parameters, kind, isTrusted: transport.isTrusted, beside: transport.producers)
        let identifier = ProducerID(shared.identifiers.next())
        let producer = Producer(
            id: identifier,
            transport: id,
            kind: kind,
            parameters: parameters,
            streamID: streamID ?? "stream-\(identifier.rawValue)",
            isTrusted: transport.isTrusted,
            ceiling: transport.isTrusted ? nil : MediaCeiling(of: identifier, kind, parameters, limits),
            retransmissionBytes: limits.retransmissionBytes
        )
        transport.add(producer)
        table.noteProducers()
        producers[identifier] = producer
        return identifier
    }

    /// Whether the encodings can be told apart from each other and from those of the other producers.
    private func check(
        _ parameters: RTPParameters,
        _ kind: MediaKind,
        isTrusted: Bool,
        beside siblings: [Producer]
    ) throws(SFUError) {
        let encodings = parameters.encodings
        guard 1...(kind == .video ? Self.maximumEncodings : 1) ~= encodings.count else {
            throw .unsupported("a producer has one encoding, or a picture up to four")
        }
        let ssrcs = encodings.flatMap { [$0.ssrc, $0.rtxSSRC] }.compactMap(\.self)
        guard Set(ssrcs).count == ssrcs.count else {
            throw .unsupported("retransmissions need an SSRC of their own")
        }
        guard !ssrcs.contains(where: { ssrc in siblings.contains { $0.stream(of: ssrc) != nil } }) else {
            throw .invalidState("the SSRC is taken")
        }
        guard !isTrusted || encodings.count == 1 || encodings.allSatisfy({ $0.maximumBitrate != nil }) else {
            throw .unsupported("encodings that are made on demand need a maximum bitrate")
        }
        guard encodings.contains(where: { $0.ssrc == nil }) else { return }
        guard !isTrusted, parameters.mid != nil else {
            throw .unsupported("a producer needs an SSRC or a mid")
        }
        let rids = encodings.compactMap(\.rid)
        guard encodings.count == 1 || rids.count == encodings.count && Set(rids).count == rids.count else {
            throw .unsupported("encodings need SSRCs or different RIDs")
        }
    }

    package func producer(_ id: ProducerID) throws(SFUError) -> Producer {
        guard let producer = producers[id] else { throw .notFound }
        return producer
    }

    package func close(_ id: ProducerID) throws(SFUError) {
        let producer = try producer(id)
        table[producer.transport]?.remove(producer)
        table.noteProducers()
        forget(producer)
    }

    private func forget(_ producer: Producer) {
        departed.add(producer.currentStatistics())
        producers[producer.id] = nil
        producerObservers.finish(producer.id)
        routers.forget(producer.id)
        for consumer in producer.consumers { forget(consumer) }
    }

    // MARK: Consumers

    package func consume(
        _ producerID: ProducerID,
        on id: TransportID,
        options: ConsumerOptions,
        now: Instant
    ) throws(SFUError) -> ConsumerParameters {
        let producer = try producer(producerID)
        let transport = try transport(id)
        let egress = transport.egress
        guard !(transport is PipeTransport) else {
            throw .unsupported("a pipe carries all encodings as they are: call pipe(_:on:isPaused:)")
        }
        guard transport.canConsume else { throw .unsupported("this kind of transport has no consumers") }
        try check(producer, mayGoTo: transport, as: 1)
        let identifier = ConsumerID(shared.identifiers.next())
        let format = try ConsumerFormat(
            producer,
            options: options,
            mid: options.mid ?? String(identifier.rawValue),
            ssrc: options.ssrc ?? .random(in: 1 ... .max, using: &random),
            rtxSSRC: options.rtxSSRC ?? .random(in: 1 ... .max, using: &random),
            cname: egress.cname
        )
        guard
            !egress.consumers.contains(where: {
                $0.owns(format.ssrc) || $0.owns(format.rtxSSRC ?? format.ssrc)
            })
        else {
            throw .invalidState("the SSRC is taken")
        }
        let consumer = Consumer(
            id: identifier,
            producer: producer,
            egress: egress,
            parameters: ConsumerParameters(
                id: identifier,
                kind: producer.kind,
                streamID: options.streamID ?? producer.streamID,
                rtp: format.parameters(options)
            ),
            format: format,
            isPaused: options.isPaused,
            random: &random
        )
        add(consumer, to: transport, now: now)
        return consumer.parameters
    }

    /// - Parameter count: How many more consumers the transport gets.
    func check(_ producer: Producer, mayGoTo transport: Transport, as count: Int) throws(SFUError) {
        guard table[producer.transport]?.router == transport.router else {
            throw .invalidState("the producer is on another router")
        }
        guard transport.egress.consumers.count + count <= limits.consumersPerTransport else {
            throw .invalidState("the transport has as many consumers as it may")
        }
    }

    func add(_ consumer: Consumer, to transport: Transport, now: Instant) {
        transport.egress.add(consumer)
        consumer.producer.add(consumer)
        table.noteConsumers()
        watched.handleChange()
        consumers.add(consumer)
        if transport.egress.isSendable {
            consumer.requestKeyFrameIfNeeded(now: now)
            transport.rearm(now: now)
        }
    }

    package func consumer(_ id: ConsumerID) throws(SFUError) -> Consumer {
        guard let consumer = consumers[id] else { throw .notFound }
        return consumer
    }

    /// All that go by this name: those of a pipe are several.
    func consumers(named id: ConsumerID) throws(SFUError) -> [Consumer] {
        let named = consumers.named(id)
        guard !named.isEmpty else { throw .notFound }
        return named
    }

    package func close(_ id: ConsumerID) throws(SFUError) {
        for consumer in try consumers(named: id) { forget(consumer) }
        watched.handleChange()
    }

    private func forget(_ consumer: Consumer) {
        departed.add(consumer.currentStatistics())
        consumers.remove(consumer)
        consumer.producer.remove(consumer)
        consumer.egress.remove(consumer)
        table.noteConsumers()
    }

    /// A browser's simulcast has three; more are not watched by anybody.
    private static let maximumEncodings = 4
}
