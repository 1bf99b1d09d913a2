#if canImport(Wire)
internal import Wire
#endif

/// Who would like to have control while somebody else has it, in the order in which they asked.
///
/// Commands are ``add(_:now:)``, ``remove(_:)`` and ``askAnew(now:)``; ``lapse(now:)`` forgets those who have
/// waited for too long. At most one entry a participant, so that the room's size bounds it.
struct ControlRequests: Hashable {
    private struct Request: Hashable {
        let participant: ParticipantID
        /// Since when the present holder may know of it.
        var asked: Instant
        let begun: Instant
    }

    /// How long a request waits for an answer.
    private let timeout: Interval
    private var waiting: [Request] = []
    /// When the holder was last told of each.
    private var told: [ParticipantID: Instant] = [:]

    init(timeout: Interval) {
        self.timeout = timeout
    }

    var participants: [ParticipantID] { waiting.map(\.participant) }
    /// Who has waited longest, and since when the present holder may know.
    var first: (participant: ParticipantID, asked: Instant)? {
        waiting.first.map { ($0.participant, $0.asked) }
    }
    /// When ``lapse(now:)`` is next due.
    var expiry: Instant? { waiting.map { $0.begun + timeout }.min() }

    /// When nobody's answer to this request counts any more.
    func expiry(of participant: ParticipantID) -> Instant? {
        waiting.first { $0.participant == participant }.map { $0.begun + timeout }
    }

    /// Notes a request; returns whether the holder is to be told of it, which is not more often than every
    /// ten seconds for each who asks.
    mutating func add(_ participant: ParticipantID, now: Instant) -> Bool {
        if !contains(participant) {
            waiting.append(Request(participant: participant, asked: now, begun: now))
        }
        if let last = told[participant], now - last < Self.pause { return false }
        told[participant] = now
        return true
    }

    func contains(_ participant: ParticipantID) -> Bool {
        waiting.contains { $0.participant == participant }
    }

    /// Returns whether they had been waiting.
    @discardableResult
    mutating func remove(_ participant: ParticipantID) -> Bool {
        guard let index = waiting.firstIndex(where: { $0.participant == participant }) else { return false }
        waiting.remove(at: index)
        return true
    }

    /// Forgets somebody who has left.
    @discardableResult
    mutating func forget(_ participant: ParticipantID) -> Bool {
        told[participant] = nil
        return remove(participant)
    }

    /// There is another holder, who is told of everybody that waits.
    mutating func askAnew(now: Instant) {
        for index in waiting.indices {
            waiting[index].asked = now
            told[waiting[index].participant] = now
        }
    }

    /// Forgets who has waited for so long that control would come as a surprise; returns whether anybody has.
    mutating func lapse(now: Instant) -> Bool {
        let count = waiting.count
        waiting.removeAll { now - $0.begun >= timeout }
        return waiting.count != count
    }

    private static let pause = Interval.seconds(10)
}
