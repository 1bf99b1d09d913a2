package import IO
package import RemoteControl
package import Wire

/// The room's end of the desk process's link for files.
///
/// An actor on an event loop of its own, so that files delay neither media nor the desk's own link. It passes messages on, and reads no
/// more of them than its reader takes: what waits is bounded, whatever a desk process says.
package actor FileLink: EventLoopActor {
    package enum Event: Hashable, Sendable {
        case connected
        case disconnected
        case message(FileMessage)
    }

    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What the desk says, in order; for one reader, which says ``handleTaken()`` after each.
    package nonisolated let events: AsyncStream<Event>

    private let policy: FilePolicy
    private var link: SeqPacketSocket?
    private var unsent: [[UInt8]] = []
    /// Events that the reader has not taken yet.
    private var waiting = 0
    private var isPaused = false
    private var buffer = [UInt8](repeating: 0, count: FileMessage.maximumLength + 1)
    /// Messages that were none.
    package private(set) var malformed: UInt64 = 0
    private let emit: AsyncStream<Event>.Continuation

    package init(_ policy: FilePolicy) throws(SystemError) {
        executor = try EventLoop()
        self.policy = policy
        (events, emit) = AsyncStream.makeStream()
    }

    package nonisolated func start() {
        executor.start(self, named: "file-link")
    }

    package func stop() {
        disconnect()
        emit.finish()
        executor.stop()
    }

    /// Takes a new link in the place of the one before.
    package func adopt(_ end: consuming SeqPacketSocket) throws(SystemError) {
        disconnect()
        // It is asked whether it takes more.
        try executor.watch(end.descriptor, canWait: true)
        link = consume end
        tell(.connected)
        send(.policy(policy))
    }

    /// The reader has done with an event.
    package func handleTaken() {
        waiting -= 1
        guard isPaused, waiting < Self.most / 2, let descriptor = link?.descriptor else { return }
        isPaused = (try? executor.watch(descriptor, canWait: true)) == nil
        // Its interest in writing went with the other.
        if !unsent.isEmpty { flush() }
    }

    /// Tells the desk something, once the link takes it; what people have under way is bounded by their windows.
    package func send(_ message: FileMessage) {
        guard link != nil else { return }
        unsent.append(message.encoded())
        if unsent.count == 1 { flush() }
    }

    /// Sends what there is until the link is full.
    private func flush() {
        var sent = 0
        while sent < unsent.count {
            let bytes = unsent[sent]
            guard unsafe link?.send(bytes.span.bytes) == true else { break }
            sent += 1
        }
        unsent.removeFirst(sent)
        if !unsent.isEmpty, let descriptor = link?.descriptor { executor.watchWritable(descriptor, true) }
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {
        guard descriptor == link?.descriptor else { return }
        for _ in 0..<Self.batch where !isPaused {
            var span = buffer.mutableSpan
            var memory = unsafe span.mutableBytes
            switch link?.receive(into: &memory) {
            case .message(let length): handle(length)
            case .wouldBlock: return
            case .closed, nil: return disconnect()
            }
        }
    }

    package func handleWritable(_ descriptor: CInt, now: Instant) {
        guard descriptor == link?.descriptor else { return }
        executor.watchWritable(descriptor, false)
        flush()
    }

    package func handleTimeout(now: Instant) {}
    package func pollTimeout() -> Instant? { nil }

    private func handle(_ length: Int) {
        guard let message = try? unsafe FileMessage(parsing: buffer.span.bytes.extracting(first: length))
        else {
            malformed += 1
            return
        }
        tell(.message(message))
        guard waiting >= Self.most, let descriptor = link?.descriptor else { return }
        isPaused = true
        executor.unwatch(descriptor)
        if !unsent.isEmpty { executor.watchWritable(descriptor, true) }
    }

    private func tell(_ event: Event) {
        waiting += 1
        emit.yield(event)
    }

    private func disconnect() {
        guard let descriptor = link?.descriptor else { return }
        executor.unwatch(descriptor)
        link = nil
        unsent = []
        isPaused = false
        tell(.disconnected)
    }

    private static let batch = 64
    /// Messages that wait for the reader: 8 MiB.
    private static let most = 512
}
