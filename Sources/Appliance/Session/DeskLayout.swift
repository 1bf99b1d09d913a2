internal import Access
internal import RemoteControl

/// The desk's keyboard layout in the session: who may choose it, has the desk told, and people.
///
/// Which it is ``LayoutChoice`` decides.
@SessionActor final class DeskLayout {
    private let roster: Roster
    private let relay: ControlRelay
    private var choice: LayoutChoice

    init(_ fixed: KeyboardLayout?, _ roster: Roster, relay: ControlRelay) {
        self.roster = roster
        self.relay = relay
        choice = LayoutChoice(fixed)
    }

    /// Whoever sent it has the right to; the keyboard of somebody who does not drive is not of interest.
    func handle(_ request: LayoutRequest, from id: ParticipantID, drives: Bool) async {
        switch request {
        case .choose(let layout): choice.choose(layout)
        case .own(let layout): if drives { choice.handleKeyboard(layout) }
        }
        await settle()
        tellAll()
    }

    /// Before anybody's events reach the desk process.
    func handleDesk(isThere: Bool) async {
        choice.handleDesk(isThere: isThere)
        await settle()
    }

    func handleSet(_ layout: KeyboardLayout, isDone: Bool) async {
        guard choice.handleSet(layout, isDone: isDone) else { return }
        await settle()
        tellAll()
        guard !isDone else { return }
        for person in roster.everybody where mayChoose(person.id) {
            roster.send(.error(step: "setLayout", Refusal(.layoutFailed)), to: person.id)
        }
    }

    /// Tells one person how it is.
    func tell(_ id: ParticipantID) {
        roster.send(
            .layout(
                RoomMessage.Layout(
                    layout: choice.current?.name,
                    follows: choice.follows,
                    mayChoose: mayChoose(id)
                )
            ),
            to: id
        )
    }

    private func tellAll() {
        for person in roster.everybody where mayChoose(person.id) { tell(person.id) }
    }

    private func mayChoose(_ id: ParticipantID) -> Bool { roster.rights(of: id).contains(.arrange) }

    private func settle() async {
        while let layout = choice.pollCommand() {
            if await relay.send(.setLayout(layout)) { return }
            choice.handleUnsent()
            return
        }
    }
}
