package import IO
package import RemoteControl
package import Wire

/// The room's end of the link with the desk process: is given one by the keeper for each desk process that is started, and
/// reads what that reports.
///
/// A link is a pair of sockets, one of which the process inherits: nobody else can take its place.
///
/// An actor on an event loop of its own, so that a desk that talks much never delays media. Commands go the
/// other way through ``ControlRelay``, which gets the sending half with ``Event/connected``.
package actor DeskLink: EventLoopActor {
    package enum Event: Hashable, Sendable {
        /// A desk process has said its first word; ``takeSender()`` has the way back.
        case connected
        case disconnected
        case report(DeskReport)
        /// What becomes of people's voices.
        case voices(VoiceMessage.State)
        case voicesClosed
    }

    package nonisolated let executor: EventLoop
    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// What the desk says, in order; for one reader.
    ///
    /// The pointer's positions are dropped first if the reader is slow.
    package nonisolated let events: AsyncStream<Event>
    /// What the desk answers to the room's own questions and to people's texts, in order; for ``ControlRelay``,
    /// and behind nothing else.
    package nonisolated let answers: AsyncStream<DeskReport>

    /// What the keeper says of the shelf and of a reset of the desk, in order; for one reader.
    package nonisolated let activities: AsyncStream<KeeperWord>

    private let keeper: KeeperLink?
    private let onRestart: @Sendable (ProgramRestart) -> Void
    private var link: SeqPacketSocket?
    /// The link for clipboards, until ``takeClipboard()``, and that for files, until ``takeFiles()``.
    private var clipboard: SeqPacketSocket?
    private var files: SeqPacketSocket?
    /// What came with the report that is read just now.
    private var handed: SeqPacketSocket?
    /// The link for people's voices, from which the desk's word on them comes, and a second descriptor to send by, until
    /// ``takeVoices()``.
    private var voices: SeqPacketSocket?
    private var voicesSender: SeqPacketSocket?
    /// A second descriptor of the desk's own link, until ``takeSender()``.
    private var sender: SeqPacketSocket?
    private var isConnected = false
    private var buffer = [UInt8](repeating: 0, count: DeskReport.maximumLength + 1)
    /// Reports and words that could not be read.
    package private(set) var malformed: UInt64 = 0
    private let emit: AsyncStream<Event>.Continuation
    private let emitAnswer: AsyncStream<DeskReport>.Continuation
    private let emitActivity: AsyncStream<KeeperWord>.Continuation

    /// - Parameters:
    ///   - keeper: Hands over the links.
    ///   - onRestart: Is told of each program of the desk that has ended and is started again.
    package init(
        keeper: KeeperLink? = nil,
        onRestart: @escaping @Sendable (ProgramRestart) -> Void = { _ in }
    ) throws(SystemError) {
        self.keeper = keeper
        self.onRestart = onRestart
        executor = try EventLoop()
        if let keeper { try executor.watch(keeper.descriptor) }
        (events, emit) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
        (answers, emitAnswer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
        (activities, emitActivity) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(Self.depth))
    }

    package nonisolated func start() {
        executor.start(self, named: "desk-link")
    }

    package func stop() {
        disconnect()
        emit.finish()
        emitAnswer.finish()
        emitActivity.finish()
        executor.stop()
    }

    /// Takes a new link in the place of the one before.
    package func adopt(_ end: consuming SeqPacketSocket) throws(SystemError) {
        disconnect()
        let second = try end.duplicate()
        try executor.watch(end.descriptor)
        link = consume end
        sender = consume second
    }

    /// What to send on; `nil` if the desk is gone again, or it has been taken.
    package func takeSender() -> SeqPacketSocket? { sender.take() }

    /// The room's end of the link for clipboards, after ``DeskReport/clipboardLink``.
    package func takeClipboard() -> SeqPacketSocket? { clipboard.take() }

    /// The room's end of the link for files, after ``DeskReport/filesLink``.
    package func takeFiles() -> SeqPacketSocket? { files.take() }

    /// What to send people's voices on, after ``DeskReport/voicesLink``.
    package func takeVoices() -> SeqPacketSocket? { voicesSender.take() }

    /// Ends the link for people's voices; whoever has taken the sender lets go of it first.
    package func closeVoices() {
        guard let descriptor = voices?.descriptor else { return }
        executor.unwatch(descriptor)
        voices = nil
        voicesSender = nil
    }

    // MARK: EventLoopActor

    package func handleReadable(_ descriptor: CInt, now: Instant) {
        if descriptor == link?.descriptor {
            receive()
        } else if descriptor == voices?.descriptor {
            receiveVoices()
        } else if let keeper, descriptor == keeper.descriptor {
            listen(to: keeper)
        }
    }

    package func handleTimeout(now: Instant) {}
    package func pollTimeout() -> Instant? { nil }

    private func receive() {
        for _ in 0..<Self.batch {
            var span = buffer.mutableSpan
            var memory = unsafe span.mutableBytes
            var end: SeqPacketSocket?
            switch link?.receive(into: &memory, with: &end) {
            case .message(let length):
                handed = end.take()
                handle(length)
                handed = nil
            case .wouldBlock: return
            case .closed, nil:
                disconnect()
                return
            }
        }
    }

    private func listen(to keeper: KeeperLink) {
        var end: SeqPacketSocket?
        for _ in 0..<Self.batch {
            switch keeper.receive(&end) {
            case .word(.desk): if let end = end.take() { try? adopt(end) }
            case .word(.restarted(let restart)): onRestart(restart)
            case .word(let word): emitActivity.yield(word)
            case .malformed: malformed += 1
            case .nothing: return
            case .closed: return executor.unwatch(keeper.descriptor)
            }
        }
    }

    private func receiveVoices() {
        for _ in 0..<Self.batch {
            var span = buffer.mutableSpan
            var memory = unsafe span.mutableBytes
            switch voices?.receive(into: &memory) {
            case .message(let length):
                guard
                    case .state(let state) = unsafe VoiceMessage(
                        parsing: buffer.span.bytes.extracting(first: length)
                    )
                else {
                    malformed += 1
                    continue
                }
                emit.yield(.voices(state))
            case .wouldBlock: return
            case .closed, nil:
                closeVoices()
                emit.yield(.voicesClosed)
                return
            }
        }
    }

    private func handle(_ length: Int) {
        if !isConnected {
            isConnected = true
            emit.yield(.connected)
        }
        guard
            let report = try? unsafe DeskReport(parsing: buffer.span.bytes.extracting(first: length))
        else {
            malformed += 1
            return
        }
        switch report {
        case .clipboardLink: clipboard = handed.take()
        case .filesLink: files = handed.take()
        case .voicesLink: if let end = handed.take() { try? adoptVoices(end) }
        default: break
        }
        switch report {
        case .echoed, .effect, .handFailed, .held, .reached, .typed: emitAnswer.yield(report)
        default: emit.yield(.report(report))
        }
    }

    private func adoptVoices(_ end: consuming SeqPacketSocket) throws(SystemError) {
        closeVoices()
        let second = try end.duplicate()
        try executor.watch(end.descriptor)
        voices = consume end
        voicesSender = consume second
    }

    private func disconnect() {
        guard let descriptor = link?.descriptor else { return }
        executor.unwatch(descriptor)
        link = nil
        sender = nil
        clipboard = nil
        files = nil
        closeVoices()
        if isConnected { emit.yield(.disconnected) }
        isConnected = false
    }

    private static let batch = 64
    private static let depth = 1_024
}
