package import IO
package import RemoteControl
package import Wire

/// The room's end of the link with the desk process: listens for it, and reads what it reports.
///
/// An actor on an event loop of its own, so that a desk that talks much never delays media. Commands go the
/// other way through ``ControlRelay``, which gets the sending half with ``Event/connected``.
package actor DeskLink: EventLoopActor {
    package enum Event: Hashable, Sendable {
        /// A desk process has connected; ``takeSender()`` has the way back.
        case connected
        case disconnected
        case report(DeskReport)
    }

    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What the desk says, in order; for one reader.
    ///
    /// The pointer's positions are dropped first if the reader is slow.
    package nonisolated let events: AsyncStream<Event>

    private let listener: SeqPacketSocket
    private var link: SeqPacketSocket?
    private var buffer = [UInt8](repeating: 0, count: DeskReport.maximumLength + 1)
    /// Reports that could not be read: a desk of another version.
    package private(set) var malformed: UInt64 = 0
    private let emit: AsyncStream<Event>.Continuation

    /// Listens on `path`, which only this user can reach.
    package init(listeningOn path: String) throws(SystemError) {
        executor = try EventLoop()
        listener = try SeqPacketSocket(listeningOn: path)
        try executor.watch(listener.descriptor)
        (events, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    package nonisolated func start() {
        executor.start(self, named: "desk-link")
    }

    package func stop() {
        disconnect()
        executor.unwatch(listener.descriptor)
        emit.finish()
        executor.stop()
    }

    /// A second descriptor of the present link, to send on; `nil` if the desk is gone again.
    package func takeSender() -> SeqPacketSocket? {
        try? link?.duplicate()
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == listener.descriptor {
            acceptAll()
        } else if descriptor == link?.descriptor {
            receive()
        }
    }

    package func handleTimeout(now: Instant) {}
    package func pollTimeout() -> Instant? { nil }

    /// The newest desk counts: the one before it is ending, or stuck.
    private func acceptAll() {
        while let accepted = listener.accept() {
            disconnect()
            do {
                try executor.watch(accepted.descriptor)
            } catch {
                continue
            }
            link = consume accepted
            emit.yield(.connected)
        }
    }

    private func receive() {
        for _ in 0..<Self.batch {
            var span = buffer.mutableSpan
            var memory = unsafe span.mutableBytes
            switch link?.receive(into: &memory) {
            case .message(let length): handle(length)
            case .wouldBlock: return
            case .closed, nil:
                disconnect()
                return
            }
        }
    }

    private func handle(_ length: Int) {
        do {
            emit.yield(.report(try unsafe DeskReport(parsing: buffer.span.bytes.extracting(first: length))))
        } catch {
            malformed += 1
        }
    }

    private func disconnect() {
        guard let descriptor = link?.descriptor else { return }
        executor.unwatch(descriptor)
        link = nil
        emit.yield(.disconnected)
    }

    private static let batch = 64
    private static let depth = 1_024
}
