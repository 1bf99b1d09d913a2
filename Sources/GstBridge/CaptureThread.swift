internal import IO
internal import Synchronization
internal import Wire

/// The thread that owns a ``DesktopCapture`` and hands its frames to the encoders.
///
/// It sleeps in `poll` on the X connection while the screen is still.
final class CaptureThread: Sendable {
    private let mailbox: Mailbox<CaptureLoop.Command>
    private let shared: SharedCaptureStatistics
    private let thread: NamedThread

    /// - Parameters:
    ///   - cover: What is hidden from clients, from the first picture on.
    ///   - onEvent: Told, on the capture thread, of what happens.
    init(
        _ configuration: DeskMediaConfiguration,
        cover: Cover?,
        _ effects: InputEffects,
        onEvent: @escaping @Sendable (CaptureLoop.Event) -> Void
    ) {
        let mailbox = Mailbox<CaptureLoop.Command>()
        let shared = SharedCaptureStatistics()
        self.mailbox = mailbox
        self.shared = shared
        if let cover { mailbox.send(.cover(cover)) }
        thread = NamedThread("desk-capture") {
            CaptureLoop(configuration, mailbox, shared, effects, onEvent).run()
        }
    }

    /// Gives frames to `input`, the first one at once, until ``detach(_:)``.
    func attach(_ stream: CaptureStream, _ input: FrameInput, _ sender: RTPSender) {
        mailbox.send(.attach(stream, input, sender))
    }

    func detach(_ stream: CaptureStream) {
        mailbox.send(.detach(stream))
    }

    /// Hides this from clients, from the next picture on.
    func setCover(_ cover: Cover) {
        mailbox.send(.cover(cover))
    }

    /// Gives the encoder of a stream a frame at once, changed or not.
    func refresh(_ stream: CaptureStream) {
        mailbox.send(.refresh(stream))
    }

    var statistics: CaptureStatistics { shared.value.withLock { $0 } }

    /// Ends the thread; returns when it is gone.
    func stop() {
        mailbox.send(.stop)
        thread.join()
    }
}

/// What the capture thread publishes after each frame.
final class SharedCaptureStatistics: Sendable {
    let value = Mutex(CaptureStatistics())
}

/// What runs on the capture thread; all of it belongs to that thread.
struct CaptureLoop {
    enum Event: Sendable {
        /// The screen's state has changed.
        case screen(DeskMediaStatus.ScreenState)
        /// What clients get from this moment on is covered.
        case covered(Cover, since: Instant)
        /// A window that was to be hidden is gone.
        case windowLost(UInt32)
    }

    enum Command: Sendable {
        case attach(CaptureStream, FrameInput, RTPSender)
        case cover(Cover)
        case detach(CaptureStream)
        case refresh(CaptureStream)
        case stop
    }

    private let configuration: DeskMediaConfiguration
    private let mailbox: Mailbox<Command>
    private let shared: SharedCaptureStatistics
    private let effects: InputEffects
    private let onEvent: @Sendable (Event) -> Void

    private let renditions: [Rendition]
    /// What is to be hidden once there is a screen.
    private var cover: Cover?
    /// When the encoders were last given a picture.
    private var lastPush = Instant(nanoseconds: 0)
    private var repeated = 0
    private var state: DeskMediaStatus.ScreenState?

