package import Access
package import Audit
package import RemoteControl
internal import Wire

/// What of control the audit keeps: who asks for it, who gets it, by whom and on which terms, and why it ends; and what clients
/// are asked to consent to, and say.
package struct FloorRecord {
    fileprivate struct Answer: Hashable {
        let question: ConsentID
        let client: ParticipantID
    }

    /// As of the latest news.
    private var floor = FloorState()
    /// The words under which clients have answered what the floor has not told of yet; at most one a person.
    private var wordings: [Answer: Identifier] = [:]

    package init() {}

    /// A client is about to answer.
    ///
    /// - Parameter wording: The version of the words that they were shown.
    package mutating func expect(_ wording: Identifier?, for question: ConsentID, by client: ParticipantID) {
        wordings[Answer(question: question, client: client)] = wording
    }

    /// The floor did not take the answer.
    package mutating func forget(_ question: ConsentID, by client: ParticipantID) {
        wordings[Answer(question: question, client: client)] = nil
    }

    /// - Parameter rights: What somebody may do to the desk at all; `nil` for who has left.
    package mutating func entries(
        for event: FloorControl.Event,
        rights: (ParticipantID) -> ControlRights?
    ) -> [AuditEntry] {
        switch event {
        case .expiring, .releaseAll, .releaseHand: return []
        case .requested(let person, _): return [Self.entry(nil, .asked, person, by: person)]
        case .declined(let person, let other): return [Self.entry(nil, .declined, person, by: other)]
        case .granted(let id, let person, let terms, let giver):
            let step = AuditLeaseStep(terms, within: rights(person))
            return [Self.entry(id, step, person, by: giver ?? person)]
        case .changed(let id, let person, let terms, let giver):
            return [Self.entry(id, AuditLeaseStep(terms, within: rights(person)), person, by: giver)]
        case .ended(let id, let person, let reason, let other):
            let isOwn = reason == .released || reason == .departed
            return [
                Self.entry(
                    id,
                    .ended(AuditLeaseStep.End(reason)),
                    person,
                    by: other ?? (isOwn ? person : nil)
                )
            ]
        case .consentGiven(let question, let client, let driver):
            return [Self.entry(.given, client, take(question, client), for: driver)]
        case .consentRefused(let question, let client?, let driver):
            let had = floor.consents.contains { $0.isGiven && $0.of == client && $0.driver == driver }
            return [Self.entry(had ? .revoked : .declined, client, take(question, client), for: driver)]
        case .consentRefused(let question, nil, let driver):
            return floor.consents.filter { $0.id == question && !$0.isGiven }.map {
                Self.entry(.unanswered, $0.of, nil, for: driver)
            }
        case .state(let new):
            let before = Self.open(floor)
            floor = new
            return new.consents.filter { !$0.isGiven && !before.contains(Answer($0)) }.map {
                Self.entry(.asked, $0.of, nil, for: $0.driver)
            }
        }
    }

    private mutating func take(_ question: ConsentID, _ client: ParticipantID) -> Identifier? {
        wordings.removeValue(forKey: Answer(question: question, client: client))
    }

    private static func open(_ floor: FloorState) -> Set<Answer> {
        Set(floor.consents.filter { !$0.isGiven }.map { Answer($0) })
    }

    /// - Parameter other: `nil`: the room by itself.
    private static func entry(
        _ id: LeaseID?,
        _ step: AuditLeaseStep,
        _ person: ParticipantID,
        by other: ParticipantID?
    ) -> AuditEntry {
        .lease(
            number: id.map { UInt64($0.rawValue) },
            step,
            person: person.rawValue,
            by: other.map { .person($0.rawValue) } ?? .room
        )
    }

    private static func entry(
        _ step: AuditConsentStep,
        _ client: ParticipantID,
        _ wording: Identifier?,
        for driver: ParticipantID
    ) -> AuditEntry {
        .consent(.control, step, wording: wording, person: client.rawValue, driver: driver.rawValue)
    }
}

extension FloorRecord.Answer {
    fileprivate init(_ consent: FloorState.Consent) {
        self.init(question: consent.id, client: consent.of)
    }
}

extension AuditLeaseStep {
    /// Somebody gets control on these terms.
    ///
    /// - Parameter rights: What they may do at all; `nil`: nobody knows any more.
    fileprivate init(_ terms: ControlTerms, within rights: ControlRights?) {
        self = .granted(
            Rights(terms.rights.intersection(rights ?? .all)),
            seconds: terms.limit.map { Int($0.nanoseconds / 1_000_000_000) }
        )
    }
}

extension AuditLeaseStep.End {
    fileprivate init(_ reason: ControlLease.EndReason) {
        self =
            switch reason {
            case .departed: .left
            case .deskRestarted: .deskRestarted
            case .expired: .lost
            case .idle: .idle
            case .locked: .locked
            case .released: .released
            case .revoked: .revoked
            case .takenOver: .handedOn
            case .timeIsUp: .expired
            }
    }
}
