internal import Wire

/// When each transport is next due, side by side: a wake-up looks through all of them, and must not touch
/// the transports of two hundred silent viewers for it.
final class TransportDeadlines {
    private(set) var all: [Instant] = []

    /// The place of a transport that comes after all others.
    func append() -> Int {
        all.append(.never)
        return all.count - 1
    }

    /// Places behind this one move forward by one.
    func remove(at index: Int) { all.remove(at: index) }

    /// ``nowhere`` is never due.
    subscript(index: Int) -> Instant {
        get { index == Self.nowhere ? .never : all[index] }
        set { if index != Self.nowhere { all[index] = newValue } }
    }

    /// The place of a transport that was closed.
    static let nowhere = -1

    /// The first place from `start` on that is due.
    func firstDue(from start: Int, now: Instant) -> Int? {
        var index = start
        while index < all.count {
            if all[index] <= now { return index }
            index += 1
        }
        return nil
    }

    var earliest: Instant {
        var earliest = Instant.never
        for deadline in all where deadline < earliest { earliest = deadline }
        return earliest
    }
}
