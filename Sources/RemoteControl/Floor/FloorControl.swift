#if canImport(Wire)
public import Wire
#endif

/// Who gets control of the desk, and who is asked before: floor control, with clinicians as chairs (RFC 4582 §3).
///
/// The lease itself is a ``ControlLease``; this decides who may ask for it, who answers, on which ``ControlTerms`` it
/// is given, and who is to watch for now, by a ``ControlPolicy``. Tell it who is here by ``setStanding(_:of:now:)``.
/// Commands are what people do; what happens to them comes in by `handle…`. After each call drain ``pollEvent()`` and
/// carry out what it says, in order, then schedule ``pollTimeout()``. ``accept(_:from:now:)`` judges each control event:
/// what it does not forward must not reach the desk.
public struct FloorControl: Hashable, Sendable {
    var lease: ControlLease
    var rules: FloorRules
    /// `nil`: nobody takes turns.
    var turns: TurnTaking?
    /// For each turn; `nil`: without an end.
    var turnTime: Interval?
    /// Of whoever has control, or is about to get it.
    var term: FloorTerm?
    /// Who drives beside the holder.
    var hands: FurtherHands
    /// What the lease does not know of its end in the present command.
    var ending = Ending()
    private var told = FloorState()
    var events: [Event] = []

    struct Ending: Hashable {
        var reason: ControlLease.EndReason?
        var by: ParticipantID?
    }

    /// - Parameters:
    ///   - grace: How long a holder whose connection is lost keeps control.
    ///   - idle: How long a holder who sends nothing keeps control while somebody else waits for it; `nil`: for ever.
    ///   - others: What people are of whom ``setStanding(_:of:now:)`` has said nothing.
    public init(
        policy: ControlPolicy = ControlPolicy(),
        grace: Interval = .seconds(10),
        idle: Interval? = .seconds(120),
        others: FloorStanding = FloorStanding(rights: [])
    ) {
        rules = FloorRules(policy: policy, standings: FloorStandings(others: others))
        lease = ControlLease(grace: grace, idle: idle, timeout: policy.timeout, others: others.rights)
        hands = FurtherHands(policy.hands - 1, grace: grace, others: others.rights)
    }

    public var policy: ControlPolicy { rules.policy }
    public var holder: ParticipantID? { lease.holder }
    public var leaseID: LeaseID? { lease.lease }
    public var forwarded: UInt64 { lease.forwarded + hands.forwarded }
    public var refusals: RefusalCounts { lease.refusals + hands.refusals }

    // MARK: Asking

    /// Asks for control, and gets it, waits for an answer, or hears why not.
    ///
    /// - Parameter absent: Somebody whose page is lost, who cannot answer: they are not waited for if it is they who
    ///   have control.
    public mutating func request(
        by participant: ParticipantID,
        insteadOf absent: ParticipantID? = nil,
        now: Instant
    ) -> Answer {
        defer { settle(now) }
        if lease.holder == participant, let id = lease.lease { return .granted(id) }
        if lease.upcoming == participant { return .pending }
        // Who drives already has nothing to ask for.
        if let answer = hands.answer(to: participant) { return answer }
        if rules.isToWatch(participant) { return .denied(.locked) }
        guard !rules.standings[participant].rights.isEmpty else { return .denied(.notAllowed) }
        if rules.consents.isAsked(for: participant) { return .consenting }
        if let answer = answerInTurns(to: participant, now: now) { return answer }
        let isFree = lease.isFree || (absent != nil && absent == lease.holder)
        if isFree, rules.mayTake(participant) {
            return begin(participant, rules.standardTerms(of: participant), by: nil, now: now)
        }
        if lease.isFree {
            if lease.enqueue(participant, now: now) { tellRequest(of: participant) }
        } else {
            _ = lease.ask(by: participant, now: now)
        }
        return .waiting(on: answerers(of: participant))
    }

