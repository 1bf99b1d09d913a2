public import Wire

/// Tells a key-frame request that needs an answer from one that silence alone has caused.
///
/// Browsers ask for a key frame when no frame has come for three seconds, as long as packets came in the last
/// five. On a still desktop nothing is wrong, and each answer starts the same again: a key frame every three
/// seconds, for every viewer, for ever. So the first request is passed over that comes out of a long silence
/// from a receiver that has everything and has missed nothing since. One that asks again, or that has lost
/// something, is answered.
public struct IdleRequestFilter: Sendable {
    private var lastSent: Instant?
    private var isConfirmed = false
    private var hasLost = false
    private var lastIgnored: Instant?

    public init() {}

    /// A packet was sent.
    public mutating func handleSent(now: Instant) {
        lastSent = now
        isConfirmed = false
        hasLost = false
    }

    /// The receiver reported: whether it has the newest packet, and whether it missed any of late.
    public mutating func handleReport(hasNewest: Bool, hasLost: Bool) {
        isConfirmed = hasNewest
        self.hasLost = self.hasLost || hasLost
    }

    /// The receiver misses a packet.
    public mutating func handleLoss() {
        hasLost = true
    }

    /// Whether to answer the receiver's request for a key frame.
    public mutating func allows(now: Instant) -> Bool {
        guard let lastSent, now - lastSent >= Self.silence, isConfirmed, !hasLost else { return true }
        if let lastIgnored, now - lastIgnored < Self.repetition { return true }
        lastIgnored = now
        return false
    }

    /// Shorter than the three seconds after which browsers ask.
    private static let silence = Interval.milliseconds(2_500)
    /// A request that follows one that was passed over within this time is answered: the receiver does need it.
    private static let repetition = Interval.seconds(10)
}
