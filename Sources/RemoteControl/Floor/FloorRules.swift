#if canImport(Wire)
internal import Wire
#endif

/// What each person in the room may do about control, as policy, standings, restrictions and consents have it.
struct FloorRules: Hashable {
    let policy: ControlPolicy
    var standings: FloorStandings
    var restrictions = FloorRestrictions()
    /// Until when restrictions of before the room crashed hold whoever is there; `nil`: somebody has to be who can lift them.
    var orphansDue: Instant?
    var consents = FloorConsents()
    /// Of those who are here, whose control channel is lost.
    private(set) var absent: Set<ParticipantID> = []

    mutating func setAbsent(_ participant: ParticipantID, _ isAbsent: Bool) {
        if isAbsent, standings.isHere(participant) {
            absent.insert(participant)
        } else {
            absent.remove(participant)
        }
    }

    mutating func forget(_ participant: ParticipantID) {
        standings.forget(participant)
        consents.forget(participant)
        absent.remove(participant)
    }

    func mayGrant(_ participant: ParticipantID) -> Bool { standings[participant].mayGrant }

    func isRestricted(_ participant: ParticipantID) -> Bool {
        restrictions.isRestricted(participant, mayGrant: mayGrant(participant))
    }

    /// Whether somebody does not get control for now, whoever gives it.
    func isToWatch(_ participant: ParticipantID) -> Bool {
        standings[participant].isBlind || isRestricted(participant)
    }

    /// What somebody may do once they are in control, on whatever terms.
    func rights(of participant: ParticipantID) -> ControlRights {
        isToWatch(participant) ? [] : standings[participant].rights
    }

    /// Whether they get control without a question while nobody has it.
    func mayTake(_ participant: ParticipantID) -> Bool { policy.free == .take || mayGrant(participant) }

    func standardTerms(of participant: ParticipantID) -> ControlTerms {
        ControlTerms(limit: mayGrant(participant) ? nil : policy.limit)
    }

    /// Who may answer somebody that asks.
    ///
    /// - Parameter holder: `nil`: nobody is in control.
    func answerers(of participant: ParticipantID, holder: ParticipantID?) -> [ParticipantID] {
        let granters = standings.granters.filter { $0 != participant }
        guard let holder else { return granters }
        return switch policy.ask {
        case .both: granters.contains(holder) ? granters : granters + [holder]
        case .clinician: mayGrant(participant) || granters.isEmpty ? [holder] : granters
        case .holder: [holder]
        }
    }

    /// Whether somebody has to consent before another one drives, and has not.
    func needsConsent(of client: ParticipantID, for driver: ParticipantID) -> Bool {
        policy.consent == .client && client != driver && standings[client].isClient
            && !standings[driver].isClient && !consents.hasGiven(client, for: driver)
    }

    /// Whose consent is missing.
    func missingConsents(for driver: ParticipantID) -> [ParticipantID] {
        standings.clients.filter { needsConsent(of: $0, for: driver) }
    }

    /// Lifts what nobody is left to lift, and what was for somebody who has left.
    mutating func liftOrphanedRestrictions() {
        guard orphansDue == nil else { return }
        if standings.granters.isEmpty { restrictions = FloorRestrictions() }
        if let presenter = restrictions.presenter, !standings.isHere(presenter) {
            restrictions.set(.eyesOnMe, of: nil, to: false, by: presenter)
        }
    }

    /// Who is where, for everybody to be told.
    func describe(into state: inout FloorState) {
        for question in consents.questions {
            for client in missingConsents(for: question.driver) {
                state.consents.append(
                    .init(id: question.id, driver: question.driver, of: client, due: question.due)
                )
            }
        }
        for consent in consents.given {
            state.consents.append(
                .init(id: consent.id, driver: consent.driver, of: consent.client, due: nil)
            )
        }
        state.restrictions = restrictions
        state.locked = standings.everybody.filter { isRestricted($0) }
        state.eyesOnMe = standings.everybody.filter {
            restrictions.holds(.eyesOnMe, for: $0, mayGrant: mayGrant($0))
        }
    }
}