    /// Gives control back, or waits for it no longer.
    public mutating func release(by participant: ParticipantID, now: Instant) {
        rules.consents.close(participant)
        lease.withdraw(by: participant)
        lease.release(by: participant)
        hands.end(participant, .released)
        turns?.end(participant, isYielded: true)
        settle(now)
    }

    // MARK: Answering

    /// Gives control to somebody: who may grant to anybody, be it themselves, and the holder to whoever they are asked
    /// by.
    ///
    /// - Parameter terms: `nil`: those of the policy.
    public mutating func give(
        to participant: ParticipantID,
        by giver: ParticipantID,
        _ terms: ControlTerms? = nil,
        now: Instant
    ) -> Answer {
        defer { settle(now) }
        if let denial = denial(to: giver, of: participant) { return .denied(denial) }
        let terms = handedOn(terms ?? usualTerms(of: participant), by: giver)
        guard !rules.rights(of: participant).isDisjoint(with: terms.rights) else {
            return .denied(.notAllowed)
        }
        if lease.holder == participant, let id = lease.lease {
            setTerms(terms, of: participant, by: giver, now: now)
            return .granted(id)
        }
        ending.by = giver
        return begin(participant, terms, by: giver, now: now)
    }

    /// Answers a request by No; returns `false` unless it is this person's to answer.
    @discardableResult
    public mutating func decline(_ participant: ParticipantID, by other: ParticipantID, now: Instant) -> Bool
    {
        guard answerers(of: participant).contains(other) else { return false }
        rules.consents.close(participant)
        // A holder who answers counts as there.
        if !lease.decline(participant, by: other, now: now) { lease.withdraw(by: participant) }
        events.append(.declined(participant, by: other))
        settle(now)
        return true
    }

    /// Takes control from whoever has it or is about to, and answers all who wait by No: nobody drives until somebody
    /// asks or is given it anew.
    @discardableResult
    public mutating func revoke(by other: ParticipantID, now: Instant) -> Bool {
        guard rules.mayGrant(other) else { return false }
        ending.by = other
        for question in rules.consents.questions { rules.consents.close(question.driver) }
        for participant in lease.waiting {
            lease.withdraw(by: participant)
            if participant != other { events.append(.declined(participant, by: other)) }
        }
        if let upcoming = lease.upcoming { lease.release(by: upcoming) }
        turns?.pause()
        lease.revoke()
        hands.endAll(.revoked)
        settle(now)
        return true
    }

    /// Says that somebody, or everybody, is to watch, or need not any more; returns `false` if it is not theirs to say.
    @discardableResult
    public mutating func restrict(
        _ kind: FloorRestrictions.Kind,
        _ participant: ParticipantID?,
        to isOn: Bool,
        by other: ParticipantID,
        now: Instant
    ) -> Bool {
        guard rules.mayGrant(other), participant != other else { return false }
        rules.restrictions.set(kind, of: participant, to: isOn, by: other)
        ending = Ending(reason: .locked, by: other)
        for participant in rules.standings.everybody { refresh(participant) }
        settle(now)
        return true
    }

    /// A client says whether somebody may drive; No also takes an earlier Yes back, and control with it.
    @discardableResult
    public mutating func consent(
        _ id: ConsentID,
        isGiven: Bool,
        by client: ParticipantID,
        now: Instant
    ) -> Bool {
        guard let driver = rules.consents.driver(id, client) else { return false }
        if isGiven {
            guard rules.needsConsent(of: client, for: driver) else { return false }
            rules.consents.give(id, by: client)
            events.append(.consentGiven(id, by: client, for: driver))
        } else {
            guard
                rules.consents.withdraw(by: client, for: driver)
                    || rules.needsConsent(of: client, for: driver)
            else { return false }
            rules.consents.close(driver)
            events.append(.consentRefused(id, by: client, for: driver))
            lease.withdraw(by: driver)
            turns?.refuse(driver)
            ending.by = client
            if lease.upcoming == driver { lease.release(by: driver) }
            if rules.needsConsent(of: client, for: driver) {
                if lease.holder == driver { lease.revoke() }
                hands.end(driver, .revoked)
            }
        }
        settle(now)
        return true
    }

