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
        finishCall()
        return id
    }

    /// Sends a message on a channel that this side opened.
    ///
    /// - Throws: `invalidState` if the channel's send buffer is full or the association is gone;
    ///   `unsupported` if the message is longer than the peer takes.
    public func send(_ bytes: [UInt8], isBinary: Bool = true, on id: DataConsumerID) throws(SFUError) {
        try core.send(bytes, isBinary: isBinary, on: id, now: .now(), into: &queue)
        finishCall()
    }

    /// Sends a message back on a channel that the remote side opened.
    ///
    /// - Throws: As ``send(_:isBinary:on:)-(_,_,DataConsumerID)``.
    public func send(_ bytes: [UInt8], isBinary: Bool = true, on id: DataProducerID) throws(SFUError) {
        try core.send(bytes, isBinary: isBinary, on: id, now: .now(), into: &queue)
        finishCall()
    }

    public func close(_ id: DataConsumerID) throws(SFUError) {
        try core.close(id, now: .now(), into: &queue)
        finishCall()
    }

    public func close(_ id: DataProducerID) throws(SFUError) {
        try core.close(id, now: .now(), into: &queue)
        finishCall()
    }

    /// Calls `handle` with each message of one channel from now on, instead of ``WorkerEvent/dataMessage(_:_:_:)``.
    ///
    /// On the media thread, as soon as the datagrams that were there together have been taken in, and before any of
    /// the media among them is sent to anybody: somebody's key does not wait for everybody's picture. For one reader; a
    /// second call takes over. Ends when the channel closes. What `handle` does, the media waits for.
    ///
    /// - Parameter reader: An actor whose executor is ``executor``; it is kept until the channel closes.
    public func subscribeDirect<Reader: Actor>(
        _ id: DataProducerID,
        by reader: Reader,
        _ handle: @escaping @Sendable (isolated Reader, DataMessage) -> Void
    ) throws(SFUError) {
        reader.preconditionIsolated("who reads on the media thread has it as its executor")
        _ = try core.router(of: id)
        subscriptions.add({ message in reader.assumeIsolated { handle($0, message) } }, to: id)
    }

    /// The messages of one channel from now on, instead of ``WorkerEvent/dataMessage(_:_:_:)``.
    ///
    /// For one reader; a second call takes over. Ends when the channel closes. A reader on ``executor`` gets
    /// each message on the media thread, in a turn of its own. A reader that falls behind loses the oldest messages.
    public func subscribe(_ id: DataProducerID) throws(SFUError) -> AsyncStream<DataMessage> {
        _ = try core.router(of: id)
        return subscriptions.addStream(to: id, depth: limits.waitingMessages)
    }
}
