public import Wire

/// Remembers when one consumer last got a packet again, so that none is sent twice within a round trip.
public struct RetransmissionHistory: Sendable {
    private var slots = [(sequence: UInt16, at: Instant)](
        repeating: (0, Instant(nanoseconds: .min / 2)),
        count: size
    )

    public init() {}

    /// Whether the packet `sequence` may be sent again at `now`; if so, takes note that it is.
    public mutating func allows(_ sequence: UInt16, roundTrip: Interval, now: Instant) -> Bool {
        let index = Int(sequence) & (Self.size - 1)
        let last = slots[index]
        if last.sequence == sequence, now - last.at < roundTrip { return false }
        slots[index] = (sequence, now)
        return true
    }

    /// A power of two: more requests than this within a round trip are a key frame's business.
    private static let size = 512
}
