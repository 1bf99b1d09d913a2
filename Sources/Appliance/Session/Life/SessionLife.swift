internal import Audit
internal import IO
internal import Logging
internal import RemoteControl
internal import Wire

/// The life of the session: carries out what ``RoomLife`` decides, and can be asked how far it is.
@SessionActor package final class SessionLife {
    private let roster: Roster
    private let audit: AuditLog
    private let log: Logger
    private var machine: RoomLife
    /// Whether it is still to be said that it is over: everybody is told first, and what becomes of them recorded.
    private var isLastToCome = false

    /// Why the session has ended, once everybody has been told; for one reader.
    package nonisolated let ends: AsyncStream<RoomLife.End>
    private let told: AsyncStream<RoomLife.End>.Continuation

    init(_ roster: Roster, _ limits: RoomLife.Limits, audit: AuditLog, log: Logger) {
        self.roster = roster
        self.audit = audit
        self.log = log
        machine = RoomLife(limits, now: .now())
        (ends, told) = AsyncStream.makeStream()
    }

    /// Whether the session goes on, is to end soon, or has ended.
    package var phase: RoomLife.Phase { machine.phase }

    /// Why it has ended; `nil` as long as it has not.
    package var end: RoomLife.End? {
        if case .ended(let end) = machine.phase { end } else { nil }
    }

    // Only `Reception` calls the rest, and settles after it.

    func drain() { machine.drain(now: .now()) }
    func interrupt() { machine.interrupt(now: .now()) }
    func handleTimeout(now: Instant) { machine.handleTimeout(now: now) }
    func pollTimeout() -> Instant? { machine.pollTimeout() }

    /// Looks who is there, and does what follows.
    ///
    /// - Returns: Whether the membership has something to be carried out again.
    func settle() -> Bool {
        machine.handlePeople(
            // A screen that watches for nobody keeps no room open.
            roster.membership.everybody.count { $0.outside != .viewer },
            waiting: roster.membership.waiting.count,
            now: .now()
        )
        var hasChanged = false
        while let effect = machine.pollEffect() {
            switch effect {
            case .closeDoor: roster.membership.ending = Refusal(.roomClosing)
            case .end(let end):
                log.notice("The session ends", metadata: ["reason": "\(end.rawValue)"])
                roster.membership.endSession(Refusal(end), now: .now())
                isLastToCome = true
                hasChanged = true
            case .tell(let notice):
                log.notice(
                    "People are told that the session ends soon",
                    metadata: ["people": "\(roster.membership.count)", "seconds": "\(notice.seconds)"]
                )
                roster.tellAll(.closing(Refusal(notice)))
            }
        }
        return hasChanged
    }

    /// Whether ``finish()`` is to be called, which this says once.
    func takeEnd() -> Bool {
        defer { isLastToCome = false }
        return isLastToCome
    }

    /// Everybody has been told, and nothing more is to be recorded.
    func finish() {
        guard let end else { return }
        audit.append(.ended(AuditEnd(end)))
        told.yield(end)
        told.finish()
    }

    /// Tells somebody who has just come what all others know.
    func tell(_ id: ParticipantID) {
        if let notice = machine.notice(now: .now()) { roster.send(.closing(Refusal(notice)), to: id) }
    }
}

extension RoomLife.Notice {
    /// Rounded up, so that nobody is told of less than there is.
    fileprivate var seconds: Int64 { (left.nanoseconds + 999_999_999) / 1_000_000_000 }
}

extension Refusal {
    fileprivate init(_ notice: RoomLife.Notice) {
        self.init(
            notice.approach == .stopping ? .roomStopping : .timeAlmostOver,
            ["seconds": .number(notice.seconds)]
        )
    }

    fileprivate init(_ end: RoomLife.End) {
        switch end {
        case .asked, .interrupted: self.init(.sessionEndedStopped)
        case .empty: self.init(.sessionEnded)
        case .longest: self.init(.sessionEndedTime)
        }
    }
}

extension AuditEnd {
    fileprivate init(_ end: RoomLife.End) {
        switch end {
        case .asked: self = .asked
        case .empty: self = .empty
        case .interrupted: self = .interrupted
        case .longest: self = .longest
        }
    }
}
