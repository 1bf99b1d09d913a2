package import IO
package import RemoteControl
package import Wire

/// The room's end of the desk process's link for clipboards.
///
/// An actor on an event loop of its own, so that megabytes of a clipboard delay neither media nor the desk's own link. What comes is
/// put together here, of what was asked for and up to the limit: nothing that a desk process says makes it hold more.
package actor ClipboardLink: EventLoopActor {
    package enum Event: Hashable, Sendable {
        case connected
        case content(ClipboardContent, ClipboardMessage.Transfer)
        case disconnected
        case offer(ClipboardOffer)
        case outcome(ClipboardOutcome, ClipboardMessage.Transfer)
    }

    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What the desk says, in order; for one reader.
    package nonisolated let events: AsyncStream<Event>

    private let policy: ClipboardPolicy
    private var link: SeqPacketSocket?
    private var asked: [ClipboardMessage.Transfer: ClipboardAssembly?] = [:]
    private var unsent: [ClipboardMessage] = []
    /// What is given to the desk; a newer one takes its place.
    private var pieces: ClipboardPieces?
    private var buffer = [UInt8](repeating: 0, count: ClipboardMessage.maximumLength + 1)
    /// Messages that were none, or out of place.
    package private(set) var malformed: UInt64 = 0
    private let emit: AsyncStream<Event>.Continuation

    package init(_ policy: ClipboardPolicy) throws(SystemError) {
        executor = try EventLoop()
        self.policy = policy
        (events, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    package nonisolated func start() {
        executor.start(self, named: "clipboard-link")
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
        emit.yield(.connected)
        send(.policy(policy))
    }

    // MARK: Commands

    /// Gives the desk a content.
    package func put(_ content: ClipboardContent, as transfer: ClipboardMessage.Transfer, _ lease: LeaseID) {
        pieces = ClipboardPieces(content, as: transfer)
        send(.put(transfer, lease, content.table))
    }

    /// Asks for the desk's content.
    package func take(_ transfer: ClipboardMessage.Transfer) {
        asked[transfer] = .some(nil)
        send(.take(transfer, after: 0))
    }

    package func cancel(_ transfer: ClipboardMessage.Transfer) {
        guard asked.removeValue(forKey: transfer) != nil else { return }
        send(.cancel(transfer))
    }

    private func send(_ message: ClipboardMessage) {
        unsent.append(message)
        flush()
    }

    /// Sends what there is until the link is full.
    private func flush() {
        while link != nil {
            if unsent.isEmpty, let piece = pieces?.poll() { unsent.append(piece) }
            guard let message = unsent.first else {
                pieces = nil
                return
            }
            let bytes = message.encoded()
            guard unsafe link?.send(bytes.span.bytes) == true else {
                if let descriptor = link?.descriptor { executor.watchWritable(descriptor, true) }
                return
            }
            unsent.removeFirst()
        }
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {
        guard descriptor == link?.descriptor else { return }
        for _ in 0..<Self.batch {
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
        let message = try? unsafe ClipboardMessage(parsing: buffer.span.bytes.extracting(first: length))
        switch message {
        case .offer(let offer): emit.yield(.offer(offer))
        case .outcome(let transfer, let outcome):
            asked[transfer] = nil
            emit.yield(.outcome(outcome, transfer))
        case .content(let transfer, let table):
            // What was cancelled may still be on its way.
            guard let assembly = asked[transfer], assembly == nil else { return }
            guard table.total <= Int(policy.limit) else { return fail(transfer, .tooLarge) }
            asked[transfer] = .some(ClipboardAssembly(table))
        case .piece(let transfer, let offset, let bytes): add(bytes, at: offset, of: transfer)
        case .cancel, .policy, .put, .received, .take, nil: malformed += 1
        }
    }

    private func add(_ bytes: [UInt8], at offset: UInt32, of transfer: ClipboardMessage.Transfer) {
        guard let assembly = asked[transfer], var assembly else { return }
        // Held once, or adding to it would copy it.
        asked[transfer] = .some(nil)
        guard assembly.add(bytes, at: offset) else { return fail(transfer, .broken) }
        guard assembly.isComplete else { return asked[transfer] = .some(assembly) }
        guard let content = assembly.content() else { return fail(transfer, .broken) }
        asked[transfer] = nil
        emit.yield(.content(content, transfer))
    }

    private func fail(_ transfer: ClipboardMessage.Transfer, _ outcome: ClipboardOutcome) {
        malformed += 1
        cancel(transfer)
        emit.yield(.outcome(outcome, transfer))
    }

    private func disconnect() {
        guard let descriptor = link?.descriptor else { return }
        executor.unwatch(descriptor)
        link = nil
        asked = [:]
        unsent = []
        pieces = nil
        emit.yield(.disconnected)
    }

    private static let batch = 64
    private static let depth = 256
}
