package import Access

/// Something that happened in a room, as the audit keeps it.
///
/// It consists of numbers, words of fixed lists, digests and ``Identifier``s: there is nothing in it that could hold what
/// somebody typed, wrote, copied or saw, or a person's name.
package enum AuditEntry: Hashable, Sendable {
    case joined(AuditPerson, token: Identifier?)
    case refused(AuditRefusal, subject: Identifier?)
    /// Is in the waiting room.
    case waiting(AuditPerson)
    case admitted(person: UInt64, by: AuditActor)
    case left(person: UInt64, AuditDeparture)
    /// - Parameters:
    ///   - wording: The version of the words that the person was shown; `nil`: their page has not said.
    ///   - driver: Who is to drive the desk, where that is what it is about.
    case consent(AuditConsent, AuditConsentStep, wording: Identifier?, person: UInt64, driver: UInt64?)
    /// - Parameter number: `nil` of what somebody only asks for.
    case lease(number: UInt64?, AuditLeaseStep, person: UInt64, by: AuditActor)
    /// The desk is hidden from everybody but clinicians, or is no longer.
    case curtain(isOn: Bool, by: AuditActor)
    /// - Parameter count: How many masks there are now.
    case mask(isOn: Bool, count: Int, by: AuditActor)
    /// Whether the desk's programs hear somebody.
    case heardByDesk(person: UInt64, isOn: Bool, by: AuditActor)
    case rights(person: UInt64, now: Rights, by: AuditActor)
    case file(AuditFileTransfer, person: UInt64)
    /// What is copied is only counted.
    case clipboard(AuditClipboardTransfer, person: UInt64)
    case recording(AuditRecordingStep, by: AuditActor)
    /// Everything on the desk ends, and what was there is deleted.
    case reset(AuditResetStep, by: AuditActor)
    /// - Parameter expires: Seconds since 1970.
    case tokenMinted(id: Identifier, subject: Identifier, role: Role?, expires: Int64, by: AuditActor)
    case tokenWithdrawn(id: Identifier, by: AuditActor)
    case subjectWithdrawn(Identifier, by: AuditActor)
    /// The wall clock was set since the entry before, forward, or back where it is negative: times of entries on either side do
    /// not compare.
    case clockSet(milliseconds: Int64)
    /// The last line was incomplete when the room started, and was cut off.
    case recovered(bytes: Int)
    /// The room has ended; the last entry of a room that was not killed.
    case ended(AuditEnd)
}

/// Somebody in the room: their number there, and who they are to the clinic.
package struct AuditPerson: Hashable, Sendable {
    package var number: UInt64
    package var subject: Identifier?
    package var role: Role
    /// `viewer` or `publisher` for somebody who comes by something else than the room's page; `nil`: by that.
    package var outside: String?

    package init(number: UInt64, subject: Identifier?, role: Role, outside: String? = nil) {
        self.number = number
        self.subject = subject
        self.role = role
        self.outside = outside
    }
}

/// Who did something.
package enum AuditActor: Hashable, Sendable {
    /// The clinic's back end.
    case api
    case person(UInt64)
    /// The room by itself.
    case room
}

/// Why somebody was not let in.
package enum AuditRefusal: Hashable, Sendable {
    case missingToken
    case noPlaceLeft
    case token(TokenRefusal.Code)
    /// By somebody in the room.
    case turnedAway
}

package enum AuditDeparture: String, Hashable, Sendable, CaseIterable {
    /// The connection was lost and did not come back.
    case lost
    case removed
    case sessionEnded
    case tokenWithdrawn
    case went
}

/// What somebody consents to.
package enum AuditConsent: String, Hashable, Sendable, CaseIterable {
    case control, recording, session
}

package enum AuditConsentStep: String, Hashable, Sendable, CaseIterable {
    case asked, declined, given, revoked
    /// In the time that there was for it, which counts as a No.
    case unanswered
}

package enum AuditLeaseStep: Hashable, Sendable {
    case asked
    case declined
    case ended(End)
    /// - Parameter seconds: For how long; `nil`: until it is taken back.
    case granted(Rights, seconds: Int?)

    package enum End: String, Hashable, Sendable, CaseIterable {
        case deskRestarted
        /// The time for which it was given is over.
        case expired
        case handedOn, idle, left
        /// The person is to watch.
        case locked
        /// The connection was lost for too long.
        case lost
        case released, revoked
    }
}

package enum AuditRecordingStep: Hashable, Sendable {
    case paused
    case resumed
    case started
    /// With the bytes of the recording.
    case stopped(size: Int64, digest: SHA256Digest)
}
