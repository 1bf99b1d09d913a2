internal import CLinux
internal import Glibc
internal import IO
internal import Synchronization

/// Where lines of the log wait for whoever reads standard error; writes them on a thread of its own.
///
/// Nobody who logs waits for that: if a reader is too slow, lines are dropped, and their number is told.
package final class LogSink: Sendable {
    private struct State {
        var lines: [[UInt8]] = []
        /// Dropped since it was last told, and in all.
        var lost: UInt64 = 0
        var dropped: UInt64 = 0
        var isWriting = false
    }

    private let state = Mutex(State())
    private let wake: CInt
    private let output: CInt
    private let lostLine: @Sendable (UInt64) -> [UInt8]

    /// - Parameters:
    ///   - output: A descriptor that stays open.
    ///   - lostLine: The line that tells how many were dropped.
    package init(to output: CInt = STDERR_FILENO, lostLine: @escaping @Sendable (UInt64) -> [UInt8]) {
        self.output = output
        self.lostLine = lostLine
        wake = eventfd(0, CInt(EFD_CLOEXEC))
        precondition(wake >= 0, "a process that cannot have a descriptor at its start cannot begin")
        NamedThread("log") { self.run() }.detach()
    }

    /// Lines that nobody will read.
    package var dropped: UInt64 { state.withLock { $0.dropped } }

    package func append(_ line: [UInt8]) {
        let isFirst = state.withLock { state in
            guard state.lines.count < Self.most else {
                state.lost += 1
                state.dropped += 1
                return false
            }
            state.lines.append(line)
            return state.lines.count == 1
        }
        if isFirst { eventfd_write(wake, 1) }
    }

    /// Waits until all is written, but not for a reader that does not read: to be called before the process ends.
    package func flush() {
        for _ in 0..<200 {
            guard state.withLock({ !$0.lines.isEmpty || $0.isWriting }) else { return }
            usleep(5_000)
        }
    }

    private func run() {
        var count: eventfd_t = 0
        while true {
            unsafe eventfd_read(wake, &count)
            let (lines, lost) = state.withLock { state in
                defer {
                    state.lines = []
                    state.lost = 0
                    state.isWriting = true
                }
                return (state.lines, state.lost)
            }
            write(lines.flatMap(\.self))
            if lost > 0 { write(lostLine(lost)) }
            state.withLock { $0.isWriting = false }
        }
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(output, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Whoever made it so that it does not wait: we have the time.
                usleep(10_000)
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Lines that wait.
    private static let most = 4_096
}
