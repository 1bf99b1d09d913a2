public import Wire

/// Finds out about a lost last packet, which no later packet would reveal.
///
/// A desktop that becomes still sends nothing after its last frame, so a receiver that misses the end of it does not
/// know that anything is missing, and shows an old picture for as long as nothing changes. When the stream falls
/// silent, the sender repeats its newest packet a few times, until the receiver reports that it has it: a gap before
/// it then shows, and is asked for. The idea is TCP's (RFC 8985 §7).
public struct TailLossProbe: Sendable {
    private var due: Instant?
    private var tries = 0
    private var delay = Self.shortest

    public init() {}

    /// A packet of the stream was sent.
    public mutating func handleSent(roundTrip: Interval?, now: Instant) {
        tries = 0
        delay = roundTrip.map { max(Self.shortest, $0 + $0 / 2) } ?? Self.shortest
        due = now + delay
    }

    /// The receiver has the newest packet.
    public mutating func handleAcknowledged() {
        due = nil
    }

    /// When ``pollProbe(now:)`` is next due.
    public func pollTimeout() -> Instant? { due }

    /// Whether to repeat the newest packet now.
    public mutating func pollProbe(now: Instant) -> Bool {
        guard let due, now >= due else { return false }
        tries += 1
        delay = delay * 2
        self.due = tries < Self.maximumTries ? now + delay : nil
        return true
    }

    /// Longer than the pause between two frames at 30 a second, so that a moving picture costs no probe.
    private static let shortest = Interval.milliseconds(60)
    private static let maximumTries = 4
}
