internal import Glibc
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

    /// Gives the encoders a frame at once, changed or not.
    func refresh() {
        mailbox.send(.refresh)
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
        case refresh
        case stop
    }

    private let configuration: DeskMediaConfiguration
    private let mailbox: Mailbox<Command>
    private let shared: SharedCaptureStatistics
    private let onState: @Sendable (DeskMediaStatus.ScreenState) -> Void

    private var outputs: [CaptureStream: (input: FrameInput, sender: RTPSender)] = [:]
    private var schedule: CaptureSchedule
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
        schedule = CaptureSchedule(framesPerSecond: configuration.framesPerSecond)
    }

    consuming func run() {
        guard let capture = open() else { return }
        while handleCommands() {
            // Without an encoder nothing is fetched; the change stays noted.
            if capture.handleEvents() { schedule.handleChange() }
            while !outputs.isEmpty, let action = pollAction() { perform(action, capture) }
            // Replies may have brought events in, which the socket no longer shows.
            if capture.handleEvents() { schedule.handleChange() }
            let now = Instant.monotonic()
            let deadline = outputs.isEmpty ? nil : schedule.pollTimeout(now: now)
            if let deadline, deadline <= now { continue }
            var descriptors = [mailbox.descriptor, capture.descriptor].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            sleepUntilReadable(&descriptors, deadline: deadline)
        }
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
                schedule.handleChange()
                report(.live(width: capture.frame.width, height: capture.frame.height))
                return capture
            } catch {
                report(error == .unsupported ? .unsupported : .waiting)
            }
            let deadline = Instant.monotonic() + delay
            delay = min(delay + delay, .seconds(1))
            while Instant.monotonic() < deadline {
                var descriptors = [pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)]
                sleepUntilReadable(&descriptors, deadline: deadline)
                guard handleCommands() else { return nil }
            }
        }
        return nil
    }

    private mutating func pollAction() -> CaptureSchedule.Action? {
        schedule.pollAction(now: .monotonic(), isSettled: outputs.values.allSatisfy { $0.sender.isSettled })
    }

    private mutating func perform(_ action: CaptureSchedule.Action, _ capture: DesktopCapture) {
        let now = Instant.monotonic()
        switch action {
        case .capture:
            // Nothing inside the screen changed: no frame.
            guard capture.capture() else { return }
            report(.live(width: capture.frame.width, height: capture.frame.height))
        case .repeat:
            repeated += 1
        }
        for output in outputs.values { output.input.push(capture.frame, at: now) }
        shared.value.withLock {
            $0 = capture.statistics
            $0.repeatedFrames = repeated
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
                outputs[stream] = (input, sender)
                schedule.handleRefresh()
            case .detach(let stream):
                outputs[stream] = nil
            case .refresh:
                schedule.handleRefresh()
            case .stop:
                return false
            }
        }
        return true
    }
}
