public import Wire

/// Remembers when one consumer last got a packet again, so that none is sent twice within a round trip.
public struct RetransmissionHistory: Sendable {
    /// Made when it is first needed: on most paths nothing is lost.
    private var slots: [(sequence: UInt16, count: UInt16, isDelivered: Bool, at: Instant)] = []

    public init() {}

    /// Whether the packet `sequence` may be sent again at `now`; if so, takes note that it is.
    public mutating func allows(_ sequence: UInt16, roundTrip: Interval, now: Instant) -> Bool {
        if slots.isEmpty {
            slots = Array(repeating: (0, 0, false, Instant(nanoseconds: .min / 2)), count: Self.size)
        }
        let index = Int(sequence) & (Self.size - 1)
        let last = slots[index]
        if last.sequence == sequence, now - last.at < roundTrip { return false }
        slots[index] = (sequence, last.sequence == sequence ? last.count &+ 1 : 1, false, now)
        return true
    }

    /// How many times the packet `sequence` was sent again, as far as is remembered.
    public func count(_ sequence: UInt16) -> Int {
        guard !slots.isEmpty else { return 0 }
        let last = slots[Int(sequence) & (Self.size - 1)]
        return last.sequence == sequence ? Int(last.count) : 0
    }

    /// The receiver has the packet `sequence`, which was sent again.
    public mutating func handleDelivered(_ sequence: UInt16) {
        guard !slots.isEmpty else { return }
        let index = Int(sequence) & (Self.size - 1)
        if slots[index].sequence == sequence { slots[index].isDelivered = true }
    }

    /// Whether one of the copies of the packet `sequence` has arrived.
    public func isDelivered(_ sequence: UInt16) -> Bool {
        guard !slots.isEmpty else { return false }
        let last = slots[Int(sequence) & (Self.size - 1)]
        return last.sequence == sequence && last.isDelivered
    }

    /// A power of two: more requests than this within a round trip are a key frame's business.
    private static let size = 512
}
