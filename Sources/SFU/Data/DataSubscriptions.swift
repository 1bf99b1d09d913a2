/// Who reads the messages of which data channel instead of whoever reads the Worker's events.
struct DataSubscriptions {
    private enum Reader {
        case handler(@Sendable (DataMessage) -> Void)
        case stream(AsyncStream<DataMessage>.Continuation)
    }

    private var readers: [DataProducerID: Reader] = [:]

    /// Calls `handle` with each message from now on; whoever read the channel before reads no more of it.
    mutating func add(_ handle: @escaping @Sendable (DataMessage) -> Void, to id: DataProducerID) {
        finish(id)
        readers[id] = .handler(handle)
    }

    /// Likewise, for a stream that keeps the newest `depth` messages until they are read.
    mutating func addStream(to id: DataProducerID, depth: Int) -> AsyncStream<DataMessage> {
        finish(id)
        let (stream, continuation) = AsyncStream<DataMessage>.makeStream(
            bufferingPolicy: .bufferingNewest(depth)
        )
        readers[id] = .stream(continuation)
        return stream
    }

    /// Whether messages of the channel are handled as soon as they have arrived.
    func hasHandler(_ id: DataProducerID) -> Bool {
        if case .handler = readers[id] { true } else { false }
    }

    /// Gives a message to whoever reads the channel; `false`: nobody does.
    func deliver(_ message: DataMessage, of id: DataProducerID) -> Bool {
        switch readers[id] {
        case .handler(let handle): handle(message)
        case .stream(let continuation): continuation.yield(message)
        case nil: return false
        }
        return true
    }

    /// The channel is closed.
    mutating func finish(_ id: DataProducerID) {
        if case .stream(let continuation) = readers.removeValue(forKey: id) { continuation.finish() }
    }

    mutating func finishAll() {
        for id in readers.keys { finish(id) }
    }
}
