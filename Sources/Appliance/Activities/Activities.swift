package import Access
internal import Audit
internal import IO
package import RemoteControl
internal import Wire

/// The activities in the session: has the keeper start and stop programs of the shelf and reset the desk, and tells those who may
/// arrange it what runs.
///
/// Whether somebody has the right to, ``Reception`` has asked before. What runs the keeper knows, and a new room is told.
@SessionActor package final class Activities {
    private let shelf: ToldShelf
    private let roster: Roster
    private let desk: SharedDesk
    private let relay: ControlRelay
    private let audit: AuditLog
    /// `nil`: there is none, and nothing is started.
    private let keeper: KeeperLink?
    private var states: [Int: ActivityState] = [:]
    private var pace = ActivityRuns.pace
    private var isResetting = false
    private var resets = 0
    private var lastReset: RoomMessage.Reset?
    /// Who has asked that the desk be reset, by the number that the keeper was given.
    private var asker: (number: UInt8, person: ParticipantID)?
    private var nextNumber = UInt8.random(in: .min ... .max)

    init(
        _ shelf: ToldShelf,
        _ roster: Roster,
        _ desk: SharedDesk,
        relay: ControlRelay,
        audit: AuditLog,
        keeper: KeeperLink?
    ) {
        self.shelf = shelf
        self.roster = roster
        self.desk = desk
        self.relay = relay
        self.audit = audit
        self.keeper = keeper
    }

    // MARK: What people ask

    /// - Returns: Why it is not done.
    func handle(_ message: ClientMessage, from id: ParticipantID) async -> Refusal? {
        switch message {
        case .resetDesk: await reset(by: id)
        case .startActivity(let number): start(Int(number))
        case .stopActivity(let number): stop(Int(number))
        default: nil  // It goes to somebody else.
        }
    }

    private func start(_ number: Int) -> Refusal? {
        guard shelf.activities.indices.contains(number) else { return Refusal(.activityUnknown) }
        if isResetting { return Refusal(.deskBeingReset) }
        if shelf.activities[number].isAlwaysThere || state(number).isThere { return nil }
        guard states.values.count(where: \.isThere) < ActivityRuns.most else {
            return Refusal(.activitiesTooMany, ["most": .number(Int64(ActivityRuns.most))])
        }
        guard pace.admit(now: .now()) else { return Refusal(.activitiesTooFast) }
        // Until the keeper says how it is: whoever asks again meanwhile asks for the same.
        states[number] = .starting
        keeper?.tell(.start(UInt8(number)))
        tell()
        return nil
    }

    private func stop(_ number: Int) -> Refusal? {
        guard shelf.activities.indices.contains(number) else { return Refusal(.activityUnknown) }
        if isResetting { return Refusal(.deskBeingReset) }
        guard state(number).isThere else { return nil }
        keeper?.tell(.stop(UInt8(number)))
        return nil
    }

    private func reset(by id: ParticipantID) async -> Refusal? {
        if isResetting { return Refusal(.deskBeingReset) }
        guard let keeper, pace.admit(now: .now()) else { return Refusal(.activitiesTooFast) }
        isResetting = true
        audit.append(.reset(.asked, by: .person(id.rawValue)))
        nextNumber &+= 1
        asker = (nextNumber, id)
        desk.handleReset()
        tell()
        // First, so that nobody goes on typing into what comes next.
        await relay.perform { $0.handleDeskReset(by: id, now: $1) }
        keeper.tell(.reset(nextNumber))
        return nil
    }

    // MARK: The keeper

    package func handle(_ word: KeeperWord) {
        switch word {
        case .activity(let number, let state):
            guard shelf.activities.indices.contains(Int(number)) else { return }
            states[Int(number)] = state
        case .resetting:
            // This room may not be the one that has asked.
            if !isResetting { desk.handleReset() }
            isResetting = true
        case .reset(let number, let outcome): handle(outcome, of: number)
        case .desk, .restarted: return
        }
        tell()
    }

    private func handle(_ outcome: DeskReset, of number: UInt8) {
        isResetting = false
        resets += 1
        let by = asker.flatMap { $0.number == number ? AuditActor.person($0.person.rawValue) : nil } ?? .room
        // Another room has asked, and this one may have met the new desk before it heard of it.
        if asker?.number != number { desk.handleResetEnd() }
        asker = nil
        let home: AuditResetStep.Home =
            switch outcome.home {
            case .failed: .failed
            case .kept: .kept
            case .new: .new
            }
        let (ended, left) = (Int(outcome.ended), Int(outcome.left))
        audit.append(.reset(.done(ended: ended, left: left, home: home), by: by))
        lastReset = RoomMessage.Reset(number: resets, ended: ended, left: left, home: home.rawValue)
    }

    private func state(_ number: Int) -> ActivityState { states[number] ?? .stopped }

    // MARK: What people are told

    private var message: RoomMessage {
        var message = RoomMessage.Activities()
        message.list = shelf.activities.enumerated().map { RoomMessage.Activity($0, $1, state($0)) }
        message.deletesHome = shelf.hasOwnHome
        message.resetting = isResetting
        message.reset = lastReset
        return .activities(message)
    }

    private func tell() {
        let told = message
        for person in roster.everybody where roster.rights(of: person.id).contains(.arrange) {
            roster.send(told, to: person.id)
        }
    }

    /// Whoever comes, or may do more than before.
    func tell(_ id: ParticipantID) {
        guard keeper != nil, roster.rights(of: id).contains(.arrange) else { return }
        roster.send(message, to: id)
    }
}
