package import Access
package import RemoteControl

/// What the room remembers of people until the session ends, whether they are there or not: whom it has let in, whose
/// rights somebody has changed, and who may not come back.
///
/// By the subject of their token; who has none, as in an open room, is known by their browser, which can be changed.
package struct SessionMemory {
    /// Somebody who may not come back.
    package struct Removed: Sendable {
        package let id: ParticipantID
        package let name: DisplayName
        package let subject: Identifier?
        package let browser: Secret?
        /// What they came by, if it was not the room's page: by that alone they do not come back.
        package let outside: OutsideClient?
        /// In words for them; may be empty.
        package let reason: String
    }

    /// The last number that somebody was given; nobody gets it again.
    package var lastID: UInt64 = 0
    var admitted: Set<Identifier> = []
    var switches: [Identifier: RightsSwitches] = [:]
    /// Who was removed last is the last.
    package internal(set) var removed: [Removed] = []
    /// Until a clinician comes again.
    var hasEnded = false

    package init() {}

    package mutating func nextID() -> ParticipantID {
        lastID += 1
        return ParticipantID(lastID)
    }

    /// What somebody has changed of a person's rights.
    package func switches(of subject: Identifier?) -> RightsSwitches {
        subject.flatMap { switches[$0] } ?? RightsSwitches()
    }

    /// Whether somebody was let in before.
    package func hasAdmitted(_ subject: Identifier?) -> Bool {
        subject.map { admitted.contains($0) } ?? false
    }

    /// Why somebody cannot come in, whatever their token says; `nil`: they can.
    package func refusal(
        of grant: Grant,
        _ join: ClientMessage.Join,
        as outside: OutsideClient? = nil
    ) -> Refusal? {
        let here = removed.filter { $0.outside == nil || $0.outside == outside }
        if let person = here.last(where: { $0.isKnown(by: join, grant.token?.subject) }) {
            return .removed(person.reason)
        }
        return hasEnded && (grant.role != .clinician || outside != nil) ? Refusal(.sessionEnded) : nil
    }

    package mutating func admit(_ grant: Grant) {
        if grant.role == .clinician { hasEnded = false }
        // Beyond that they wait again, which harms nobody.
        if let subject = grant.token?.subject, admitted.count < Self.most { admitted.insert(subject) }
    }

    package mutating func set(_ changed: RightsSwitches, of subject: Identifier?) {
        guard let subject, switches.count < Self.most || switches[subject] != nil else { return }
        switches[subject] = changed
    }

    package mutating func remove(_ member: Member, reason: String) {
        removed.append(
            Removed(
                id: member.id,
                name: member.name,
                subject: member.grant.token?.subject,
                browser: member.browser,
                outside: member.outside,
                reason: reason
            )
        )
        if removed.count > Self.mostRemoved { removed.removeFirst() }
    }

    /// Lets somebody come back; returns whether they had been removed.
    package mutating func allow(_ id: ParticipantID) -> Bool {
        guard let person = removed.first(where: { $0.id == id }) else { return false }
        removed.removeAll { $0.id == id || ($0.subject != nil && $0.subject == person.subject) }
        return true
    }

    /// The session has ended: whoever comes to the next one waits again, and nobody comes in before a clinician.
    package mutating func endSession() {
        hasEnded = true
        admitted.removeAll()
    }

    private static let most = 4_096
    private static let mostRemoved = 256
}

extension SessionMemory.Removed {
    fileprivate func isKnown(by join: ClientMessage.Join, _ shown: Identifier?) -> Bool {
        if let shown, let subject { return shown == subject }
        return browser?.isBrowser(of: join, named: name) ?? false
    }
}

extension Refusal {
    /// - Parameter reason: In words for them; may be empty.
    static func removed(_ reason: String) -> Refusal {
        reason.isEmpty ? Refusal(.removed) : Refusal(.removedFor, ["reason": .text(reason)])
    }

    /// - Parameter reason: In words for them; may be empty.
    static func turnedAway(_ reason: String) -> Refusal {
        reason.isEmpty ? Refusal(.turnedAway) : Refusal(.turnedAwayFor, ["reason": .text(reason)])
    }
}
