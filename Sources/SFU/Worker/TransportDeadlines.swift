internal import Wire

/// When each transport is next due and why, side by side: a wake-up looks through all of them, and must not touch
/// the transports of two hundred silent viewers for it.
final class TransportDeadlines {
    private(set) var all: [Instant] = []
    private var reasons: [DeadlineReason] = []

    /// The place of a transport that comes after all others.
    func append() -> Int {
        all.append(.never)
        reasons.append(.none)
        return all.count - 1
    }

    /// Places behind this one move forward by one.
    func remove(at index: Int) {
        all.remove(at: index)
        reasons.remove(at: index)
    }

    /// ``nowhere`` is never due.
    subscript(index: Int) -> Deadline {
        get { index == Self.nowhere ? Deadline() : Deadline(at: all[index], reasons[index]) }
        set {
            guard index != Self.nowhere else { return }
            all[index] = newValue.at
            reasons[index] = newValue.reason
        }
    }

    /// Makes a transport due at `due`, unless it is sooner.
    @inline(__always)
    func lower(_ index: Int, to due: Instant, _ reason: DeadlineReason) {
        guard index != Self.nowhere, due < all[index] else { return }
        all[index] = due
        reasons[index] = reason
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
