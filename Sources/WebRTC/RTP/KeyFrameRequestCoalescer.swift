public import Wire

/// Turns many viewers' key-frame requests into few: at most one on its way to the producer at a time.
///
/// The first request goes out at once. While it is unanswered further ones are joined to it; it is repeated
/// if no key frame came. After a key frame the next request waits out ``interval``, so that fourteen people
/// who join in one second cost the encoder one or two key frames. Those who go on coming cost one a second:
/// after ``burst`` key frames, the next ones wait until that is so in the mean.
public struct KeyFrameRequestCoalescer: Sendable {
    /// The shortest time between two requests.
    public let interval: Interval

    /// Requests handed out since the beginning.
    public private(set) var requests = 0

    /// Whether somebody waits for a key frame.
    public private(set) var isWanted = false

    /// Whether ``pollRequest(now:)`` would hand out a request.
    public private(set) var isDue = false

    /// Key frames that may be asked for faster than one a second.
    public let burst: Int

    private var lastRequest: Instant?
    private var isAnswered = true
    /// When the key frames that were asked for so far are a second apart in the mean.
    private var settled = Instant(nanoseconds: .min / 2)

    public init(interval: Interval = .milliseconds(300), burst: Int = 3) {
        self.interval = interval
        self.burst = burst
    }

    /// Somebody needs a key frame.
    public mutating func handleRequest(now: Instant) {
        isWanted = true
        isDue = isDue || earliest.map { now >= $0 } ?? true
    }

    /// A key frame came: everybody is served.
    public mutating func handleKeyFrame(now: Instant) {
        if !isAnswered { settled = max(settled, now) + .seconds(1) }
        isAnswered = true
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
        isAnswered = false
        requests += 1
        return true
    }

    /// When ``handleTimeout(now:)`` is next due, or `nil` if nobody waits.
    public func pollTimeout() -> Instant? {
        guard isWanted else { return nil }
        return earliest
    }

    /// When the next request may go out.
    private var earliest: Instant? {
        lastRequest.map { max($0 + interval, settled + .seconds(Int64(1 - burst))) }
    }
}
