internal import IO
internal import Synchronization
internal import Wire

/// What runs on the media thread; all of it belongs to that thread.
struct MediaLoop {
    enum Command: Sendable {
        case capture(CaptureLoop.Event)
        case cover(Cover)
        case effect(InputEffect)
        case start(DeskMediaConfiguration)
        case startStream(CaptureStreamConfiguration)
        case stop
        case stopStream(CaptureStream)
    }

    private let mailbox: Mailbox<Command>
    private let shared: SharedMedia
    private let onStatus: @Sendable (DeskMediaStatus) -> Void

    private var desk: DeskMediaConfiguration?
    private var capture: CaptureThread?
    private var cover: Cover?
    private var streams: [CaptureStream: StreamSupervisor] = [:]
    private var nextReport: Instant?
    private var sound: DeskMediaStatus.SoundState?

    init(
        _ mailbox: Mailbox<Command>,
        _ shared: SharedMedia,
        _ onStatus: @escaping @Sendable (DeskMediaStatus) -> Void
    ) {
        self.mailbox = mailbox
        self.shared = shared
        self.onStatus = onStatus
    }

    consuming func run() {
        while handleCommands() {
            for stream in streams.keys { service(stream) }
            let now = Instant.now()
            sendReports(now)
            let descriptors = [mailbox.descriptor] + streams.values.flatMap(\.descriptors)
            sleepUntilReadable(descriptors, deadline: pollTimeout())
        }
        // The capture first: it feeds the pipelines.
        capture?.stop()
        for stream in Array(streams.keys) { remove(stream) }
        shared.value.withLock { $0.capture = nil }
    }

    /// - Returns: `false` if the thread is to end.
    private mutating func handleCommands() -> Bool {
        for command in mailbox.receive() {
            switch command {
            case .capture(let event):
                handle(event)
            case .cover(let cover):
                self.cover = cover
                capture?.setCover(cover)
            case .effect(let effect):
                onStatus(.effect(effect))
            case .start(let configuration):
                start(configuration)
            case .startStream(let configuration):
                remove(configuration.stream)
                streams[configuration.stream] = StreamSupervisor(configuration, shared.effects)
            case .stop:
                return false
            case .stopStream(let stream):
                if remove(stream) { onStatus(.stream(stream, .stopped)) }
            }
        }
        return true
    }

    private mutating func start(_ configuration: DeskMediaConfiguration) {
        guard desk == nil else { return }
        desk = configuration
        guard configuration.source == .damage else { return }
        let mailbox = mailbox
        let capture = CaptureThread(configuration, cover: cover, shared.effects) {
            mailbox.send(.capture($0))
        }
        self.capture = capture
        shared.value.withLock { $0.capture = capture }
    }

    private func handle(_ event: CaptureLoop.Event) {
        switch event {
        case .screen(let state):
            onStatus(.screen(state))
        case .covered(let cover, let since):
            // What was shown before must not be predicted from, and whoever watches can begin with this picture.
            for (stream, supervisor) in streams where stream.isVideo && !stream.isClear {
                supervisor.forceKeyFrame()
                capture?.refresh(stream)
            }
            onStatus(.covered(number: cover.number, since: since))
        case .windowLost(let window):
            onStatus(.windowLost(window))
        }
    }

    /// Starts, restarts, and serves one stream.
    private mutating func service(_ stream: CaptureStream) {
        guard let desk, let supervisor = streams[stream] else { return }
        let now = Instant.now()
        switch supervisor.poll(desk, now: now) {
        case .failed(let reason):
            capture?.detach(stream)
            onStatus(.stream(stream, .failed(reason)))
            if stream == .opus { report(.waiting) }
        case .started(let input, let sender):
            shared.value.withLock { $0.senders[stream] = sender }
            if let input { capture?.attach(stream, input, sender) }
            onStatus(.stream(stream, .started))
            if stream == .opus { report(.live) }
        case .keyFrame:
            capture?.refresh(stream)
        case nil:
            break
        }
    }

    @discardableResult
    private mutating func remove(_ stream: CaptureStream) -> Bool {
        capture?.detach(stream)
        if stream == .opus { sound = nil }
        shared.value.withLock { _ = $0.senders.removeValue(forKey: stream) }
        return streams.removeValue(forKey: stream) != nil
    }

    private mutating func report(_ state: DeskMediaStatus.SoundState) {
        guard state != sound else { return }
        sound = state
        onStatus(.sound(state))
    }

    private mutating func sendReports(_ now: Instant) {
        if streams.isEmpty { return nextReport = nil }
        // A stream that starts reports by itself.
        let due = nextReport ?? now + Self.reportInterval
        guard now >= due else { return nextReport = due }
        nextReport = now + Self.reportInterval
        for stream in streams.values { stream.sendReport(now: now) }
    }

    private func pollTimeout() -> Instant? {
        streams.values.compactMap { desk == nil ? nil : $0.pollTimeout() }
            .reduce(nextReport) { earliest, timeout in earliest.map { min($0, timeout) } ?? timeout }
    }

    /// Reports also keep the room's idea of where the desk is alive.
    private static let reportInterval = Interval.seconds(1)
}
