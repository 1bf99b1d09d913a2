#if canImport(Wire)
internal import Wire
#endif

/// The hands of the desk beside the first: each has a lease of its own, which whoever drives beside the holder has.
///
/// What they may do, and who says so, ``FloorControl`` decides.
struct FurtherHands: Hashable {
    struct Seat: Hashable {
        let hand: FurtherHand
        var lease: ControlLease
        /// Of whoever has the hand, or is about to get it.
        var term: FloorTerm?

        /// Whose it is, or is about to be.
        var person: ParticipantID? { lease.holder ?? lease.upcoming }

        func isOverdue(now: Instant) -> Bool { term?.due.map { $0 <= now } ?? false }
    }

    var seats: [Seat]

    init(_ count: Int, grace: Interval, others: ControlRights) {
        seats = FurtherHand.first(count).map {
            Seat(hand: $0, lease: ControlLease(grace: grace, idle: nil, others: others, hand: $0))
        }
    }

    var isEmpty: Bool { seats.isEmpty }
    var forwarded: UInt64 { seats.reduce(0) { $0 + $1.lease.forwarded } }
    var refusals: RefusalCounts { seats.reduce(RefusalCounts()) { $0 + $1.lease.refusals } }

    /// A hand that nobody has; rather one of which the desk holds nothing any more.
    var free: Int? {
        seats.firstIndex { $0.lease.isFree && $0.lease.isReleased } ?? seats.firstIndex { $0.lease.isFree }
    }

    /// The hand that somebody has, or is about to get.
    func index(of participant: ParticipantID) -> Int? { seats.firstIndex { $0.person == participant } }

    /// What whoever has a hand, or is about to, is answered that asks for one; `nil`: they have none.
    func answer(to participant: ParticipantID) -> FloorControl.Answer? {
        guard let index = index(of: participant) else { return nil }
        guard seats[index].lease.holder == participant, let id = seats[index].lease.lease else {
            return .pending
        }
        return .granted(id)
    }

    /// The lease in force, if it is this one and its time is not over.
    func seat(under id: LeaseID, now: Instant) -> ControlLease? {
        seats.first { $0.lease.lease == id && !$0.isOverdue(now: now) }?.lease
    }

    /// When something of theirs is next due.
    func pollTimeout() -> Instant? {
        guard !seats.isEmpty else { return nil }
        return seats.flatMap { [$0.lease.pollTimeout(), $0.term?.due, $0.term?.warning] }
            .compactMap(\.self).min()
    }

    // MARK: What happens to them

    /// Somebody drives no more, or is not about to.
    mutating func end(_ participant: ParticipantID, _ reason: ControlLease.EndReason) {
        guard let index = index(of: participant) else { return }
        end(at: index, reason)
    }

    mutating func endAll(_ reason: ControlLease.EndReason) {
        for index in seats.indices { end(at: index, reason) }
    }

    private mutating func end(at index: Int, _ reason: ControlLease.EndReason) {
        if let upcoming = seats[index].lease.upcoming { seats[index].lease.release(by: upcoming) }
        seats[index].lease.revoke(reason)
    }

    /// What somebody may do by any of them, from now on.
    mutating func setRights(_ rights: ControlRights, of participant: ParticipantID) {
        for index in seats.indices {
            var rights = rights
            if let term = seats[index].term, term.of == participant {
                rights.formIntersection(term.terms.rights)
            }
            seats[index].lease.setRights(rights, of: participant)
        }
    }

    mutating func handleDeparture(of participant: ParticipantID) {
        for index in seats.indices { seats[index].lease.handleDeparture(of: participant) }
    }

    mutating func handleDisconnect(of participant: ParticipantID, now: Instant) {
        for index in seats.indices { seats[index].lease.handleDisconnect(of: participant, now: now) }
    }

    mutating func handleReconnect(of participant: ParticipantID) {
        for index in seats.indices { seats[index].lease.handleReconnect(of: participant) }
    }
}
