#if canImport(Wire)
public import Wire
#endif

/// Reads what others copy: asks the owner of the selection which targets it has, and then for each flavour that people's pages
/// know, one after the other, piece by piece where the owner wants that (ICCCM §2.4, §2.7.2).
///
/// It reads at once, so that a program that ends right after copying is not too late; but no more often than ten times a
/// second for long. A change while it reads makes it begin again: the flavours of two contents are never mixed.
///
/// After each call, call ``pollAction()`` until it returns `nil`, then ``pollResult()``.
public struct SelectionReader: Sendable {
    public enum Action: Hashable, Sendable {
        /// Asks for the target; the answer goes to the property of this number.
        case convert(SelectionTarget, slot: UInt8, time: UInt32)
        /// Takes no more notice of the property: what is in it is deleted.
        case discard(slot: UInt8)
    }

    /// The answer to a conversion.
    public enum Answer: Hashable, Sendable {
        case refused
        case targets(Set<SelectionTarget>)
        case bytes([UInt8])
        /// It comes in pieces.
        case incremental
        /// There is more than was to be read.
        case tooLarge
    }

    /// What has become of the selection.
    public struct Result: Hashable, Sendable {
        public var content = ClipboardContent()
        public var hasTooLarge = false
        /// The owner has ended while its content was read, or since: nobody else has it now.
        public var isOrphan = false

        public init(
            content: ClipboardContent = ClipboardContent(),
            hasTooLarge: Bool = false,
            isOrphan: Bool = false
        ) {
            self.content = content
            self.hasTooLarge = hasTooLarge
            self.isOrphan = isOrphan
        }
    }

    /// Bytes of all flavours.
    public var limit: Int
    private var result = Result()
    private var last = ClipboardContent()
    private var results: [Result] = []
    private var actions: [Action] = []

    /// What is asked for now.
    private var current: (target: SelectionTarget, slot: UInt8, isIncremental: Bool)?
    private var pieces: [UInt8] = []
    private var waiting: [SelectionTarget] = []
    private var time: UInt32 = 0
    private var lastSlot: UInt8 = 0
    /// When an owner that does not answer is given up, and when the whole of it is.
    private var deadline: Instant?
    private var end: Instant?
    /// When reading is to begin; `nil`: it has, or there is nothing to read.
    private var start: Instant?
    /// When the next reading may begin, were there no burst.
    private var allowance: Instant?

    public init(limit: Int) {
        self.limit = limit
    }

    /// Whether the content of the newest owner is still to come.
    public var isBusy: Bool { current != nil || start != nil }

    // MARK: What happens

    /// Somebody else has become the owner.
    ///
    /// - Parameter time: The server's, of the change.
    public mutating func handleOwner(time: UInt32, now: Instant) {
        abort()
        last = ClipboardContent()
        self.time = time
        let ahead = max(.zero, (allowance ?? now) - now)
        start = now + Interval(nanoseconds: max(0, ahead.nanoseconds - Self.burst.nanoseconds))
        handleTimeout(now: now)
    }

    /// Nobody is the owner any more.
    ///
    /// - Parameter hasEnded: Whether that is because the owner has ended, and not because it was told to forget.
    public mutating func handleNoOwner(hasEnded: Bool) {
        var left = Result()
        if hasEnded {
            left = result
            if current == nil { left.content = last }
            left.isOrphan = !left.content.isEmpty
        }
        abort()
        finish(left)
    }

    /// We are the owner: what somebody has put there is known.
    public mutating func handleOwned() {
        abort()
        last = ClipboardContent()
    }

