package import Wire

/// Interrupt coalescing: how long what many viewers say may wait, so that one wake-up serves several of them.
///
/// A hundred viewers who only watch send a thousand reports a second, and waking for each costs more than reading
/// it. Reports tell of the last 50 … 100 ms and bear a wait of a few more; usually the desk's next packet ends it. So do
/// checks of a path and an association's heartbeats. Media, messages and handshakes bear none: as long as any come,
/// nothing waits, and whoever drives the desk may pause for a while.
package struct InterruptCoalescing: Hashable, Sendable {
    /// Until when the port need not be looked at; `nil`: at once.
    package private(set) var until: Instant?

    /// When nobody will have said anything for long that bears no waiting.
    private var calm = Instant.past
    private var hasMedia = false
    private var hasMessages = false

    package init() {}

    /// Media, or a part of a handshake, was received.
    @inline(__always)
    package mutating func handleMedia() { hasMedia = true }

    /// Somebody's message was received: perhaps a key or a movement of the pointer.
    package mutating func handleMessage() { hasMessages = true }

    /// Everything that was there was received.
    ///
    /// - Parameter isCrowd: Whether there are so many viewers that it is worth it.
    package mutating func endReceiving(isCrowd: Bool, now: Instant) {
        if hasMedia { calm = max(calm, now + Self.afterMedia) }
        if hasMessages { calm = max(calm, now + Self.afterMessages) }
        hasMedia = false
        hasMessages = false
        until = isCrowd && now >= calm ? now + Self.wait : nil
    }

    private static let afterMedia = Interval.milliseconds(200)
    /// Longer than people think between two keys.
    private static let afterMessages = Interval.seconds(10)
    private static let wait = Interval.milliseconds(10)
}
