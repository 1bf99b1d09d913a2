package import Wire

/// How long what many viewers say may wait, so that one wake-up serves several of them.
///
/// A hundred viewers who only watch send a thousand reports a second, and waking for each costs more than reading
/// it. Reports tell of the last 50 … 100 ms and bear a wait of a few more; usually the desk's next packet ends it.
/// Media, messages and handshakes bear none: as long as any come, nothing waits.
package struct Patience: Hashable, Sendable {
    /// Until when the port need not be looked at; `nil`: at once.
    package private(set) var until: Instant?

    private var lastUrgent = Instant.past
    private var hasUrgent = false

    package init() {}

    /// A datagram was received.
    @inline(__always)
    package mutating func handle(_ kind: PacketKind) {
        if kind == .rtp || kind == .dtls { hasUrgent = true }
    }

    /// Everything that was there was received.
    ///
    /// - Parameter isCrowd: Whether there are so many transports that it is worth it.
    package mutating func endReceiving(isCrowd: Bool, now: Instant) {
        if hasUrgent { lastUrgent = now }
        hasUrgent = false
        until = isCrowd && now - lastUrgent >= Self.calm ? now + Self.wait : nil
    }

    /// After the last packet that bears no waiting.
    private static let calm = Interval.milliseconds(200)
    private static let wait = Interval.milliseconds(10)
}