    // MARK: What happened

    /// The room has crashed, and is another one: who was to watch still is, and for a while whoever has said so need not be back.
    ///
    /// To be called before anybody is here.
    public mutating func handleRoomLost(_ restrictions: FloorRestrictions, now: Instant) {
        rules.restrictions = restrictions
        rules.orphansDue = now + Self.absence
        settle(now)
    }

    /// Somebody is here, or may something else than before.
    public mutating func setStanding(_ standing: FloorStanding, of participant: ParticipantID, now: Instant) {
        rules.standings[participant] = standing
        if standing.isBlind { ending.reason = .locked }
        refresh(participant)
        liftOrphanedRestrictions()
        settle(now)
    }

    /// The participant has left for good.
    public mutating func handleDeparture(of participant: ParticipantID, now: Instant) {
        rules.forget(participant)
        turns?.remove(participant)
        lease.handleDeparture(of: participant)
        hands.handleDeparture(of: participant)
        liftOrphanedRestrictions()
        settle(now)
    }

    /// The participant's control channel is lost (``ControlLease/handleDisconnect(of:now:)``).
    public mutating func handleDisconnect(of participant: ParticipantID, now: Instant) {
        lease.handleDisconnect(of: participant, now: now)
        hands.handleDisconnect(of: participant, now: now)
        rules.setAbsent(participant, true)
        handleAbsence(of: participant)
        settle(now)
    }

    public mutating func handleReconnect(of participant: ParticipantID, now: Instant) {
        lease.handleReconnect(of: participant)
        hands.handleReconnect(of: participant)
        rules.setAbsent(participant, false)
        settle(now)
    }

    public mutating func handleVisibility(of participant: ParticipantID, isHidden: Bool, now: Instant) {
        lease.handleVisibility(of: participant, isHidden: isHidden, now: now)
        settle(now)
    }

    /// The desk has stopped: control of what comes in its place is asked for anew.
    public mutating func handleDeskRestart(now: Instant) {
        if let upcoming = lease.upcoming { lease.release(by: upcoming) }
        lease.revoke(.deskRestarted)
        hands.endAll(.deskRestarted)
        settle(now)
    }

    /// The desk holds nothing of what was pressed before the last ``Event/releaseAll``.
    public mutating func handleReleased(now: Instant) {
        let upcoming = term.flatMap { $0.of == lease.upcoming ? $0 : nil }
        if let upcoming, !rules.missingConsents(for: upcoming.of).isEmpty {
            // A client has come since, or has taken their consent back.
            lease.release(by: upcoming.of)
            lease.handleReleased()
            _ = begin(upcoming.of, upcoming.terms, by: upcoming.giver, now: now)
        } else {
            lease.handleReleased()
        }
        settle(now)
    }

    public mutating func handleTimeout(now: Instant) {
        lease.handleTimeout(now: now)
        if let due = rules.orphansDue, due <= now {
            rules.orphansDue = nil
            liftOrphanedRestrictions()
        }
        if let due = term?.due, due <= now { lease.revoke(.timeIsUp) }
        if let due = term?.pollWarning(now: now), let holder, let id = lease.lease {
            events.append(.expiring(id, of: holder, at: due))
        }
        handleHandsTimeout(now: now)
        for question in rules.consents.questions where question.due <= now {
            rules.consents.close(question.driver)
            lease.withdraw(by: question.driver)
            turns?.refuse(question.driver)
            events.append(.consentRefused(question.id, by: nil, for: question.driver))
        }
        settle(now)
    }

    /// When ``handleTimeout(now:)`` is next due.
    public func pollTimeout() -> Instant? {
        [
            lease.pollTimeout(), term?.due, term?.warning, hands.pollTimeout(), rules.consents.expiry,
            rules.orphansDue,
        ]
        .lazy.compactMap(\.self).min()
    }

