internal import RemoteControl
internal import SFU

/// Who drives the desk, as people are told, and what they ask of one another.
///
/// The lease itself lies with ``ControlRelay``, which decides: what is kept here is its latest news, and nothing is
/// decided by it.
@SessionActor final class SessionControl {
    private let roster: Roster
    private let relay: ControlRelay
    private let worker: Worker
    /// Seconds; 0: a holder who does nothing keeps control.
    private let idle: Int

    private(set) var holder: ParticipantID?
    private var lease: LeaseID?
    /// Who waits for it, longest first.
    private var askers: [ParticipantID] = []

    init(_ roster: Roster, relay: ControlRelay, worker: Worker, idle: Int) {
        self.roster = roster
        self.relay = relay
        self.worker = worker
        self.idle = idle
    }

    // MARK: What people ask

    func request(by id: ParticipantID) async {
        // Who has lost their page cannot give control back: it is there for whoever asks.
        let absent = holder.flatMap { roster.isAway($0) ? $0 : nil }
        // Somebody else may have got control since `holder` was told: then the relay takes nothing from them. And the
        // asker may leave before the answer comes: their departure reaches the relay after this.
        guard case .denied(let denial) = await relay.ask(by: id, insteadOf: absent) else { return }
        var state = state(for: id)
        switch denial {
        case .held(let other):
            state.waiting = true
            let name = roster.name(of: other) ?? "Somebody else"
            state.denied = Refusal(.controlAsked, ["name": .text(name)])
        case .notAllowed: state.denied = Refusal(.controlUnavailable)
        }
        roster.send(.control(state), to: id)
    }

    /// Says why somebody's role does not let them ask.
    func refuse(_ id: ParticipantID, _ refusal: Refusal) {
        var state = state(for: id)
        state.denied = refusal
        roster.send(.control(state), to: id)
    }

    func grant(to other: ParticipantID, by id: ParticipantID) async {
        // What the page shows may be out of date, and what is kept here as well: the relay decides.
        guard await !relay.grant(to: other, by: id) else { return }
        roster.send(.control(state(for: id)), to: id)
    }

    func decline(_ other: ParticipantID, by id: ParticipantID) async {
        guard await relay.decline(other, by: id) else {
            roster.send(.control(state(for: id)), to: id)
            return
        }
        // Either may have left meanwhile: then nobody is told, or not by name.
        var state = state(for: other)
        state.waiting = false
        let name = roster.name(of: id) ?? "Whoever is in control"
        state.denied = Refusal(.controlKept, ["name": .text(name)])
        roster.send(.control(state), to: other)
    }

    // MARK: What became of it

    func handle(_ event: ControlLease.Event) {
        switch event {
        case .granted(let lease, let participant):
            holder = participant
            self.lease = lease
            tell()
        case .ended(let lease, let former, let reason):
            guard lease == self.lease else { return }
            holder = nil
            self.lease = nil
            tell(except: former)
            var state = state(for: former)
            switch reason {
            case .idle: state.ended = Refusal(.controlIdle)
            case .revoked: state.ended = Refusal(.controlRevoked)
            case .departed, .expired, .released, .takenOver: break
            }
            roster.send(.control(state), to: former)
        case .requested(let asker, let holder):
            guard let person = roster.description(of: asker) else { return }
            let within = idle == 0 ? nil : min(idle, 10)
            roster.send(.controlRequested(from: person, within: within), to: holder)
        case .waiting(let waiting):
            let changed = Set(askers).symmetricDifference(waiting)
            askers = waiting
            for id in changed.union(holder.map { [$0] } ?? []) {
                roster.send(.control(state(for: id)), to: id)
            }
        case .releaseAll: return  // The relay has told the desk.
        }
    }

    /// Tells a page what became of its text; one that does not take it in gives up by itself.
    func send(_ receipt: TextReceipt, to id: ParticipantID) async {
        guard let channel = roster[id]?.publish?.control else { return }
        try? await worker.send(receipt.encoded(), on: channel)
    }

    private func tell(except other: ParticipantID? = nil) {
        for person in roster.everybody where person.id != other {
            roster.send(.control(state(for: person.id)), to: person.id)
        }
    }

    /// As one person is told: only the holder learns the lease, and who waits for it.
    func state(for id: ParticipantID) -> RoomMessage.Control {
        RoomMessage.Control(
            holder: holder.flatMap { roster.description(of: $0) },
            lease: holder == id ? lease?.rawValue : nil,
            asks: holder == id ? askers.compactMap { roster.description(of: $0) } : [],
            waiting: askers.contains(id)
        )
    }
}
