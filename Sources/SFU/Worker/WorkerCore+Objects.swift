internal import WebRTC
package import Wire

extension WorkerCore {
    // MARK: Routers

    package func makeRouter() -> RouterID {
        let id = RouterID(identifiers.next())
        routers.insert(id)
        observers.append(ActiveSpeakerObserver(router: id, microphones: limits.forwardedMicrophones))
        return id
    }

    package func close(_ id: RouterID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        guard routers.remove(id) != nil else { throw .notFound }
        observers.removeAll { $0.router == id }
        for transport in transports where transport.router == id { close(transport, now: now, into: &queue) }
        for transport in plainTransports where transport.router == id { close(transport) }
    }

    // MARK: Transports

    package func makeWebRTCTransport(on router: RouterID, now: Instant) throws(SFUError) -> WebRTCTransport {
        try checkRoom(on: router)
        let transport = WebRTCTransport(
            id: TransportID(identifiers.next()),
            router: router,
            certificate: certificate,
            limits: limits,
            identifiers: identifiers,
            scratch: scratch,
            deadlines: deadlines,
            wallClockOffset: wallClockOffset,
            now: now,
            random: SplitMix64(seed: random.next())
        )
        add(transport)
        return transport
    }

    /// - Parameter key: What the peer's reports carry as their CNAME; without one, whoever comes first is the peer.
    package func makePlainTransport(
        on router: RouterID,
        key: String? = nil
    ) throws(SFUError) -> PlainTransport {
        try checkRoom(on: router)
        let transport = PlainTransport(
            id: TransportID(identifiers.next()),
            router: router,
            ssrc: .random(in: 1 ... .max, using: &random),
            key: key
        )
        plainTransports.append(transport)
        return transport
    }

    private func checkRoom(on router: RouterID) throws(SFUError) {
        guard routers.contains(router) else { throw .notFound }
        guard transports.count + plainTransports.count < limits.transports else {
            throw .invalidState("the Worker has as many transports as it may")
        }
    }

    package func webRTCTransport(_ id: TransportID) throws(SFUError) -> WebRTCTransport {
        guard let transport = transports.first(where: { $0.id == id }) else { throw .notFound }
        return transport
    }

    private func router(of id: TransportID) -> RouterID? {
        transports.first { $0.id == id }?.router ?? plainTransports.first { $0.id == id }?.router
    }

    package func close(_ id: TransportID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        if let transport = transports.first(where: { $0.id == id }) {
            close(transport, now: now, into: &queue)
        } else if let transport = plainTransports.first(where: { $0.id == id }) {
            close(transport)
        } else {
            throw .notFound
        }
    }

    package func closeAll(now: Instant, into queue: inout TransmitQueue) {
        for transport in transports { close(transport, now: now, into: &queue) }
        for transport in plainTransports { close(transport) }
        routers.removeAll()
    }

    private func close(_ transport: WebRTCTransport, now: Instant, into queue: inout TransmitQueue) {
        transport.close(now: now, into: &queue)
        collect(transport)
        for producer in transport.producers { forget(producer) }
        for consumer in transport.consumers { consumers[consumer.id] = nil }
        for id in dataProducers.filter({ $0.value === transport }).keys.sorted(by: {
            $0.rawValue < $1.rawValue
        }) {
            dataProducers[id] = nil
            events.append(.dataProducerClosed(transport.id, id))
        }
        dataConsumers = dataConsumers.filter { $0.value !== transport }
        hasLayerNews = true
        remove(transport)
    }

