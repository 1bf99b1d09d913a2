#if canImport(Wire)
internal import Wire
#endif

// MARK: Getting control
extension FloorControl {
    /// Gives control, or asks those for their consent who have to give it.
    mutating func begin(
        _ participant: ParticipantID,
        _ terms: ControlTerms,
        by giver: ParticipantID?,
        now: Instant
    ) -> Answer {
        guard rules.missingConsents(for: participant).isEmpty else {
            _ = rules.consents.ask(for: participant, terms, by: giver, due: now + rules.policy.timeout)
            return .consenting
        }
        rules.consents.close(participant)
        // Whoever gets the first hand lets go of the other one.
        hands.end(participant, .takenOver)
        let former = term?.of
        term = FloorTerm(of: participant, terms: terms, giver: giver)
        if let former { refresh(former) }
        refresh(participant)
        guard lease.pass(to: participant, policy: .takeOver, now: now) else { return .denied(.notAllowed) }
        guard lease.holder == participant, let id = lease.lease else { return .pending }
        return .granted(id)
    }

    /// Whoever has control has it on other terms from now on.
    mutating func setTerms(
        _ terms: ControlTerms,
        of participant: ParticipantID,
        by giver: ParticipantID,
        now: Instant
    ) {
        guard lease.holder == participant, let id = lease.lease else { return }
        term?.terms = terms
        term?.begin(now: now)
        refresh(participant)
        events.append(.changed(id, of: participant, terms, by: giver))
    }

    /// All who had to consent have done so.
    mutating func proceed(_ question: FloorConsents.Question, now: Instant) {
        let (driver, giver) = (question.driver, question.giver)
        rules.consents.close(driver)
        guard !rules.rights(of: driver).isDisjoint(with: question.terms.rights) else {
            return lease.withdraw(by: driver)
        }
        if let giver {
            guard rules.mayGrant(giver) || giver == lease.holder else { return lease.withdraw(by: driver) }
            ending.by = giver
            if question.isBeside, !lease.isFree {
                _ = beginHand(driver, question.terms, by: giver, now: now)
            } else {
                _ = begin(driver, question.terms, by: giver, now: now)
            }
        } else if lease.isFree {
            _ = begin(driver, question.terms, by: nil, now: now)
        } else if turns == nil {
            // Somebody was faster.
            _ = lease.ask(by: driver, now: now)
        }
    }

    /// Gives control, where nobody has it, to whoever has waited longest of those who may have it without an answer.
    mutating func fillVacancy(now: Instant) {
        guard lease.isFree, let first = lease.waiting.first(where: { rules.mayTake($0) }) else { return }
        guard !rules.consents.isAsked(for: first) else { return }
        _ = begin(first, rules.standardTerms(of: first), by: nil, now: now)
    }

    mutating func liftOrphanedRestrictions() {
        let before = rules.restrictions
        rules.liftOrphanedRestrictions()
        endOrphanedTurns()
        guard rules.restrictions != before else { return }
        for participant in rules.standings.everybody { refresh(participant) }
    }

    /// Has the lease know what somebody may do now.
    mutating func refresh(_ participant: ParticipantID) {
        var rights = rules.rights(of: participant)
        if let term, term.of == participant { rights.formIntersection(term.terms.rights) }
        lease.setRights(rights, of: participant)
        hands.setRights(rules.rights(of: participant), of: participant)
    }

    /// Who may answer somebody who waits; nobody, if they do not.
    func answerers(of participant: ParticipantID) -> [ParticipantID] {
        // Who is about to get control is asked when they have it.
        guard lease.waiting.contains(participant), lease.upcoming == nil else { return [] }
        return rules.answerers(of: participant, holder: lease.holder)
    }

    /// Why it is not for `giver` to let somebody drive, or not now; `nil`: it is.
    func denial(to giver: ParticipantID, of participant: ParticipantID) -> Denial? {
        guard rules.mayGrant(giver) || answerers(of: participant).contains(giver) else { return .mayNotGive }
        return rules.isToWatch(participant) ? .locked : nil
    }

    /// Nobody hands on more than they have, but those who may grant.
    func handedOn(_ terms: ControlTerms, by giver: ParticipantID) -> ControlTerms {
        guard !rules.mayGrant(giver), let term else { return terms }
        var terms = terms
        terms.rights.formIntersection(term.terms.rights)
        return terms
    }

    mutating func tellRequest(of participant: ParticipantID) {
        let others = answerers(of: participant)
        if !others.isEmpty { events.append(.requested(by: participant, of: others)) }
    }
}
