package import WebRTC
package import Wire

extension WorkerCore {
    /// Whether a datagram can be handled while what was received before is being forwarded: a connection that stands
    /// says something in it, and it is neither media nor a handshake.
    package func carriesMessages(_ datagram: RawSpan) -> Bool {
        PacketKind(of: datagram) == .dtls && datagram.bigEndian(UInt8.self, at: 0) == Self.applicationData
    }

    /// Takes the messages of the channels that `isWanted` names out of ``events``, oldest first.
    package func takeMessages(
        where isWanted: (DataProducerID) -> Bool
    ) -> [(channel: DataProducerID, message: DataMessage)] {
        hasMessages = false
        var messages: [(channel: DataProducerID, message: DataMessage)] = []
        events.removeAll { event in
            guard case .dataMessage(_, let id, let message) = event, isWanted(id) else { return false }
            messages.append((id, message))
            return true
        }
        return messages
    }

    /// Opens a data channel toward a transport's peer.
    package func consumeData(
        on id: TransportID,
        _ parameters: DataChannelParameters,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) -> DataConsumerID {
        let transport = try transport(id)
        let identifier = DataConsumerID(shared.identifiers.next())
        try transport.consumeData(parameters, as: identifier, now: now)
        data.add(identifier, on: transport)
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
        let transport = try data.transport(of: id)
        try unsafe transport.send(bytes.span.bytes, isBinary: isBinary, on: id, now: now)
        flush(transport, now: now, into: &queue)
    }

    /// Sends a message back on a channel that the remote side opened.
    package func send(
        _ bytes: [UInt8],
        isBinary: Bool,
        on id: DataProducerID,
        now: Instant,
        into queue: inout TransmitQueue
    ) throws(SFUError) {
        let transport = try data.transport(of: id)
        try unsafe transport.send(bytes.span.bytes, isBinary: isBinary, on: id, now: now)
        flush(transport, now: now, into: &queue)
    }

    package func close(_ id: DataConsumerID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        let transport = try data.transport(of: id)
        try transport.close(id, now: now)
        flush(transport, now: now, into: &queue)
    }

    package func close(_ id: DataProducerID, now: Instant, into queue: inout TransmitQueue) throws(SFUError) {
        let transport = try data.transport(of: id)
        try transport.close(id, now: now)
        flush(transport, now: now, into: &queue)
    }

    /// Lets a transport send what its data channels have to say.
    private func flush(_ transport: Transport, now: Instant, into queue: inout TransmitQueue) {
        transport.flushData(now: now, into: &queue)
        transport.rearm(now: now)
        collect()
    }
}
