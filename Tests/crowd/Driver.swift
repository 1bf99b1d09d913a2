internal import Wire

/// Somebody who drives the desk: presses and releases one key again and again, so that whoever watches the
/// desk can count what arrived.
///
/// Tell it the ``lease``, and send what ``poll(now:)`` gives on the control channel.
struct Driver {
    /// Presses and releases that were sent under a lease.
    private(set) var sent = 0
    /// `nil` while somebody else has control.
    var lease: UInt32?
    private var next: Instant?

    /// The event that is due (docs/control-protocol.md), if one is.
    mutating func poll(now: Instant) -> [UInt8]? {
        guard let lease, now >= next ?? now else { return nil }
        // What was due while the loop slept is sent by turns, not at once: the room counts a flood as one.
        next = now + Self.interval
        let type: UInt8 = sent % 2 == 0 ? 0x05 : 0x06
        sent += 1
        let time = UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
        return [type, 0, 0, 0] + Self.bytes(lease) + Self.bytes(time) + Self.bytes(Self.keysym)
    }

    private static func bytes(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    /// Twenty times a second, as somebody who types fast.
    private static let interval = Interval.milliseconds(50)
    /// The letter a.
    private static let keysym: UInt32 = 0x61
}