    /// What the owner must do next, oldest first.
    public mutating func pollEvent() -> Event? { events.isEmpty ? nil : events.removeFirst() }

    /// Whether there is something to do next.
    public var hasEvents: Bool { !events.isEmpty }

    /// Whether somebody types on the desk under this lease.
    public func mayType(_ participant: ParticipantID, under id: LeaseID, now: Instant) -> Bool {
        if id.hand > 0 { return hands.seat(under: id, now: now)?.mayType(participant, under: id) ?? false }
        if let due = term?.due, due <= now { return false }
        return lease.mayType(participant, under: id)
    }

    /// Whether somebody has the desk's pointer under this lease.
    public func mayPoint(_ participant: ParticipantID, under id: LeaseID, now: Instant) -> Bool {
        if id.hand > 0 { return hands.seat(under: id, now: now)?.mayPoint(participant, under: id) ?? false }
        if let due = term?.due, due <= now { return false }
        return lease.mayPoint(participant, under: id)
    }

    /// Judges the control event that fills `bytes`, sent by `participant`.
    public mutating func accept(
        _ bytes: RawSpan,
        from participant: ParticipantID,
        now: Instant
    ) -> ControlLease.Verdict {
        // A clock past the end of their time ends it even if the timer has not fired yet.
        if let due = term?.due, due <= now { handleTimeout(now: now) }
        if let verdict = acceptByHand(bytes, from: participant, now: now) { return verdict }
        let hadHolder = lease.holder != nil
        let verdict = lease.accept(bytes, from: participant, now: now)
        if hadHolder, lease.holder == nil { settle(now) }
        return verdict
    }
}

// MARK: Telling
extension FloorControl {
    /// Carries on until nothing follows any more, and tells of what has changed.
    mutating func settle(_ now: Instant) {
        for question in rules.consents.questions where rules.missingConsents(for: question.driver).isEmpty {
            proceed(question, now: now)
        }
        // Whoever gets the first hand has let go of the other one before.
        drainHands(now)
        drain(now)
        fillTurn(now: now)
        fillVacancy(now: now)
        drainHands(now)
        drain(now)
        if let term, term.of != lease.holder, term.of != lease.upcoming {
            self.term = nil
            refresh(term.of)
        }
        ending = Ending()
        let state = state
        guard state != told else { return }
        told = state
        events.append(.state(state))
    }

    private mutating func drain(_ now: Instant) {
        while let event = lease.pollEvent() {
            switch event {
            case .ended(let id, let participant, let reason):
                let isOther = reason == .revoked || reason == .takenOver
                let told = reason == .revoked ? ending.reason ?? reason : reason
                handleEndOfTurn(of: participant, told, by: ending.by)
                events.append(.ended(id, of: participant, told, by: isOther ? ending.by : nil))
            case .granted(let id, let participant):
                guard term?.of == participant, let terms = term?.terms else { break }
                term?.begin(now: now)
                handleTurn(of: participant)
                events.append(.granted(id, to: participant, terms, by: term?.giver))
            case .releaseAll: events.append(.releaseAll)
            case .requested(let participant, _): tellRequest(of: participant)
            case .waiting: break  // It is part of the state.
            }
        }
    }

    /// What people are told now.
    package var state: FloorState {
        var state = FloorState()
        state.holder = lease.holder
        state.lease = lease.lease
        if let holder = lease.holder {
            state.rights = rules.rights(of: holder).intersection(term?.terms.rights ?? .all)
        }
        state.until = term?.due
        state.requests = lease.waiting.compactMap { participant in
            lease.expiry(ofRequestBy: participant).map {
                FloorState.Request(by: participant, of: answerers(of: participant), due: $0)
            }
        }
        state.turns = turnState
        describeHands(in: &state)
        rules.describe(into: &state)
        return state
    }

    /// How long people may take to be back after the room has crashed: as long as a lost page has.
    fileprivate static let absence = Interval.seconds(60)
}