    /// The owner has answered a conversion.
    public mutating func handle(_ answer: Answer, slot: UInt8, now: Instant) {
        guard let current, current.slot == slot, !current.isIncremental else {
            if answer != .refused { actions.append(.discard(slot: slot)) }
            return
        }
        deadline = now + Self.timeout
        switch answer {
        case .bytes(let bytes):
            add(bytes, of: current.target)
            next(now: now)
        case .incremental:
            self.current?.isIncremental = true
            pieces = []
        case .refused:
            // Programs from before TARGETS have text all the same.
            if current.target == .targets { waiting = [.utf8String] }
            next(now: now)
        case .targets(let targets):
            if targets.contains(.secret) { return finish(Result()) }
            waiting = ClipboardFlavour.allCases.compactMap { flavour in
                SelectionTarget.targets(of: flavour).first { targets.contains($0) }
            }
            next(now: now)
        case .tooLarge:
            result.hasTooLarge = true
            actions.append(.discard(slot: slot))
            next(now: now)
        }
    }

    /// The owner, or the server where there is none, has refused what was asked for at `time`.
    public mutating func handleRefusal(of target: SelectionTarget, time: UInt32, now: Instant) {
        // Of what was asked before the owner changed.
        guard let current, current.target == target, time == self.time else { return }
        handle(.refused, slot: current.slot, now: now)
    }

    /// The next piece has come, which was deleted in reading it; an empty one is the end.
    ///
    /// - Parameter bytes: `nil`: it is longer than was to be read.
    public mutating func handlePiece(_ bytes: [UInt8]?, slot: UInt8, now: Instant) {
        guard let current, current.slot == slot, current.isIncremental else { return }
        deadline = now + Self.timeout
        guard let bytes, pieces.count + bytes.count <= room else {
            result.hasTooLarge = true
            actions.append(.discard(slot: slot))
            return next(now: now)
        }
        pieces += bytes
        guard bytes.isEmpty else { return }
        add(pieces, of: current.target)
        next(now: now)
    }

    /// Whether pieces are expected in this property.
    public func expectsPiece(in slot: UInt8) -> Bool {
        current?.slot == slot && current?.isIncremental == true
    }

    /// Bytes that may still be read.
    public var room: Int { max(0, limit - result.content.count) }

    // MARK: Time

    public mutating func handleTimeout(now: Instant) {
        if let start, start <= now {
            self.start = nil
            allowance = max(allowance ?? now, now) + Self.period
            result = Result()
            end = now + Self.longest
            waiting = [.targets]
            next(now: now)
        } else if let end, end <= now {
            finish(result)
        } else if let deadline, deadline <= now {
            // One that does not say what it has will not say it in another form.
            if current?.target == .targets { finish(result) } else { next(now: now) }
        }
    }

    public func pollTimeout() -> Instant? { [start, deadline, end].compactMap(\.self).min() }

    // MARK: What is to be done

    public mutating func pollAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }
    public mutating func pollResult() -> Result? { results.isEmpty ? nil : results.removeFirst() }

    private mutating func add(_ bytes: [UInt8], of target: SelectionTarget) {
        guard let flavour = target.flavour, let bytes = target.flavour(from: bytes) else { return }
        guard bytes.count <= room else {
            result.hasTooLarge = true
            return
        }
        result.content.set(bytes, for: flavour)
    }

    private mutating func next(now: Instant) {
        pieces = []
        guard !waiting.isEmpty else { return finish(result) }
        let target = waiting.removeFirst()
        // An answer that comes too late goes to another property than the one that is waited for.
        lastSlot = (lastSlot + 1) % Self.slots
        current = (target, lastSlot, false)
        deadline = now + Self.timeout
        actions.append(.convert(target, slot: lastSlot, time: time))
    }

    private mutating func abort() {
        (current, start, deadline, end) = (nil, nil, nil, nil)
        (pieces, waiting, result) = ([], [], Result())
    }

    private mutating func finish(_ result: Result) {
        abort()
        last = result.content
        results = [result]
    }

    /// How many properties answers take turns in.
    public static let slots: UInt8 = 8
    private static let period = Interval.milliseconds(100)
    private static let burst = Interval.milliseconds(900)
    private static let timeout = Interval.seconds(2)
    private static let longest = Interval.seconds(10)
}
