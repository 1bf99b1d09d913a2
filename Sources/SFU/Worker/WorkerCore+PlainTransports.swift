package import Wire

/// Transports without ICE and DTLS.
extension WorkerCore {
    /// Makes a transport for a process that speaks RTP and nothing else.
    ///
    /// - Parameter keys: Where the key to seal with comes from, if it has one: a secure source.
    package func makePlainTransport(
        on router: RouterID,
        options: PlainTransportOptions,
        now: Instant,
        using keys: inout some RandomNumberGenerator
    ) throws(SFUError) -> PlainTransport {
        try checkRoom(on: router)
        try check(options.listenAddress)
        let transport = PlainTransport(
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

    package func plainTransport(_ id: TransportID) throws(SFUError) -> PlainTransport {
        guard let transport = table[id] as? PlainTransport else { throw .notFound }
        return transport
    }

    func check(_ listenAddress: SocketAddress) throws(SFUError) {
        guard listenAddress.ipv4 != 0, listenAddress.high != 0 || listenAddress.low != 0 else {
            throw .unsupported(
                "the listen address is told to the peer: give one that it can send to, not any"
            )
        }
    }

    func key(
        for suite: SRTPCryptoSuite?,
        using keys: inout some RandomNumberGenerator
    ) throws(SFUError) -> SRTPMasterKey? {
        guard let suite else { return nil }
        return try SRTPMasterKey(suite, using: &keys)
    }

    // MARK: This process

    package func makeDirectTransport(
        on router: RouterID,
        reader: DirectReader,
        now: Instant
    ) throws(SFUError) -> DirectTransport {
        try checkRoom(on: router)
        let transport = DirectTransport(
            id: TransportID(shared.identifiers.next()),
            router: router,
            reader: reader,
            ssrc: .random(in: 1 ... .max, using: &random),
            shared: shared,
            now: now
        )
        table.add(transport)
        return transport
    }

    /// Takes an RTP packet of a direct transport's producer.
    package func sendRTP(_ packet: RawSpan, on id: TransportID, now: Instant) throws(SFUError) {
        guard let transport = table[id] as? DirectTransport else { throw .notFound }
        guard transport.handleRTP(packet, now: now) else {
            throw .unsupported("this is no RTP packet of a producer of the transport")
        }
        hasReceived = true
    }

    /// Takes a compound RTCP packet: sender reports of a direct transport's producers, and what its reader says of its
    /// consumers.
    package func sendRTCP(
        _ compound: RawSpan,
        on id: TransportID,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        guard let transport = table[id] as? DirectTransport else { throw .notFound }
        let isRTCP = transport.handleRTCP(compound, now: now, into: &queue)
        collect()
        guard isRTCP else { throw .unsupported("this is no compound RTCP packet") }
    }

    package func requestKeyFrame(_ id: ConsumerID, now: Instant) throws(SFUError) {
        for consumer in try consumers(named: id) { consumer.requestKeyFrame(now: now) }
    }
}
