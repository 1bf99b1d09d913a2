public import IO
public import Wire

/// The desk process's end of its link with the room: input goes to the X screen at once, what concerns
/// media goes to the process's composer, and what happens to the pointer goes back.
///
/// An actor on an event loop of its own, whose descriptors are the link and the X connection: between a
/// message from the room and the X server there is no queue and no other thread.
///
/// The screen may come later than the seat; until it does, the seat tries again four times a second
/// and counts the input it has to drop. If the X server goes away, Xlib ends the process. If the room
/// goes away, everything held is released and ``Event/roomGone`` is reported: the process should end. The same is
/// released when the room falls silent, or lets somebody else drive (``SeatTenancy``).
public actor DeskSeat: EventLoopActor {
    /// What the composer of the desk process must know.
    ///
    /// Reported from the seat's thread; must not block.
    public enum Event: Hashable, Sendable {
        /// A command about media: configure, start, stop, cover, voices.
        case command(DeskCommand)
        /// The X server has been given somebody's press or turn.
        case injected(LeaseID, clientTime: UInt32, at: Instant)
        /// The room has closed the link or is gone.
        case roomGone
        /// Input works from now on; pixels.
        case screenOpened(width: UInt16, height: UInt16)
        /// The screen was resized; pixels.
        case screenResized(width: UInt16, height: UInt16)
        /// The screen cannot be opened yet; reported once.
        case screenUnavailable(DeskScreenError)
    }

    public nonisolated let executor: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let displayName: String?
    private let link: SeqPacketSocket
    private let report: @Sendable (Event) -> Void
    /// Whether the size of the screen is ours to change.
    private let ownsScreen: Bool

    private var screen: DeskScreen?
    /// Of people who drive beside whoever has control.
    private var hands: DeskHands?
    private var size: (width: UInt16, height: UInt16) = (0, 0)
    private var nextAttempt: Instant?
    private var hasReportedScreen = false
    private var isLinkOpen = true
    private var tenancy = SeatTenancy()
    /// What the room is still to be answered, oldest first, and when to try again.
    private var unanswered: [DeskMark] = []
    private var nextAnswer: Instant?

    /// What was asked for while there was no screen.
    private var layout: KeyboardLayout?
    private var dropped: UInt64 = 0
    /// Messages from the room that were not commands: a room of another version.
    public private(set) var malformed: UInt64 = 0
    private var buffer = MessageBuffer()

    /// Takes over `link`; opens `display`, or `$DISPLAY` if it is `nil`, once started.
    ///
    /// - Parameter ownsScreen: Whether the size of the screen may be changed.
    /// - Throws: If the system has no descriptors left.
    public init(
        display: String? = nil,
        ownsScreen: Bool = false,
        link: consuming SeqPacketSocket,
        onEvent report: @escaping @Sendable (Event) -> Void
    ) throws(SystemError) {
        executor = try EventLoop()
        try executor.watch(link.descriptor)
        displayName = display
        self.ownsScreen = ownsScreen
        self.link = link
        self.report = report
    }

    /// Starts the seat's thread; call once.
    public nonisolated func start() {
        executor.start(self, named: "desk-seat")
    }

    /// Releases everything, gives the keyboard back as it was found, and ends the thread: the last call.
    public func stop() {
        hands?.removeAll(now: .now())
        hands = nil
        screen?.restore(now: .now())
        for descriptor in screen?.descriptors ?? [] { executor.unwatch(descriptor) }
        screen = nil
        closeLink()
        executor.stop()
    }

    /// Sends a report to the room; `false` if the room does not keep up or is gone.
    @discardableResult
    public func send(_ report: DeskReport) -> Bool {
        let message = report.encoded()
        return link.send(message.span.bytes)
    }

    /// Hands the room its end of a link; `false` if the room is gone.
    ///
    /// - Parameter report: Says which link it is.
    @discardableResult
    public func hand(_ end: consuming SeqPacketSocket, as report: DeskReport) -> Bool {
        let message = report.encoded()
        return link.send(message.span.bytes, with: end)
    }

    /// Control events that reached the X server, and those that could not.
    public var inputCounts: (injected: UInt64, dropped: UInt64) {
        let others: (injected: UInt64, dropped: UInt64) = hands?.inputCounts ?? (injected: 0, dropped: 0)
        let own: (injected: UInt64, dropped: UInt64) = (
            screen?.injected ?? 0, dropped + (screen?.dropped ?? 0)
        )
        return (own.injected + others.injected, own.dropped + others.dropped)
    }

    // MARK: EventLoopActor

    public func handleReadable(_ descriptor: CInt, now: Instant) {
        // The X connection is read in `handleTimeout`, on every wake-up: Xlib may have taken in events while
        // it waited for a reply, and then the descriptor is silent.
        guard descriptor == link.descriptor else { return }
        // Bounded, so that a flood cannot keep the X connection waiting.
        for _ in 0..<Self.batch {
            switch buffer.receive(from: link) {
            case .message(let count): handle(messageOf: count, now: now)
            case .wouldBlock: return
            case .closed: return handleRoomGone(now: now)
            }
        }
    }

    public func handleTimeout(now: Instant) {
        if screen == nil, isLinkOpen { openScreen(now: now) }
        guard let screen else { return }
        if screen.isHolding, tenancy.handleTimeout(now: now) { screen.releaseAll(now: now) }
        if screen.isPressing, tenancy.isHolderSilent(now: now) { screen.letGo(now: now) }
        if let time = nextAnswer, time <= now { answer(now: now) }
        screen.handleTimeout(now: now)
        screen.handleEvents(now: now)
        hands?.handleTimeout(now: now)
        sendAnswers()
        if (screen.width, screen.height) != size {
            size = (screen.width, screen.height)
            report(.screenResized(width: size.width, height: size.height))
            tellSize(.told)
        }
        while let message = screen.pollCursor(now: now) { send(.cursor(message)) }
    }

    public func pollTimeout() -> Instant? {
        guard isLinkOpen else { return nil }
        guard let screen else { return nextAttempt ?? Instant(nanoseconds: 0) }
        let silence = screen.isHolding ? tenancy.pollTimeout() : nil
        let holder = screen.isPressing ? tenancy.holderTimeout : nil
        return [screen.pollTimeout(), silence, holder, hands?.pollTimeout(), nextAnswer]
            .compactMap(\.self).min()
    }

    // MARK: The room

    private func handle(messageOf count: Int, now: Instant) {
        let command: DeskCommand
        do {
            command = try DeskCommand(parsing: buffer.bytes.span.bytes.extracting(first: count))
        } catch {
            malformed += 1
            return
        }
        tenancy.handleMessage(now: now)
        hands?.handleMessage(now: now)
        switch command {
        case .input(let event):
            handle(event, now: now)
        case .releaseAll(let mark):
            screen?.releaseAll(now: now)
            sendAnswers()
            answer(mark, now: now)
        case .releaseHand(let mark, let hand):
            hands?.release(hand, now: now)
            sendAnswers()
            answer(mark, now: now)
        case .removeHand(let hand):
            hands?.remove(hand, now: now)
            sendAnswers()
        case .mark(let mark):
            answer(mark, now: now)
        case .listWindows:
            // Without a screen there are none.
            send(.windows(screen?.windows ?? []))
        case .setScreenSize(let size): resize(to: size)
        case .setLayout(let layout):
            self.layout = layout
            setLayout(now: now)
        case .configure, .cover, .openVoices, .startStream, .stopStream:
            report(.command(command))
        }
    }

    private func handle(_ event: ControlEvent, now: Instant) {
        guard event.lease.hand == 0 else { return handleFurther(event, now: now) }
        let admission = tenancy.admit(event.lease)
        guard let screen, admission != .outdated else {
            dropped += 1
            guard case .text = event.action else { return }
            let outcome = screen == nil ? TextReceipt.Outcome.deskAway : .released
            send(
                .typed(
                    TextReceipt(lease: event.lease, sequence: event.sequence, outcome: outcome, delivered: 0)
                )
            )
            return
        }
        tenancy.handleEvent(now: now)
        if admission == .releaseFirst { screen.releaseAll(now: now) }
        screen.inject(event, now: now)
        if event.action.isPress { report(.injected(event.lease, clientTime: event.clientTime, at: .now())) }
        sendAnswers()
    }

    /// Of somebody who drives beside the holder.
    private func handleFurther(_ event: ControlEvent, now: Instant) {
        defer { sendAnswers() }
        guard let hand = FurtherHand(of: event.lease), let hands else {
            dropped += 1
            return
        }
        let isDone = hands.handle(event, of: hand, now: now)
        guard isDone, event.action.isPress else { return }
        report(.injected(event.lease, clientTime: event.clientTime, at: .now()))
    }

    private func setLayout(now: Instant) {
        guard let screen, let layout else { return }
        self.layout = nil
        let isDone = screen.setLayout(layout, now: now)
        sendAnswers()
        send(.layoutSet(layout, isDone: isDone))
    }

    private func sendAnswers() {
        while let answer = screen?.pollAnswer() { send(DeskReport(answer)) }
        while let report = hands?.pollReport() { send(report) }
    }

    /// Says that everything up to `mark` is done, once that is true: without a screen nothing can be released.
    private func answer(_ mark: DeskMark, now: Instant) {
        // Whatever was asked again, or is of no use any more, goes first.
        unanswered.removeAll { $0 == mark }
        if unanswered.count == Self.mostUnanswered { unanswered.removeFirst() }
        unanswered.append(mark)
        answer(now: now)
    }

    private func answer(now: Instant) {
        nextAnswer = nil
        guard let screen, !unanswered.isEmpty else { return }
        screen.synchronize()
        hands?.synchronize()
        while let mark = unanswered.first {
            guard send(.reached(mark)) else { return nextAnswer = now + Self.retryInterval }
            unanswered.removeFirst()
        }
    }

    private func handleRoomGone(now: Instant) {
        screen?.releaseAll(now: now)
        hands?.removeAll(now: now)
        closeLink()
        report(.roomGone)
    }

    private func closeLink() {
        guard isLinkOpen else { return }
        isLinkOpen = false
        executor.unwatch(link.descriptor)
    }

    // MARK: The screen

    private func resize(to wanted: DeskSize) {
        guard let screen else { return tellSize(.absent) }
        let isDone = ownsScreen && screen.resize(to: wanted)
        // It is told here.
        size = (screen.width, screen.height)
        report(.screenResized(width: size.width, height: size.height))
        tellSize(isDone ? .done : .refused)
    }

    private func tellSize(_ outcome: DeskScreenReport.Outcome) {
        let largest = ownsScreen ? screen?.largest : nil
        send(
            .screen(
                DeskScreenReport(
                    outcome,
                    width: screen?.width ?? 0,
                    height: screen?.height ?? 0,
                    largestWidth: UInt16(clamping: largest?.width ?? 0),
                    largestHeight: UInt16(clamping: largest?.height ?? 0)
                )
            )
        )
    }

    private func openScreen(now: Instant) {
        if let nextAttempt, now < nextAttempt { return }
        do {
            let screen = try DeskScreen(display: displayName)
            for descriptor in screen.descriptors { try executor.watch(descriptor) }
            screen.takeOver(now: now)
            self.screen = screen
            let loop = executor
            hands = DeskHands(
                on: screen,
                display: displayName,
                watch: .init(add: { try? loop.watch($0) }, remove: { loop.unwatch($0) })
            )
            setLayout(now: now)
            answer(now: now)
            size = (screen.width, screen.height)
            report(.screenOpened(width: size.width, height: size.height))
            tellSize(.told)
        } catch {
            nextAttempt = now + Self.reopenInterval
            guard !hasReportedScreen else { return }
            hasReportedScreen = true
            report(.screenUnavailable(error as? DeskScreenError ?? .unreachable))
        }
    }

    private static let reopenInterval = Interval.milliseconds(250)
    private static let retryInterval = Interval.milliseconds(50)
    private static let batch = 256
    /// The room asks one thing of each hand at a time, and something now and then besides.
    private static let mostUnanswered = 16
}

/// The memory that messages from the room are received into.
private struct MessageBuffer {
    // One byte more than the longest command, so that a longer message is seen to be one.
    var bytes = [UInt8](repeating: 0, count: DeskCommand.maximumLength + 1)

    mutating func receive(from link: borrowing SeqPacketSocket) -> SeqPacketSocket.Reception {
        var span = bytes.mutableSpan
        var memory = span.mutableBytes
        return link.receive(into: &memory)
    }
}

extension DeskReport {
    /// What the holder is told, on its way to the room.
    init(_ answer: ControlAnswer) {
        switch answer {
        case .echo(let echo): self = .echoed(echo)
        case .held(let answer): self = .held(answer)
        case .text(let receipt): self = .typed(receipt)
        }
    }
}
