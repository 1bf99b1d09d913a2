#if canImport(Wire)
public import Wire
#endif

// MARK: Driving beside one another
extension FloorControl {
    /// Lets somebody drive beside whoever has control, with a hand of their own; where nobody has it, they get control.
    ///
    /// It is for those to say who may give control to them (``give(to:by:_:now:)``), and as much asks for the consent of
    /// clients. Not while people take turns: these are for one at a time.
    ///
    /// - Parameter terms: `nil`: those of the policy.
    public mutating func letDrive(
        _ participant: ParticipantID,
        by giver: ParticipantID,
        _ terms: ControlTerms? = nil,
        now: Instant
    ) -> Answer {
        defer { settle(now) }
        if let denial = denial(to: giver, of: participant) { return .denied(denial) }
        if lease.holder == participant, let id = lease.lease { return .granted(id) }
        if lease.upcoming == participant { return .pending }
        if let answer = hands.answer(to: participant) { return answer }
        let terms = handedOn(terms ?? rules.standardTerms(of: participant), by: giver)
        guard !rules.rights(of: participant).isDisjoint(with: terms.rights) else {
            return .denied(.notAllowed)
        }
        ending.by = giver
        return beginHand(participant, terms, by: giver, now: now)
    }

    /// Ends that somebody drives, be it beside another one, and the others go on; returns `false` if it is not theirs to say.
    @discardableResult
    public mutating func stopDriving(
        _ participant: ParticipantID,
        by other: ParticipantID,
        now: Instant
    ) -> Bool {
        guard rules.mayGrant(other) else { return false }
        ending.by = other
        if rules.consents.isAsked(besideFor: participant) { rules.consents.close(participant) }
        if lease.holder == participant { lease.revoke() }
        hands.end(participant, .revoked)
        settle(now)
        return true
    }

    /// The desk holds nothing of what this hand pressed before the last ``Event/releaseHand(_:)``.
    public mutating func handleReleased(_ hand: FurtherHand, now: Instant) {
        guard let index = hands.seats.firstIndex(where: { $0.hand == hand }),
            !hands.seats[index].lease.isReleased
        else { return }
        if let term = hands.seats[index].term, term.of == hands.seats[index].lease.upcoming,
            !rules.missingConsents(for: term.of).isEmpty
        {
            // A client has come since, or has taken their consent back.
            hands.seats[index].lease.release(by: term.of)
            hands.seats[index].lease.handleReleased()
            if let giver = term.giver { _ = beginHand(term.of, term.terms, by: giver, now: now) }
        } else {
            hands.seats[index].lease.handleReleased()
        }
        settle(now)
    }

    /// The desk cannot have this hand: whoever has it drives no more.
    public mutating func handleFailed(_ hand: FurtherHand, now: Instant) {
        guard let person = hands.seats.first(where: { $0.hand == hand })?.person else { return }
        hands.end(person, .revoked)
        settle(now)
    }

    /// Who drives under this lease; `nil`: nobody any more.
    public func driver(under id: LeaseID) -> ParticipantID? {
        if id == lease.lease { return lease.holder }
        return hands.seats.first { $0.lease.lease == id }?.lease.holder
    }

    /// The lease under which somebody drives.
    public func leaseID(of participant: ParticipantID) -> LeaseID? {
        if lease.holder == participant { return lease.lease }
        return hands.seats.first { $0.lease.holder == participant }?.lease.lease
    }

    /// The hand with which somebody drives beside the holder.
    public func hand(of participant: ParticipantID) -> FurtherHand? {
        hands.seats.first { $0.lease.holder == participant }?.hand
    }

    /// Gives a hand, or control where nobody has it, or asks those for their consent who have to give it.
    mutating func beginHand(
        _ participant: ParticipantID,
        _ terms: ControlTerms,
        by giver: ParticipantID,
        now: Instant
    ) -> Answer {
        if lease.isFree { return begin(participant, terms, by: giver, now: now) }
        if let turns, !turns.isPaused { return .denied(.inTurns) }
        guard let index = hands.free else {
            rules.consents.close(participant)
            return .denied(.noHandFree)
        }
        guard rules.missingConsents(for: participant).isEmpty else {
            let due = now + rules.policy.timeout
            _ = rules.consents.ask(for: participant, terms, by: giver, isBeside: true, due: due)
            return .consenting
        }
        rules.consents.close(participant)
        // They wait for nothing any more.
        lease.withdraw(by: participant)
        hands.seats[index].term = FloorTerm(of: participant, terms: terms, giver: giver)
        refresh(participant)
        switch hands.seats[index].lease.request(by: participant) {
        case .granted(let id): return .granted(id)
        case .pending: return .pending
        case .denied: return .denied(.notAllowed)
        }
    }

    /// Judges a control event of somebody's who drives beside the holder; `nil`: they do not.
    mutating func acceptByHand(
        _ bytes: RawSpan,
        from participant: ParticipantID,
        now: Instant
    ) -> ControlLease.Verdict? {
        guard let index = hands.seats.firstIndex(where: { $0.lease.holder == participant }) else {
            return nil
        }
        // A clock past the end of their time ends it even if the timer has not fired yet.
        if hands.seats[index].isOverdue(now: now) { handleTimeout(now: now) }
        let verdict = hands.seats[index].lease.accept(bytes, from: participant, now: now)
        if hands.seats[index].lease.holder == nil { settle(now) }
        return verdict
    }

    mutating func handleHandsTimeout(now: Instant) {
        for index in hands.seats.indices {
            hands.seats[index].lease.handleTimeout(now: now)
            if hands.seats[index].isOverdue(now: now) { hands.seats[index].lease.revoke(.timeIsUp) }
            guard let due = hands.seats[index].term?.pollWarning(now: now),
                let person = hands.seats[index].lease.holder, let id = hands.seats[index].lease.lease
            else { continue }
            events.append(.expiring(id, of: person, at: due))
        }
    }

    // MARK: Telling

    mutating func drainHands(_ now: Instant) {
        for index in hands.seats.indices {
            while let event = hands.seats[index].lease.pollEvent() {
                handle(event, ofHandAt: index, now: now)
            }
            guard let term = hands.seats[index].term, term.of != hands.seats[index].person else { continue }
            hands.seats[index].term = nil
            refresh(term.of)
        }
    }

    private mutating func handle(_ event: ControlLease.Event, ofHandAt index: Int, now: Instant) {
        switch event {
        case .ended(let id, let participant, let reason):
            let isOther = reason == .revoked || reason == .takenOver
            let told = reason == .revoked ? ending.reason ?? reason : reason
            events.append(.ended(id, of: participant, told, by: isOther ? ending.by : nil))
        case .granted(let id, let participant):
            hands.seats[index].term?.begin(now: now)
            guard let term = hands.seats[index].term else { break }
            events.append(.granted(id, to: participant, term.terms, by: term.giver))
        case .releaseAll: events.append(.releaseHand(hands.seats[index].hand))
        case .requested, .waiting: break  // Nobody waits for one hand in particular.
        }
    }

    func describeHands(in state: inout FloorState) {
        state.mostHands = 1 + hands.seats.count
        state.hands = hands.seats.compactMap { seat in
            guard let holder = seat.lease.holder, let id = seat.lease.lease else { return nil }
            return .init(
                of: holder,
                lease: id,
                rights: rules.rights(of: holder).intersection(seat.term?.terms.rights ?? .all),
                until: seat.term?.due
            )
        }
    }
}
