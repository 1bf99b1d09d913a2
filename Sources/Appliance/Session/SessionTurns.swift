internal import RemoteControl
internal import Wire

/// What people want of turns with control of the desk; what becomes of it the floor decides, and ``SessionControl`` tells.
@SessionActor final class SessionTurns {
    private let roster: Roster
    private let relay: ControlRelay

    init(_ roster: Roster, relay: ControlRelay) {
        self.roster = roster
        self.relay = relay
    }

    func handle(_ command: TurnCommand, from id: ParticipantID) async {
        let refusal = await relay.perform { floor, now in
            switch command {
            case .begin(let people, let seconds):
                floor.takeTurns(
                    people.map { ParticipantID($0) },
                    for: seconds.map { .seconds(Int64($0)) },
                    by: id,
                    now: now
                )
            case .end: floor.endTurns(by: id, now: now)
            case .pass: floor.passTurn(by: id, now: now)
            case .resume: floor.resumeTurns(by: id, now: now)
            }
        }
        // Whose turn has just ended otherwise wanted nothing else.
        guard let refusal, command != .pass || refusal != .mayNot else { return }
        roster.send(.error(step: "turns", Refusal(refusal)), to: id)
    }
}
