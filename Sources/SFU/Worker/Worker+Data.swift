internal import IO
public import WebRTC
internal import Wire

extension Worker {
    /// Opens a data channel toward a transport's peer, at once or when the association stands.
    public func consumeData(
        on transport: TransportID,
        _ parameters: DataChannelParameters
    ) throws(SFUError) -> DataConsumerID {
        let id = try core.consumeData(on: transport, parameters, now: .now(), into: &queue)
        finishWakeUp(now: .now())
        return id
    }

    /// Sends a message on a channel that this side opened.
    ///
    /// - Throws: `invalidState` if the channel's send buffer is full or the association is gone;
    ///   `unsupported` if the message is longer than the peer takes.
    public func send(_ bytes: [UInt8], isBinary: Bool = true, on id: DataConsumerID) throws(SFUError) {
        try core.send(bytes, isBinary: isBinary, on: id, now: .now(), into: &queue)
        finishWakeUp(now: .now())
    }

    /// Sends a message back on a channel that the remote side opened.
    ///
    /// - Throws: As ``send(_:isBinary:on:)-(_,_,DataConsumerID)``.
    public func send(_ bytes: [UInt8], isBinary: Bool = true, on id: DataProducerID) throws(SFUError) {
        try core.send(bytes, isBinary: isBinary, on: id, now: .now(), into: &queue)
        finishWakeUp(now: .now())
    }

    public func close(_ id: DataConsumerID) throws(SFUError) {
        try core.close(id, now: .now(), into: &queue)
        finishWakeUp(now: .now())
    }

    public func close(_ id: DataProducerID) throws(SFUError) {
        try core.close(id, now: .now(), into: &queue)
        finishWakeUp(now: .now())
    }

    /// The messages of one channel from now on, instead of ``WorkerEvent/dataMessage(_:_:_:)``.
    ///
    /// For one reader; a second call takes over. Ends when the channel closes. A reader on ``executor`` gets
    /// each message on the media thread. A reader that falls behind loses the oldest messages.
    public func subscribeDirect(_ id: DataProducerID) throws(SFUError) -> AsyncStream<DataMessage> {
        guard core.dataProducers[id] != nil else { throw .notFound }
        subscriptions.removeValue(forKey: id)?.finish()
        let (stream, continuation) = AsyncStream<DataMessage>.makeStream(
            bufferingPolicy: .bufferingNewest(limits.waitingMessages)
        )
        subscriptions[id] = continuation
        return stream
    }
}
