internal import Access
package import Audit
internal import IO
internal import RemoteControl
internal import Wire

/// The audit as the session knows it: everybody who does something that has to be recorded says so here, by
/// ``append(_:)``, at the moment when it is done.
///
/// It returns at once; the writer waits for the disk. Where a room has no audit nothing is kept.
@SessionActor package final class AuditLog {
    private nonisolated let writer: AuditWriter?
    private let isRequired: Bool
    /// Anybody may be refused as often as they like, and each entry takes the disk some milliseconds.
    private var refusals = RateLimit(rate: 1, burst: 100)
    private var toldRefusals = RateLimit(rate: 1, burst: 100)
    private let events: RoomEvents
    /// The clocks when the last entry was made.
    private var last = TimeJumps.Reading.now()

    /// Whether entries reach the disk, whenever that changes; for one reader.
    package nonisolated let changes: AsyncStream<Bool>

    /// - Parameters:
    ///   - writer: `nil`: nothing is kept.
    ///   - isRequired: Whether nobody new comes in while entries cannot be written.
    ///   - events: Is told, too, what is for others.
    nonisolated package init(
        _ writer: AuditWriter? = nil,
        isRequired: Bool = true,
        events: RoomEvents = RoomEvents()
    ) {
        self.writer = writer
        self.events = events
        self.isRequired = isRequired
        changes = writer?.changes ?? AsyncStream { $0.finish() }
    }

    /// Writes for as long as the room runs.
    nonisolated package func run() async { await writer?.run() }

    /// Writes what is left; to be called last.
    nonisolated package func stop() async { await writer?.stop() }

    /// Whether entries reach the disk; `nil` where none are kept.
    package var isKept: Bool? { writer?.isKeepingUp }

    /// What has become of entries; `nil` where none are kept.
    package var counts: AuditCounts? { writer?.counts }

    /// Whether somebody new may come in, as far as the audit goes.
    package var mayAdmit: Bool { !isRequired || writer?.isKeepingUp ?? true }

    package func append(_ entry: AuditEntry) {
        events.tell(entry)
        guard let writer else { return }
        let now = TimeJumps.Reading.now()
        let time = AuditTime(milliseconds: now.wall / 1_000_000)
        if let step = TimeJumps.step(from: last, to: now) {
            writer.append(.clockSet(milliseconds: step.nanoseconds / 1_000_000), at: time)
        }
        last = now
        writer.append(entry, at: time)
    }

    /// Somebody new is in the room.
    func append(joinOf member: Member?) {
        guard let member else { return }
        append(.joined(AuditPerson(member.id, member.grant, member.outside), token: member.grant.token?.id))
    }

    /// Somebody new waits to be let in.
    func append(waitOf person: WaitingRoom.Person?) {
        guard let person else { return }
        append(.waiting(AuditPerson(person.id, person.grant, person.outside)))
    }

    /// The session is over for whoever is still here.
    func append(endFor members: [Member]) {
        for member in members { append(.left(person: member.id.rawValue, .sessionEnded)) }
    }

    /// Why somebody was not let in; of a flood of them only some are kept.
    func append(_ refusal: Refusal) {
        events.count(refusal)
        if toldRefusals.admit(now: .now()) { events.tell(refusal) }
        guard let reason = AuditRefusal(refusal), refusals.admit(now: .now()) else { return }
        append(.refused(reason, subject: nil))
    }
}

extension AuditPerson {
    fileprivate init(_ id: ParticipantID, _ grant: Grant, _ outside: OutsideClient?) {
        self.init(
            number: id.rawValue,
            subject: grant.token?.subject,
            role: grant.role,
            outside: outside?.rawValue
        )
    }
}

extension AuditRefusal {
    /// `nil` for what says nothing about anybody.
    init?(_ refusal: Refusal) {
        switch refusal.code {
        case .tokenMissing: self = .missingToken
        case .roomFull, .tooManyFromAddress, .tooManySharing: self = .noPlaceLeft
        // One that was not even looked at.
        case .tokenTooManyTries, nil: return nil
        case let code?:
            let words = code.rawValue
            guard words.hasPrefix("token"), let first = words.dropFirst(5).first,
                let known = TokenRefusal.Code(rawValue: first.lowercased() + words.dropFirst(6))
            else { return nil }
            self = .token(known)
        }
    }
}
