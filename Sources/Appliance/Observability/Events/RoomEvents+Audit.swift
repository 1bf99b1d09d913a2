internal import Access
package import Audit
internal import CoreMetrics
internal import IO
internal import RemoteControl
internal import Wire

extension RoomEvents {
    /// Tells of what the audit is told, as far as it is for others: numbers and words of fixed lists.
    package func tell(_ entry: AuditEntry) {
        switch entry {
        case .joined(let person, _):
            Counter(MetricFamily.joins, [("role", person.role.rawValue)]).increment()
            tell(.personJoined, [Self.person: .id(person.number), Self.role: .text(person.role.rawValue)])
        case .left(let person, let departure):
            Counter(MetricFamily.departures, [("reason", departure.rawValue)]).increment()
            tell(.personLeft, [Self.person: .id(person), Self.reason: .text(departure.rawValue)])
        case .lease(let number, let step, let person, _): tell(step, number, person)
        case .admitted, .clipboard, .clockSet, .consent, .curtain, .ended, .file, .heardByDesk, .mask,
            .recording,
            .recovered, .refused, .reset, .rights, .subjectWithdrawn, .tokenMinted, .tokenWithdrawn, .waiting:
            break
        }
    }

    private func tell(_ step: AuditLeaseStep, _ number: UInt64?, _ person: UInt64) {
        var attributes = [Self.person: RoomEvent.Value.id(person)]
        if let number { attributes["deskroom.lease.id"] = .id(number) }
        let change: String
        switch step {
        case .asked: change = "asked"
        case .declined: change = "declined"
        case .granted(_, let seconds):
            change = "granted"
            if let seconds { attributes["deskroom.lease.seconds"] = .number(Int64(seconds)) }
            tell(.controlGranted, attributes)
        case .ended(let end):
            change = "ended: \(end.rawValue)"
            attributes[Self.reason] = .text(end.rawValue)
            tell(.controlEnded, attributes)
        }
        Counter(MetricFamily.leaseChanges, [("change", change)]).increment()
    }

    /// Somebody was not let in, which anybody may be as often as they like: only counted.
    package func count(_ refusal: Refusal) {
        Counter(MetricFamily.refusals, [("code", refusal.word)]).increment()
    }

    /// Somebody was not let in.
    package func tell(_ refusal: Refusal) {
        tell(.personRefused, ["deskroom.refusal.code": .text(refusal.word)])
    }

    /// A connection of somebody's does not come about, or is lost.
    ///
    /// - Parameter step: The last that it had reached.
    func tellFailure(of person: ParticipantID, at step: ConnectionProgress.Step) {
        Counter(MetricFamily.connectionFailures, [("step", step.rawValue)]).increment()
        tell(.connectionFailed, [Self.person: .id(person.rawValue), "deskroom.step": .text(step.rawValue)])
    }

    /// A program of the desk has ended, and is started again.
    ///
    /// - Parameter problem: What whoever runs the room should do something about, for a while; `nil`: nothing.
    func tellRestart(of program: String, problem: String? = nil) {
        if let problem {
            // Anybody may read it: which program it is stands in the log.
            problems.set(
                "a program on the desk ended and is started again: \(problem)",
                of: program,
                until: Instant.now() + Self.memory
            )
        }
        Counter(MetricFamily.programRestarts, [("program", program)]).increment()
        tell(.programRestarted, ["deskroom.program": .text(program)])
    }

    /// How long a problem of a program is told after it was started again: longer than it may have to wait for that.
    private static let memory = Interval.seconds(60)
    static let person = "deskroom.person.id"
    static let role = "deskroom.person.role"
    static let reason = "deskroom.reason"
}

extension Refusal {
    fileprivate var word: String { code?.rawValue ?? "malformed" }
}

extension RoomEvent.Value {
    static func id(_ number: UInt64) -> Self { .number(Int64(clamping: number)) }
}