    private func close(_ transport: PlainTransport) {
        for producer in transport.producers { forget(producer) }
        plainTransports.removeAll { $0 === transport }
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
        let webRTC = transports.first { $0.id == id }
        let plain = plainTransports.first { $0.id == id }
        guard webRTC != nil || plain != nil else { throw .notFound }
        let siblings = webRTC?.producers ?? plain?.producers ?? []
        guard siblings.count < limits.producersPerTransport else {
            throw .invalidState("the transport has as many producers as it may")
        }
        try check(parameters, kind, isPlain: webRTC == nil, beside: siblings)
        let identifier = ProducerID(identifiers.next())
        let producer = Producer(
            id: identifier,
            transport: id,
            kind: kind,
            parameters: parameters,
            streamID: streamID ?? "stream-\(identifier.rawValue)",
            isLossless: plain != nil,
            ceiling: plain == nil ? MediaCeiling(of: identifier, kind, parameters, limits) : nil,
            retransmissionBytes: limits.retransmissionBytes
        )
        webRTC?.producers.append(producer)
        findPublishers()
        plain?.producers.append(producer)
        producers[identifier] = producer
        return identifier
    }

    /// Whether the encodings can be told apart from each other and from those of the other producers.
    private func check(
        _ parameters: RTPParameters,
        _ kind: MediaKind,
        isPlain: Bool,
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
        guard !isPlain || encodings.count == 1 || encodings.allSatisfy({ $0.maximumBitrate != nil }) else {
            throw .unsupported("encodings that are made on demand need a maximum bitrate")
        }
        guard encodings.contains(where: { $0.ssrc == nil }) else { return }
        guard !isPlain, parameters.mid != nil else { throw .unsupported("a producer needs an SSRC or a mid") }
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
        for transport in publishers { transport.producers.removeAll { $0 === producer } }
        findPublishers()
        for transport in plainTransports { transport.producers.removeAll { $0 === producer } }
        forget(producer)
    }

    private func forget(_ producer: Producer) {
        producers[producer.id] = nil
        for index in observers.indices { observers[index].remove(producer.id) }
        for transport in transports {
            for consumer in transport.consumers where consumer.producer === producer {
                consumers[consumer.id] = nil
            }
            transport.consumers.removeAll { $0.producer === producer }
        }
    }

    // MARK: Consumers

    package func consume(
        _ producerID: ProducerID,
        on id: TransportID,
        options: ConsumerOptions,
        now: Instant
    ) throws(SFUError) -> ConsumerParameters {
        let producer = try producer(producerID)
        let transport = try webRTCTransport(id)
        guard router(of: producer.transport) == transport.router else {
            throw .invalidState("the producer is on another router")
        }
        guard transport.consumers.count < limits.consumersPerTransport else {
            throw .invalidState("the transport has as many consumers as it may")
        }
        let identifier = ConsumerID(identifiers.next())
        let format = try ConsumerFormat(
            producer,
            options: options,
            mid: options.mid ?? String(identifier.rawValue),
            ssrc: options.ssrc ?? .random(in: 1 ... .max, using: &random),
            rtxSSRC: options.rtxSSRC ?? .random(in: 1 ... .max, using: &random),
            cname: transport.cname
        )
        guard
            !transport.consumers.contains(where: {
                $0.owns(format.ssrc) || $0.owns(format.rtxSSRC ?? format.ssrc)
            })
        else {
            throw .invalidState("the SSRC is taken")
        }
        let consumer = Consumer(
            id: identifier,
            producer: producer,
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
        transport.consumers.append(consumer)
        hasLayerNews = true
        consumers[identifier] = transport
        if transport.isSendable {
            consumer.requestKeyFrameIfNeeded(now: now)
            transport.rearm(now: now)
        }
        return consumer.parameters
    }

    package func consumer(
        _ id: ConsumerID
    ) throws(SFUError) -> (consumer: Consumer, transport: WebRTCTransport) {
        guard let transport = consumers[id], let consumer = transport.consumers.first(where: { $0.id == id })
        else {
            throw .notFound
        }
        return (consumer, transport)
    }

    package func close(_ id: ConsumerID) throws(SFUError) {
        let (consumer, transport) = try consumer(id)
        transport.consumers.removeAll { $0 === consumer }
        consumers[id] = nil
        hasLayerNews = true
    }

    /// A browser's simulcast has three; more are not watched by anybody.
    private static let maximumEncodings = 4
}
