#if canImport(Wire)
public import Wire
#endif

// MARK: Taking turns
extension FloorControl {
    /// Why nothing has become of what somebody wants about turns.
    public enum TurnRefusal: Hashable, Sendable {
        case mayNot
        /// Nobody else is there whose turn it could be.
        case nobodyElse
        /// Nobody takes turns.
        case notOn
        /// Fewer than two of them are here and may drive the desk.
        case tooFew
    }

    /// Has people take turns in this order, or in another one than before: whoever has the turn keeps it, if they are in it.
    ///
    /// Until it ends nobody else asks for control. The policy's limit and consents hold as ever; whoever is in the order need not
    /// ask, whatever the policy has. Whoever gets control by other means has the turn if they are in the order;
    /// otherwise turns are paused, and also by a ``revoke(by:now:)``.
    ///
    /// - Parameter time: For each turn; `nil`: without an end.
    /// - Returns: Why not.
    public mutating func takeTurns(
        _ people: [ParticipantID],
        for time: Interval?,
        by giver: ParticipantID,
        now: Instant
    ) -> TurnRefusal? {
        guard rules.mayGrant(giver) else { return .mayNot }
        let others = TurnTaking(
            people.filter { !rules.standings[$0].rights.isEmpty && rules.standings.isHere($0) }
        )
        guard others.order.count > 1 else { return .tooFew }
        let former = turns.flatMap { $0.isPaused ? nil : $0.current }
        // Who waits has their turn now, or none.
        for participant in lease.waiting { lease.withdraw(by: participant) }
        closeQuestions(of: nil)
        turns = others
        turnTime = time
        // Turns are for one at a time.
        ending.by = giver
        hands.endAll(.takenOver)
        if let former, others.order.contains(former) {
            turns?.take(former)
        } else {
            begin(by: giver, now: now)
        }
        settle(now)
        return nil
    }

    /// Nobody takes turns any more; whoever has control keeps it.
    public mutating func endTurns(by giver: ParticipantID, now: Instant) -> TurnRefusal? {
        guard rules.mayGrant(giver) else { return .mayNot }
        guard let turns else { return .notOn }
        if let current = turns.current { rules.consents.close(current) }
        self.turns = nil
        settle(now)
        return nil
    }

    /// Turns go on after a pause.
    public mutating func resumeTurns(by giver: ParticipantID, now: Instant) -> TurnRefusal? {
        guard rules.mayGrant(giver) else { return .mayNot }
        guard turns != nil else { return .notOn }
        guard turns?.isPaused == true else { return nil }
        turns?.resume()
        ending.by = giver
        hands.endAll(.takenOver)
        begin(by: giver, now: now)
        settle(now)
        return nil
    }

    /// Ends the present turn: whose it is, or whoever may give control, passes it on to the next who is there and may.
    public mutating func passTurn(by participant: ParticipantID, now: Instant) -> TurnRefusal? {
        guard let turns, !turns.isPaused else { return .notOn }
        guard turns.current == participant || rules.mayGrant(participant) else { return .mayNot }
        guard turns.following(where: isAvailable) != nil else { return .nobodyElse }
        if let current = turns.current {
            self.turns?.end(current)
            takeBack(from: current, by: participant)
        }
        settle(now)
        return nil
    }

    /// Whether somebody is there and may drive.
    private func isAvailable(_ participant: ParticipantID) -> Bool {
        rules.standings.isHere(participant) && !rules.rights(of: participant).isEmpty
            && !rules.absent.contains(participant)
    }

    /// On which terms somebody gets control of whom nothing else is said.
    func usualTerms(of participant: ParticipantID) -> ControlTerms {
        guard let turns, !turns.isPaused, turns.order.contains(participant) else {
            return rules.standardTerms(of: participant)
        }
        return terms(ofTurn: participant)
    }

    private func terms(ofTurn participant: ParticipantID) -> ControlTerms {
        var terms = rules.standardTerms(of: participant)
        if let turnTime { terms.limit = min(terms.limit ?? turnTime, turnTime) }
        return terms
    }

