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

    /// - Parameter subject: What it is about, such as a host's name: from outside, so it is shown only if it is one.
    func say(_ subject: String? = nil) {
        let now = Instant.now()
        let isDue = last.withLock { last in
            if let last, now - last < Self.pause { return false }
            last = now
            return true
        }
        guard isDue else { return }
        let shown = subject.flatMap { Self.isName($0) ? $0 : nil }
        log.warning(words, metadata: shown.map { ["subject": "\($0)"] })
    }

    /// An origin, or a host's name or address with or without a port.
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "-")...UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                    true
                default: false
                }
            }
    }

    private static let pause = Interval.seconds(600)
}
