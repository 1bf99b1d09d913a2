internal import Glibc

/// How a process ended.
public struct ProcessEnding: Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// It ended by itself, with this status.
        case exited(CInt)
        /// This signal ended it.
        case signalled(CInt)
    }

    public var reason: Reason
    /// The last line that it wrote to standard error, if that was kept (``ProcessLaunch/keepsLastWords``).
    public var lastWords: String?
    /// The last lines that it wrote, if these were kept (``ProcessLaunch/keepsLastLines``).
    public var lastLines: [String] = []

    public init(reason: Reason, lastWords: String? = nil) {
        self.reason = reason
        self.lastWords = lastWords
    }

    /// From the status of `waitpid(2)`.
    init(status: CInt) {
        let signal = status & 0x7f
        self.init(reason: signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal))
    }

    public var description: String {
        let words =
            switch reason {
            case .exited(let status): "it exited with status \(status)"
            case .signalled(let signal): "signal \(signal) (\(String(cString: strsignal(signal)))) ended it"
            }
        return lastWords.map { "\(words): \($0)" } ?? words
    }
}
