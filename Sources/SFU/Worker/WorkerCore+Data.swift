package import WebRTC
package import Wire

extension WorkerCore {
    /// Opens a data channel toward a transport's peer.
    package func consumeData(
        on id: TransportID,
        _ parameters: DataChannelParameters,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) -> DataConsumerID {
        let transport = try webRTCTransport(id)
        let identifier = DataConsumerID(identifiers.next())
        try transport.consumeData(parameters, as: identifier, now: now)
        dataConsumers[identifier] = transport
        flush(transport, now: now, into: &queue)
        return identifier
    }

    /// Sends a message on a channel that this side opened.
    package func send(
        _ bytes: [UInt8],
        isBinary: Bool,
        on id: DataConsumerID,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        guard let transport = dataConsumers[id] else { throw .notFound }
        try send(
            bytes,
            isBinary: isBinary,
            on: transport.directory.stream(of: id),
            of: transport,
            now: now,
            into: &queue
        )
    }

    /// Sends a message back on a channel that the remote side opened.
    package func send(
        _ bytes: [UInt8],
        isBinary: Bool,
        on id: DataProducerID,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        guard let transport = dataProducers[id] else { throw .notFound }
        try send(
            bytes,
            isBinary: isBinary,
            on: transport.directory.stream(of: id),
            of: transport,
            now: now,
            into: &queue
        )
    }

    package func close(_ id: DataConsumerID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        guard let transport = dataConsumers[id] else { throw .notFound }
        try transport.closeChannel(transport.directory.stream(of: id), now: now)
        flush(transport, now: now, into: &queue)
    }

    package func close(_ id: DataProducerID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        guard let transport = dataProducers[id] else { throw .notFound }
        try transport.closeChannel(transport.directory.stream(of: id), now: now)
        flush(transport, now: now, into: &queue)
    }

    private func send(
        _ bytes: [UInt8],
        isBinary: Bool,
        on stream: UInt16?,
        of transport: WebRTCTransport,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        try unsafe transport.send(bytes.span.bytes, isBinary: isBinary, on: stream, now: now)
        flush(transport, now: now, into: &queue)
    }

    /// Lets a transport send what its data channels have to say.
    private func flush(_ transport: WebRTCTransport, now: Instant, into queue: inout TransmitQueue) {
        transport.flushChannels(now: now, into: &queue)
        transport.rearm(now: now)
        collect(transport)
    }
}
