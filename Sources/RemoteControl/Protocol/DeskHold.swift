#if canImport(Wire)
public import Wire
#endif

/// What the room knows of the keys and buttons that the desk holds down for people.
///
/// A desk process that is stopped, or whose X server is, takes in nothing: what was pressed stays pressed, and a
/// release that was sent is no release. So the desk answers each release once the X server has carried it out;
/// until then nothing is forwarded and ``isEmpty`` is false, and a desk that does not answer in time is cut off:
/// the process that takes its place releases everything before it answers for the first time. While people's
/// events go through, the desk is asked every ``period`` whether it still takes them in.
///
/// Tell it of the link by `handle…`; ask ``canForward`` before each event. After each call drain ``pollAction()``
/// and schedule ``pollTimeout()``. An action that could not be sent is reported to ``handleUnsent(now:)``.
public struct DeskHold: Sendable {
    /// What the owner must do next.
    public enum Action: Hashable, Sendable {
        /// Close the link and end the desk process, however it does: it must not go on.
        case cutOff
        case send(DeskCommand)
    }

    /// How long the desk may take to say that it has released everything.
    public static let releaseTimeout = Interval.seconds(3)
    /// How long the desk may take to answer while nobody waits for it.
    public static let silence = Interval.seconds(5)
    /// How often a desk that is driven is asked.
    public static let period = Interval.seconds(1)

    private enum State {
        case absent
        /// Connected, but has not said yet that nothing is held.
        case arriving
        case empty
        case filled
        case releasing
    }

    private var state = State.absent
    private var lastMark: UInt32 = 0
    private var question: Question?
    /// When a desk that is driven is asked again.
    private var nextQuestion: Instant?
    private var actions: [Action] = []

    private struct Question {
        var command: DeskCommand
        var mark: DeskMark
        /// `nil`: a desk that has just come may take as long as its screen does.
        var deadline: Instant?
        /// When to send it again, if it could not be sent.
        var retry: Instant?
    }

    private let releaseTimeout: Interval
    /// `nil`: the first.
    private let hand: FurtherHand?

    /// - Parameters:
    ///   - releaseTimeout: How long the desk may take to let go.
    ///   - hand: Of which this is what it holds; `nil`: the first. A desk process that has just come has no other.
    public init(releaseTimeout: Interval = Self.releaseTimeout, hand: FurtherHand? = nil) {
        self.releaseTimeout = releaseTimeout
        self.hand = hand
    }

    /// Whether an event may go to the desk now.
    public var canForward: Bool { state == .empty || state == .filled }

    /// Whether a desk process is there that has said, since it came, that nothing is held.
    public var isReady: Bool { state != .absent && state != .arriving }

    /// Whether no key or button can be down that belongs to somebody, or nothing can be done with it before all
    /// of them are released.
    public var isEmpty: Bool { state != .filled && state != .releasing }

    // MARK: The link

    /// Another desk process has connected.
    public mutating func handleConnected(now: Instant) {
        guard hand == nil else { return state = .empty }
        state = .arriving
        ask(deadline: nil) { .releaseAll($0) }
    }

    /// The desk process is gone.
    public mutating func handleDisconnected() {
        state = .absent
        question = nil
        nextQuestion = nil
        actions.removeAll()
    }

    /// The desk has carried out everything up to `mark`.
    public mutating func handleReached(_ mark: DeskMark, now: Instant) {
        guard question?.mark == mark else { return }
        question = nil
        switch state {
        case .arriving, .releasing: state = .empty
        case .filled: nextQuestion = now + Self.period
        case .absent, .empty: break
        }
    }

    // MARK: Events

    /// An event has gone to the desk; returns whether ``pollTimeout()`` has changed.
    @discardableResult
    public mutating func handleForwarded(now: Instant) -> Bool {
        guard state == .empty else { return false }
        state = .filled
        nextQuestion = now + Self.period
        return true
    }

    /// The link did not take an event of the holder's.
    ///
    /// Moves do not matter; after anything else nobody knows any more what is held.
    public mutating func handleUndelivered(_ action: ControlAction, now: Instant) {
        switch action {
        case .pointerMotion, .pointerMove, .pointerPath: break
        default: if canForward { beginRelease(now: now) }
        }
    }

    /// Whatever is held must be let go: a lease has ended, or its holder is not reached.
    public mutating func release(now: Instant) {
        if state == .filled { beginRelease(now: now) }
    }

    // MARK: Time

    /// The action last polled could not be sent.
    public mutating func handleUnsent(now: Instant) {
        question?.retry = now + Self.retryInterval
    }

    public mutating func handleTimeout(now: Instant) {
        if let deadline = question?.deadline, deadline + Self.lateness <= now {
            // This process was stopped, too, or the machine was suspended: the answer may be there by now, unread.
            question?.deadline = now + Self.silence
        } else if let deadline = question?.deadline, deadline <= now {
            handleDisconnected()
            actions.append(.cutOff)
            return
        }
        if let retry = question?.retry, retry <= now, let command = question?.command {
            question?.retry = nil
            actions.append(.send(command))
        }
        if let next = nextQuestion, next <= now {
            nextQuestion = nil
            ask(deadline: now + Self.silence) { .mark($0) }
        }
    }

    /// When ``handleTimeout(now:)`` is next due.
    public func pollTimeout() -> Instant? {
        var due = nextQuestion
        for time in [question?.deadline, question?.retry] {
            if let time { due = min(due ?? time, time) }
        }
        return due
    }

    /// What the owner must do next, oldest first.
    public mutating func pollAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

    private mutating func beginRelease(now: Instant) {
        state = .releasing
        nextQuestion = nil
        ask(deadline: now + releaseTimeout) { [hand] mark in
            hand.map { .releaseHand(mark, $0) } ?? .releaseAll(mark)
        }
    }

    private mutating func ask(deadline: Instant?, _ command: (DeskMark) -> DeskCommand) {
        lastMark = (lastMark + 1) & Self.markMask
        // Each hand has its own.
        let mark = DeskMark(UInt32(hand?.rawValue ?? 0) << Self.markBits | lastMark)
        question = Question(command: command(mark), mark: mark, deadline: deadline)
        actions.append(.send(command(mark)))
    }

    private static let markBits: UInt32 = 28
    private static let markMask: UInt32 = 1 << markBits - 1
    /// A timer that goes off so late says nothing of the desk.
    private static let lateness = Interval.seconds(2)
    private static let retryInterval = Interval.milliseconds(50)
}