    /// Whoever is next gets the turn, and whoever else has control loses it.
    private mutating func begin(by giver: ParticipantID, now: Instant) {
        guard let next = turns?.next(where: isAvailable) else {
            if let holder = lease.holder { turns?.take(holder) }
            return
        }
        closeQuestions(of: next)
        guard let former = lease.holder ?? lease.upcoming else { return }
        if former == next {
            turns?.take(next)
            setTerms(terms(ofTurn: next), of: next, by: giver, now: now)
        } else {
            takeBack(from: former, by: giver)
        }
    }

    /// Whoever has asked for control themselves, or was to have a turn, is not asked about any more.
    private mutating func closeQuestions(of other: ParticipantID?) {
        for question in rules.consents.questions where question.giver == nil && question.driver != other {
            rules.consents.close(question.driver)
        }
    }

    private mutating func takeBack(from participant: ParticipantID, by other: ParticipantID) {
        rules.consents.close(participant)
        ending.by = other
        if lease.upcoming == participant || participant == other {
            lease.release(by: participant)
        } else if lease.holder == participant {
            lease.revoke(.takenOver)
        }
    }

    // MARK: What settling has to do with turns

    /// Gives control, where nobody has it, to whoever's turn is next.
    mutating func fillTurn(now: Instant) {
        guard let turns, !turns.isPaused, lease.isFree else { return }
        guard let next = turns.next(where: isAvailable) else {
            if let current = turns.current { self.turns?.interrupt(current) }
            return
        }
        guard !rules.consents.isAsked(for: next) else { return }
        self.turns?.take(next)
        _ = begin(next, terms(ofTurn: next), by: nil, now: now)
    }

    /// Control of somebody's has ended.
    ///
    /// - Parameter other: Who has ended it.
    mutating func handleEndOfTurn(
        of participant: ParticipantID,
        _ reason: ControlLease.EndReason,
        by other: ParticipantID?
    ) {
        switch reason {
        case .deskRestarted, .takenOver: turns?.interrupt(participant)
        case .departed, .expired, .idle, .locked, .timeIsUp: turns?.end(participant)
        case .released: turns?.end(participant, isYielded: true)
        case .revoked:
            if let other, !rules.mayGrant(other) {
                // A client's consent.
                turns?.refuse(participant)
            } else {
                turns?.end(participant)
            }
        }
    }

    /// Somebody's page is lost whose turn it is, but who has not got control yet.
    mutating func handleAbsence(of participant: ParticipantID) {
        guard turns?.current == participant, lease.holder != participant else { return }
        rules.consents.close(participant)
        lease.release(by: participant)
        turns?.end(participant)
    }

    /// Somebody has got control.
    mutating func handleTurn(of participant: ParticipantID) {
        guard let turns, !turns.isPaused else { return }
        closeQuestions(of: nil)
        if turns.order.contains(participant) { self.turns?.take(participant) } else { self.turns?.pause() }
    }

    /// Nobody is left who could end it.
    mutating func endOrphanedTurns() {
        if rules.standings.granters.isEmpty { turns = nil }
    }

    /// What people are told of turns.
    var turnState: FloorState.Turns? {
        turns.map {
            FloorState.Turns(
                order: $0.order,
                current: $0.current,
                next: $0.following(where: isAvailable),
                isPaused: $0.isPaused,
                time: turnTime
            )
        }
    }

    /// What somebody gets who asks while people take turns; `nil`: what they would get otherwise.
    mutating func answerInTurns(to participant: ParticipantID, now: Instant) -> Answer? {
        guard let turns else { return nil }
        if turns.isPaused || !turns.order.contains(participant) || !lease.isFree || !isAvailable(participant)
        {
            return rules.mayGrant(participant) && lease.isFree ? nil : .denied(.inTurns)
        }
        // Nobody has it, though it goes on: each of the others has given it back, or is not there.
        guard !rules.consents.questions.contains(where: { turns.order.contains($0.driver) }) else {
            return .denied(.inTurns)
        }
        self.turns?.take(participant)
        return begin(participant, terms(ofTurn: participant), by: nil, now: now)
    }
}
