internal import Synchronization
package import Wire

/// What is not as it should be although the room goes on, in sentences for whoever runs it: `problems` in `/healthz`.
package final class Problems: Sendable {
    private struct Problem {
        var words: String
        /// When it is forgotten; `nil`: when somebody says that it is over.
        var end: Instant?
    }

    /// At most one for each thing that can have one: a program, the disk.
    private let known = Mutex<[String: Problem]>([:])

    package init() {}

    /// - Parameters:
    ///   - thing: What has the problem; a later one takes the place of an earlier one.
    ///   - words: A sentence with nothing in it about anybody; `nil`: it is over.
    ///   - end: When it is forgotten; `nil`: when it is over.
    package func set(_ words: String?, of thing: String, until end: Instant? = nil) {
        known.withLock { $0[thing] = words.map { Problem(words: $0, end: end) } }
    }

    /// Those there are, always in the same order.
    package func all(now: Instant) -> [String] {
        known.withLock { known in
            known = known.filter { _, problem in problem.end.map { now < $0 } ?? true }
            return known.sorted { $0.key < $1.key }.map(\.value.words)
        }
    }
}
