package import Wire

/// Joins key-frame requests that arrive close together: every viewer who lost a packet asks, one key frame
/// answers.
///
/// A request within ``interval`` of the last key frame is put off, not dropped: that key frame may be what
/// was lost.
package struct KeyFrameGate {
    private var last: Instant?
    private var due: Instant?

    package init() {}

    package mutating func handleRequest(now: Instant) {
        guard due == nil else { return }
        due = max(now, last.map { $0 + Self.interval } ?? now)
    }

    /// Whether a key frame is to be made now.
    package mutating func pollKeyFrame(now: Instant) -> Bool {
        guard let due, now >= due else { return false }
        self.due = nil
        last = now
        return true
    }

    package func pollTimeout() -> Instant? { due }

    package static let interval = Interval.milliseconds(200)
}
