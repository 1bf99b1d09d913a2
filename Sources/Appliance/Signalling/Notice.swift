internal import IO
internal import Logging
internal import Synchronization
internal import Wire

/// One sentence for whoever runs the room, said again no sooner than ten minutes later, however often it is true.
final class Notice: Sendable {
    private let words: Logger.Message
    private let log: Logger
    private let last = Mutex<Instant?>(nil)

    init(_ words: Logger.Message, to log: Logger) {
        self.words = words
        self.log = log
    }

    func say() {
        let now = Instant.now()
        let isDue = last.withLock { last in
            if let last, now - last < Self.pause { return false }
            last = now
            return true
        }
        if isDue { log.warning(words) }
    }

    private static let pause = Interval.seconds(600)
}
