internal import IO
internal import Synchronization
internal import Wire

/// The thread behind ``DeskMedia``: starts and stops streams, reads feedback, reports, and tries again what
/// failed.
final class MediaThread: Sendable {
    private let mailbox = Mailbox<MediaLoop.Command>()
    private let shared: SharedMedia
    private let thread: Mutex<NamedThread?>

    init(onStatus: @escaping @Sendable (DeskMediaStatus) -> Void) {
        let mailbox = mailbox
        let shared = SharedMedia(InputEffects { mailbox.send(.effect($0)) })
        self.shared = shared
        thread = Mutex(
            NamedThread("desk-media") { MediaLoop(mailbox, shared, onStatus).run() }
        )
    }

    func handleInput(_ input: UInt64, at now: Instant) { shared.effects.handleInput(input, at: now) }

    func send(_ command: MediaLoop.Command) {
        mailbox.send(command)
    }

    var statistics: DeskMediaStatistics {
        let (capture, senders) = shared.value.withLock { ($0.capture, $0.senders) }
        var statistics = DeskMediaStatistics()
        statistics.capture = capture?.statistics ?? CaptureStatistics()
        statistics.streams = senders.mapValues(\.statistics)
        return statistics
    }

    func stop() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        mailbox.send(.stop)
        thread.join()
    }
}

/// What the media thread lets other threads read.
final class SharedMedia: Sendable {
    struct Value {
        var capture: CaptureThread?
        var senders: [CaptureStream: RTPSender] = [:]
    }

    let value = Mutex(Value())
    let effects: InputEffects

    init(_ effects: InputEffects) {
        self.effects = effects
    }
}
