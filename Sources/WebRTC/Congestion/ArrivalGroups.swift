internal import Wire

/// Groups packets that were sent in one burst, and compares each group with the one before it.
///
/// A group is what was sent within 5 ms (draft-ietf-rmcat-gcc-02 §5.2): a pacer's burst tells nothing about
/// the queue between its own packets.
struct ArrivalGroups: Sendable {
    /// How one group's spacing changed on the way.
    struct Delta: Hashable, Sendable {
        /// Between the groups' last packets.
        var sent: Interval
        var arrived: Interval
        /// Arrival of the later group, on the receiver's clock.
        var at: Interval
    }

    private struct Group {
        var firstSent: Instant
        var lastSent: Instant
        var firstArrival: Interval
        var lastArrival: Interval
    }

    private var previous: Group?
    private var current: Group?

    /// Adds a packet in order of sending; returns the difference once a group is complete.
    mutating func handle(sent: Instant, arrival: Interval) -> Delta? {
        guard var group = current else {
            current = Group(firstSent: sent, lastSent: sent, firstArrival: arrival, lastArrival: arrival)
            return nil
        }
        // Sent before the group began: reordered, and of no use.
        guard sent >= group.firstSent else { return nil }
        if belongs(sent: sent, arrival: arrival, to: group) {
            group.lastSent = max(group.lastSent, sent)
            group.lastArrival = max(group.lastArrival, arrival)
            current = group
            return nil
        }
        defer {
            previous = group
            current = Group(firstSent: sent, lastSent: sent, firstArrival: arrival, lastArrival: arrival)
        }
        guard let previous else { return nil }
        let delta = Delta(
            sent: group.lastSent - previous.lastSent,
            arrived: group.lastArrival - previous.lastArrival,
            at: group.lastArrival
        )
        // The receiver's clock jumped; start over.
        guard delta.arrived > .seconds(-3), delta.arrived < .seconds(3) else {
            self.previous = nil
            return nil
        }
        return delta
    }

    private func belongs(sent: Instant, arrival: Interval, to group: Group) -> Bool {
        if sent - group.firstSent <= Self.burst { return true }
        // Packets that queued up behind something and arrived back to back are one burst to the estimator.
        let spread = arrival - group.lastArrival
        return spread - (sent - group.lastSent) < .zero && spread <= Self.burst
            && arrival - group.firstArrival < .milliseconds(100)
    }

    private static let burst = Interval.milliseconds(5)
}