    init(
        _ configuration: DeskMediaConfiguration,
        _ mailbox: Mailbox<Command>,
        _ shared: SharedCaptureStatistics,
        _ effects: InputEffects,
        _ onEvent: @escaping @Sendable (Event) -> Void
    ) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.shared = shared
        self.effects = effects
        self.onEvent = onEvent
        renditions = [(false, false), (true, false), (false, true), (true, true)].map { isSmall, isClear in
            let rate = (isSmall ? CaptureStream.h264Small : .h264).rate(of: configuration.framesPerSecond)
            return Rendition(isSmall: isSmall, isClear: isClear, framesPerSecond: rate)
        }
    }

    consuming func run() {
        guard let capture = open() else { return }
        while handleCommands() {
            setCover(of: capture)
            handleEvents(capture)
            for rendition in renditions { perform(rendition, capture) }
            // Replies may have brought events in, which the socket no longer shows.
            handleEvents(capture)
            for window in capture.takeLostWindows() { onEvent(.windowLost(window)) }
            let now = Instant.now()
            let deadline = renditions.compactMap { $0.pollTimeout(now: now) }.min()
            if let deadline, deadline <= now { continue }
            sleepUntilReadable([mailbox.descriptor, capture.descriptor], deadline: deadline)
        }
    }

    private func handleEvents(_ capture: DesktopCapture) {
        guard capture.handleEvents() else { return }
        effects.handleChange(at: .now())
        handleChange(isCurtained: capture.cover.hidesAll)
    }

    /// - Parameter isCurtained: Whether clients see nothing of the screen: then nothing changes for them, and not even when
    ///   something happens on it can be seen.
    private func handleChange(isCurtained: Bool = false) {
        for rendition in renditions where rendition.isClear || !isCurtained { rendition.handleChange() }
    }

    /// Does what was last asked for about what is hidden.
    private mutating func setCover(of capture: DesktopCapture) {
        guard let cover = self.cover.take() else { return }
        // One that is asked for again is answered again.
        guard capture.setCover(cover) || cover == capture.cover else { return }
        // Later than every picture before by a tick of the RTP clock, so that their timestamps differ.
        let since = max(Instant.now(), lastPush + Self.tick)
        lastPush = since
        handleChange()
        onEvent(.covered(cover, since: since))
    }

    /// Tries until the X server is there; `nil` if the thread is to end first.
    private mutating func open() -> DesktopCapture? {
        var delay = Interval.milliseconds(100)
        while handleCommands() {
            do {
                let capture = try DesktopCapture(display: configuration.display)
                // The size is known before anybody watches.
                _ = capture.handleEvents()
                _ = capture.capture()
                setCover(of: capture)
                handleChange()
                report(.live(width: capture.frame.width, height: capture.frame.height))
                return capture
            } catch {
                report(error == .unsupported ? .unsupported : .waiting)
            }
            let deadline = Instant.now() + delay
            delay = min(delay + delay, .seconds(1))
            while Instant.now() < deadline {
                sleepUntilReadable([mailbox.descriptor], deadline: deadline)
                guard handleCommands() else { return nil }
            }
        }
        return nil
    }

    /// Does all that is due for one size.
    private mutating func perform(_ rendition: Rendition, _ capture: DesktopCapture) {
        while let action = rendition.pollAction(now: .now()) {
            // What clients get covered is dated so.
            let now = max(Instant.now(), lastPush)
            lastPush = now
            switch action {
            case .capture:
                capture.capture()
                // Also if nothing could be read: the screen may have been resized once more meanwhile.
                report(.live(width: capture.frame.width, height: capture.frame.height))
                effects.handleCapture(now, readBy: .now())
            case .repeat:
                repeated += 1
            }
            // Unless nothing inside the screen has changed: then there is no frame.
            rendition.push(capture, again: action == .repeat, at: now)
            shared.value.withLock {
                $0 = capture.statistics
                $0.repeatedFrames = repeated
            }
        }
    }

    private mutating func report(_ state: DeskMediaStatus.ScreenState) {
        guard state != self.state else { return }
        self.state = state
        onEvent(.screen(state))
    }

    /// - Returns: `false` if the thread is to end.
    private mutating func handleCommands() -> Bool {
        for command in mailbox.receive() {
            switch command {
            case .attach(let stream, let input, let sender):
                rendition(of: stream)?.attach(stream, input, sender)
            case .cover(let cover):
                self.cover = cover
            case .detach(let stream):
                rendition(of: stream)?.detach(stream)
            case .refresh(let stream):
                rendition(of: stream)?.handleRefresh()
            case .stop:
                return false
            }
        }
        return true
    }

    private func rendition(of stream: CaptureStream) -> Rendition? {
        renditions.first { $0.isSmall == stream.isSmall && $0.isClear == stream.isClear }
    }

    /// Of the RTP clock of video, and a little more.
    private static let tick = Interval.microseconds(12)
}
