public import IO
public import Wire

/// The desk process's part in files: between its link with the room for them and the folder.
///
/// An actor on an event loop of its own, so that nobody's input ever waits for a disk, or for an application that something is
/// dropped on. It ends with the process.
public actor FileSeat: EventLoopActor {
    public nonisolated let executor: EventLoop
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private let displayName: String?
    private let link: SeqPacketSocket
    private var isLinkOpen = true
    private var files: DeskFiles
    /// Once something was dropped.
    private var source: DropSource?
    private var dropping: FileMessage.Transfer?
    /// What the link did not take.
    private var unsent: [UInt8]?
    /// Messages of the room that are none.
    public private(set) var malformed: UInt64 = 0
    // One byte more than the longest, so that a longer message is seen to be one.
    private var buffer = [UInt8](repeating: 0, count: FileMessage.maximumLength + 1)

    /// Takes over `link`.
    ///
    /// Throws if the system has no descriptors left.
    ///
    /// - Parameters:
    ///   - path: Of the folder, absolute.
    ///   - display: Where files are dropped on applications; `nil`: on `$DISPLAY`.
    public init(
        folder path: String,
        display: String? = nil,
        link: consuming SeqPacketSocket
    ) throws(SystemError) {
        executor = try EventLoop()
        // It is asked whether it takes more.
        try executor.watch(link.descriptor, canWait: true)
        displayName = display
        files = DeskFiles(SharedFolder(path: path))
        self.link = link
    }

    /// Starts its thread; call once.
    public nonisolated func start() {
        executor.start(self, named: "files")
    }

    /// Ends the thread: the last call.
    public func stop() {
        closeLink()
        if let source { executor.unwatch(source.descriptor) }
        source = nil
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
        flush(now: now)
    }

    public func handleTimeout(now: Instant) {
        files.handleTimeout(now: now)
        handleDrop(now: now)
        if unsent == nil { flush(now: now) }
    }

    public func pollTimeout() -> Instant? {
        guard isLinkOpen else { return nil }
        let due = files.pollTimeout(isLinkFull: unsent != nil)
        return [due, source?.pollTimeout()].compactMap(\.self).min()
    }

    private func handle(messageOf count: Int, now: Instant) {
        guard let message = try? FileMessage(parsing: buffer.span.bytes.extracting(first: count)) else {
            malformed += 1
            return
        }
        files.handle(message, now: now)
        flush(now: now)
    }

    /// Sends what there is to say until the link is full, or others are to be heard.
    private func flush(now: Instant) {
        for _ in 0..<Self.batch {
            guard isLinkOpen, let bytes = unsent ?? files.pollMessage(now: now)?.encoded() else { return }
            unsent = nil
            guard link.send(bytes.span.bytes) else {
                unsent = bytes
                return executor.watchWritable(link.descriptor, true)
            }
        }
    }

    private func closeLink() {
        guard isLinkOpen else { return }
        isLinkOpen = false
        executor.unwatch(link.descriptor)
        source?.cancel()
        files.handleRoomGone()
    }

    // MARK: Dropping

    private func handleDrop(now: Instant) {
        if files.drop?.transfer != dropping {
            source?.cancel()
            dropping = files.drop?.transfer
            if let drop = files.drop { begin(drop, now: now) }
        }
        guard let source else { return }
        source.handleEvents(now: now)
        source.handleTimeout(now: now)
        guard let isTaken = source.pollOutcome(), let transfer = dropping else { return }
        dropping = nil
        files.handleDropped(transfer, isTaken: isTaken)
    }

    private func begin(_ drop: DeskFiles.Drop, now: Instant) {
        if source == nil, let opened = try? DropSource(display: displayName),
            (try? executor.watch(opened.descriptor)) != nil
        {
            source = opened
        }
        guard let source else {
            dropping = nil
            return files.handleDropped(drop.transfer, isTaken: false)
        }
        source.begin(drop.path, x: drop.x, y: drop.y, now: now)
    }

    private static let batch = 64
}
