public import Wire

/// Turns many viewers' key-frame requests into few: at most one on its way to the producer at a time.
///
/// The first request goes out at once. While it is unanswered further ones are joined to it; it is repeated
/// if no key frame came. After a key frame the next request waits out ``interval``, so that fourteen people
/// who join in one second cost the encoder one or two key frames.
public struct KeyFrameRequestCoalescer: Sendable {
    /// The shortest time between two requests.
    public let interval: Interval

    /// Requests handed out since the beginning.
    public private(set) var requests = 0

    /// Whether ``pollRequest(now:)`` would hand out a request.
    public private(set) var isDue = false

    private var isWanted = false
    private var lastRequest: Instant?

    public init(interval: Interval = .milliseconds(300)) {
        self.interval = interval
    }

    /// Somebody needs a key frame.
    public mutating func handleRequest(now: Instant) {
        isWanted = true
        isDue = isDue || lastRequest.map { now - $0 >= interval } ?? true
    }

    /// A key frame came: everybody is served.
    public mutating func handleKeyFrame(now: Instant) {
        isWanted = false
        isDue = false
    }

    public mutating func handleTimeout(now: Instant) {
        guard isWanted, let due = pollTimeout(), now >= due else { return }
        isDue = true
    }

    /// Whether to ask the producer now; call until it returns `false`.
    public mutating func pollRequest(now: Instant) -> Bool {
        guard isDue else { return false }
        isDue = false
        lastRequest = now
        requests += 1
        return true
    }

    /// When ``handleTimeout(now:)`` is next due, or `nil` if nobody waits.
    public func pollTimeout() -> Instant? {
        guard isWanted else { return nil }
        return lastRequest.map { $0 + interval }
    }
}
