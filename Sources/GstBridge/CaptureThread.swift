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

    /// - Parameter onState: Told, on the capture thread, of each change of the screen's state.
    init(
        _ configuration: DeskMediaConfiguration,
        onState: @escaping @Sendable (DeskMediaStatus.ScreenState) -> Void
    ) {
        let mailbox = Mailbox<CaptureLoop.Command>()
        let shared = SharedCaptureStatistics()
        self.mailbox = mailbox
        self.shared = shared
        thread = NamedThread("desk-capture") {
            CaptureLoop(configuration, mailbox, shared, onState).run()
        }
    }

    /// Gives frames to `input`, the first one at once, until ``detach(_:)``.
    func attach(_ stream: CaptureStream, _ input: FrameInput, _ sender: RTPSender) {
        mailbox.send(.attach(stream, input, sender))
    }

    func detach(_ stream: CaptureStream) {
        mailbox.send(.detach(stream))
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
    enum Command: Sendable {
        case attach(CaptureStream, FrameInput, RTPSender)
        case detach(CaptureStream)
        case refresh(CaptureStream)
        case stop
    }

    private let configuration: DeskMediaConfiguration
    private let mailbox: Mailbox<Command>
    private let shared: SharedCaptureStatistics
    private let onState: @Sendable (DeskMediaStatus.ScreenState) -> Void

    private let full: Rendition
    private let small: Rendition
    private var repeated = 0
    private var state: DeskMediaStatus.ScreenState?

    init(
        _ configuration: DeskMediaConfiguration,
        _ mailbox: Mailbox<Command>,
        _ shared: SharedCaptureStatistics,
        _ onState: @escaping @Sendable (DeskMediaStatus.ScreenState) -> Void
    ) {
        self.configuration = configuration
        self.mailbox = mailbox
        self.shared = shared
        self.onState = onState
        full = Rendition(isSmall: false, framesPerSecond: configuration.framesPerSecond)
        small = Rendition(
            isSmall: true,
            framesPerSecond: CaptureStream.h264Small.rate(of: configuration.framesPerSecond)
        )
    }

    consuming func run() {
        guard let capture = open() else { return }
        while handleCommands() {
            handleEvents(capture)
            perform(full, capture)
            perform(small, capture)
            // Replies may have brought events in, which the socket no longer shows.
            handleEvents(capture)
            let now = Instant.now()
            let deadline = [full, small].compactMap { $0.pollTimeout(now: now) }.min()
            if let deadline, deadline <= now { continue }
            sleepUntilReadable([mailbox.descriptor, capture.descriptor], deadline: deadline)
        }
    }

    private func handleEvents(_ capture: DesktopCapture) {
        guard capture.handleEvents() else { return }
        full.handleChange()
        small.handleChange()
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
                full.handleChange()
                small.handleChange()
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
            let now = Instant.now()
            switch action {
            case .capture:
                if capture.capture() {
                    report(.live(width: capture.frame.width, height: capture.frame.height))
                }
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
        onState(state)
    }

    /// - Returns: `false` if the thread is to end.
    private mutating func handleCommands() -> Bool {
        for command in mailbox.receive() {
            switch command {
            case .attach(let stream, let input, let sender):
                if stream.isSmall {
                    small.attach(stream, input, sender)
                } else {
                    full.attach(stream, input, sender)
                }
            case .detach(let stream):
                if stream.isSmall { small.detach(stream) } else { full.detach(stream) }
            case .refresh(let stream):
                if stream.isSmall { small.handleRefresh() } else { full.handleRefresh() }
            case .stop:
                return false
            }
        }
        return true
    }
}
