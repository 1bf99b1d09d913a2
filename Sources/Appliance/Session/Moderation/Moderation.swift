internal import Access
internal import Audit
internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// What people who may do to others: let them in or not, switch their rights, mute and remove them, and end the session.
///
/// Whether somebody has the right to, ``Reception`` has asked before; whether it can be done, ``Membership`` decides. What
/// follows is carried out after each call (``Reception/moderate(_:)``).
@SessionActor final class Moderation {
    private let roster: Roster
    private let publications: Publications
    private let chat: Chat
    private let audit: AuditLog

    init(_ roster: Roster, _ publications: Publications, _ chat: Chat, audit: AuditLog) {
        self.roster = roster
        self.publications = publications
        self.chat = chat
        self.audit = audit
    }

    /// Does what a page says.
    func handle(_ message: ClientMessage, by id: ParticipantID) throws(ModerationRefusal) {
        switch message {
        case .admit(nil): try admitAll(by: id)
        case .admit(let person?): try admit(ParticipantID(person), by: id)
        case .allow(let person): try allow(ParticipantID(person))
        case .endSession: try endSession(by: id)
        case .mute(nil): muteAll(but: id)
        case .mute(let person?): try mute(ParticipantID(person))
        case .refuse(let person, let reason): try refuse(ParticipantID(person), reason: reason)
        case .remove(let person, let reason): try remove(ParticipantID(person), reason: reason, by: id)
        case .setRights(let person, let give, let take):
            try setRights(of: ParticipantID(person), give: give, take: take, by: id)
        case .tell(let person, let line): try tell(line, to: ParticipantID(person))
        default: break  // Those that concern nobody else.
        }
    }

    // MARK: Who waits

    /// Lets somebody in who waits.
    ///
    /// - Parameter other: Who does that; `nil`: whoever runs the room.
    func admit(_ id: ParticipantID, by other: ParticipantID?) throws(ModerationRefusal) {
        roster.membership.closure = audit.mayAdmit ? nil : Refusal(.notRecorded)
        try roster.membership.admit(id, chatStart: chat.next, now: .now())
        audit.append(.admitted(person: id.rawValue, by: AuditActor(other)))
    }

    /// Lets everybody in who waits, longest first, for as long as there is room.
    func admitAll(by other: ParticipantID?) throws(ModerationRefusal) {
        for person in roster.membership.waiting.everybody { try admit(person.id, by: other) }
    }

    func tell(_ line: PersonalLine, to id: ParticipantID) throws(ModerationRefusal) {
        try roster.membership.tell(line.text, to: id)
    }

    func refuse(_ id: ParticipantID, reason: PersonalLine) throws(ModerationRefusal) {
        let subject = roster.membership.waiting[id]?.grant.token?.subject
        try roster.membership.turnAway(id, reason: reason.text)
        audit.append(.refused(.turnedAway, subject: subject))
    }

    // MARK: Who is in the room

    /// - Parameter other: Who does that; `nil`: whoever runs the room.
    func setRights(
        of id: ParticipantID,
        give: Rights,
        take: Rights,
        by other: ParticipantID?
    ) throws(ModerationRefusal) {
        try roster.membership.setRights(of: id, give: give, take: take, by: other)
        audit.append(.rights(person: id.rawValue, now: roster.rights(of: id), by: AuditActor(other)))
    }

    /// What comes from somebody's microphone is not passed on until they switch it on again.
    func mute(_ id: ParticipantID) throws(ModerationRefusal) {
        guard let person = roster[id] else { throw .notThere }
        guard person.media.audio == .on else { return }
        person.media.audio = .muted
        publications.mute(person)
        roster.send(.muted, to: id)
        roster.tellPeople()
    }

    /// Mutes everybody but whoever wants it so.
    func muteAll(but other: ParticipantID?) {
        for person in roster.everybody where person.id != other { try? mute(person.id) }
    }

    /// - Parameter other: Who does that; `nil`: whoever runs the room.
    func remove(
        _ id: ParticipantID,
        reason: PersonalLine,
        by other: ParticipantID?
    ) throws(ModerationRefusal) {
        try roster.membership.remove(id, reason: reason.text, by: other, now: .now())
    }

    func allow(_ id: ParticipantID) throws(ModerationRefusal) { try roster.membership.allow(id) }

    /// - Parameter other: Who does that, a clinician; `nil`: whoever runs the room.
    func endSession(by other: ParticipantID?) throws(ModerationRefusal) {
        if let other, roster.membership[other]?.grant.role != .clinician { throw .onlyClinicians }
        roster.membership.endSession(now: .now())
    }
}

extension AuditActor {
    /// - Parameter person: `nil`: whoever runs the room, by its API.
    fileprivate init(_ person: ParticipantID?) {
        self = person.map { .person($0.rawValue) } ?? .api
    }
}
