public import IO
public import Wire

/// The desk process's part in clipboards: between its link with the room for them and the X server's selection.
///
/// An actor on an event loop and an X connection of its own, so that nobody's input ever waits for a program that has copied
/// something, or for megabytes of it. It ends with the process.
public actor ClipboardSeat: EventLoopActor {
    public nonisolated let executor: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let displayName: String?
    private let link: SeqPacketSocket
    private var isLinkOpen = true
    private var window: SelectionWindow?
    private var nextAttempt: Instant?
    private var clipboard = DeskClipboard()
    /// What the link did not take.
    private var unsent: ClipboardMessage?
    /// Messages of the room that are none.
    public private(set) var malformed: UInt64 = 0
    // One byte more than the longest, so that a longer message is seen to be one.
    private var buffer = [UInt8](repeating: 0, count: ClipboardMessage.maximumLength + 1)

    /// Takes over `link`; opens `display`, or `$DISPLAY` if it is `nil`, once started.
    ///
    /// Throws if the system has no descriptors left.
    public init(display: String? = nil, link: consuming SeqPacketSocket) throws(SystemError) {
        executor = try EventLoop()
        // It is asked whether it takes more.
        try executor.watch(link.descriptor, canWait: true)
        displayName = display
        self.link = link
    }

    /// Starts its thread; call once.
    public nonisolated func start() {
        executor.start(self, named: "clipboard")
    }

    /// Ends the thread: the last call.
    ///
    /// What it owns is nobody's then.
    public func stop() {
        if let window { executor.unwatch(window.descriptor) }
        window = nil
        closeLink()
        executor.stop()
    }

    // MARK: EventLoopActor

    public func handleReadable(_ descriptor: CInt, now: Instant) {
        // The X connection is read in `handleTimeout`, as Xlib may have taken events in already.
        guard descriptor == link.descriptor else { return }
        for _ in 0..<Self.batch {
            var span = buffer.mutableSpan
            var memory = span.mutableBytes
            switch link.receive(into: &memory) {
            case .message(let count): handle(messageOf: count, now: now)
            case .wouldBlock: return
            case .closed: return closeLink()
            }
        }
    }

    public func handleWritable(_ descriptor: CInt, now: Instant) {
        guard descriptor == link.descriptor else { return }
        executor.watchWritable(descriptor, false)
        flush()
    }

    public func handleTimeout(now: Instant) {
        if window == nil, isLinkOpen { openWindow(now: now) }
        clipboard.handleTimeout(now: now)
        window?.handleEvents(for: &clipboard, now: now)
        if unsent == nil { flush() }
    }

    public func pollTimeout() -> Instant? {
        guard isLinkOpen else { return nil }
        guard let window else { return nextAttempt ?? Instant(nanoseconds: 0) }
        return window.hasEvents ? Instant(nanoseconds: 0) : clipboard.pollTimeout()
    }

    private func handle(messageOf count: Int, now: Instant) {
        guard let message = try? ClipboardMessage(parsing: buffer.span.bytes.extracting(first: count)) else {
            malformed += 1
            return
        }
        clipboard.handle(message, isScreenOpen: window != nil, now: now)
    }

    /// Sends what there is to say until the link is full.
    private func flush() {
        while isLinkOpen, let message = unsent ?? clipboard.pollMessage() {
            unsent = nil
            let bytes = message.encoded()
            guard link.send(bytes.span.bytes) else {
                unsent = message
                return executor.watchWritable(link.descriptor, true)
            }
        }
    }

    private func closeLink() {
        guard isLinkOpen else { return }
        isLinkOpen = false
        executor.unwatch(link.descriptor)
    }

    private func openWindow(now: Instant) {
        if let nextAttempt, now < nextAttempt { return }
        do {
            let window = try SelectionWindow(display: displayName)
            try executor.watch(window.descriptor)
            window.begin(&clipboard, now: now)
            self.window = window
        } catch {
            nextAttempt = now + Self.reopenInterval
        }
    }

    private static let reopenInterval = Interval.milliseconds(250)
    private static let batch = 64
}
