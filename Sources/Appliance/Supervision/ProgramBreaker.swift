internal import Glibc
internal import Synchronization

/// Ends a supervised program that does not react any more, not even to being asked to end.
///
/// It is stopped, or waits for something that is. Its supervision starts it again.
package final class ProgramBreaker: Sendable {
    /// The process group of the program that runs.
    private let group = Mutex<CInt?>(nil)

    package init() {}

    /// The program runs, as the leader of this process group.
    package func arm(_ group: CInt) {
        self.group.withLock { $0 = group }
    }

    /// Whether the program has not been ended by ``trip()`` since it was armed.
    package var isArmed: Bool { group.withLock { $0 != nil } }

    /// The program has ended, and its number may soon be another's.
    package func disarm() {
        group.withLock { $0 = nil }
    }

    /// Sends the program a signal, if it runs.
    package func pass(_ signal: CInt) {
        group.withLock { if let number = $0 { _ = kill(number, signal) } }
    }

    /// Kills the program and what it started, if it runs.
    package func trip() {
        group.withLock { group in
            guard let number = group, number > 1 else { return }
            kill(-number, SIGKILL)
            group = nil
        }
    }
}
