public import Wire

/// Remembers when one consumer last got a packet again, so that none is sent twice within a round trip.
public struct RetransmissionHistory: Sendable {
    private struct Slot {
        var sequence: UInt16 = 0
        var count: UInt16 = 0
        var isDelivered = false
        var at = Instant(nanoseconds: .min / 2)
    }

    /// Made when it is first needed, for on most paths nothing is lost, and doubled while it is too small.
    private var slots: [Slot] = []

    public init() {}

    /// Whether the packet `sequence` may be sent again at `now`; if so, takes note that it is.
    public mutating func allows(_ sequence: UInt16, roundTrip: Interval, now: Instant) -> Bool {
        if slots.isEmpty {
            slots = Array(repeating: Slot(), count: Self.smallest)
        }
        while slots.count < Self.largest, isTaken(place(of: sequence), for: sequence, now: now) { grow() }
        let last = slots[place(of: sequence)]
        if last.sequence == sequence, now - last.at < roundTrip { return false }
        slots[place(of: sequence)] = Slot(
            sequence: sequence,
            count: last.sequence == sequence ? last.count &+ 1 : 1,
            isDelivered: false,
            at: now
        )
        return true
    }

    private func place(of sequence: UInt16) -> Int { Int(sequence) & (slots.count - 1) }

    /// Whether another packet that went out lately is there.
    private func isTaken(_ place: Int, for sequence: UInt16, now: Instant) -> Bool {
        slots[place].sequence != sequence && now - slots[place].at < Self.memory
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Slot(), count: 2 * old.count)
        for slot in old where slot.count > 0 { slots[place(of: slot.sequence)] = slot }
    }

    /// How many times the packet `sequence` was sent again, as far as is remembered.
    public func count(_ sequence: UInt16) -> Int {
        guard !slots.isEmpty else { return 0 }
        let last = slots[place(of: sequence)]
        return last.sequence == sequence ? Int(last.count) : 0
    }

    /// The receiver has the packet `sequence`, which was sent again.
    public mutating func handleDelivered(_ sequence: UInt16) {
        guard !slots.isEmpty else { return }
        let index = place(of: sequence)
        if slots[index].sequence == sequence { slots[index].isDelivered = true }
    }

    /// Whether one of the copies of the packet `sequence` has arrived.
    public func isDelivered(_ sequence: UInt16) -> Bool {
        guard !slots.isEmpty else { return false }
        let last = slots[place(of: sequence)]
        return last.sequence == sequence && last.isDelivered
    }

    private static let smallest = 32
    /// A power of two: more requests than this within a round trip are a key frame's business.
    private static let largest = 512
    /// Longer than a round trip.
    private static let memory = Interval.seconds(1)
}
