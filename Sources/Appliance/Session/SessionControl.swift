internal import Access
internal import Audit
internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// Who drives the desk, as people are told, and what they ask of one another.
///
/// Who has control is decided by the floor in ``ControlRelay``: what is kept here is its latest news, and nothing is
/// decided by it.
@SessionActor final class SessionControl {
    private let roster: Roster
    private let relay: ControlRelay
    private let worker: Worker
    private let audit: AuditLog
    /// Seconds; 0: a holder who does nothing keeps control.
    private let idle: Int
    private let memory: RoomMemory?

    private var floor = FloorState()
    private var record = FloorRecord()
    /// How much of the relay's news has been dealt with.
    private var handled: UInt64 = 0
    /// What each person was told last.
    private var told: [ParticipantID: RoomMessage.Control] = [:]
    /// Why people lose control of which they are told next.
    private var endings: [ParticipantID: Refusal] = [:]

    /// - Parameters:
    ///   - idle: As the floor has it.
    ///   - memory: Where the next room is left who is to watch.
    init(
        _ roster: Roster,
        relay: ControlRelay,
        worker: Worker,
        audit: AuditLog,
        idle: Int,
        memory: RoomMemory?
    ) {
        self.roster = roster
        self.relay = relay
        self.worker = worker
        self.audit = audit
        self.idle = idle
        self.memory = memory
    }

    var holder: ParticipantID? { floor.holder }
    /// The hand of each of those who drive beside the holder.
    var hands: [ParticipantID: FurtherHand] { floor.furtherHands }
    /// Everybody who drives.
    var drivers: Set<ParticipantID> { floor.drivers }
    func drives(_ id: ParticipantID) -> Bool { drivers.contains(id) }

    // MARK: What people ask

    /// Carries out a message that is about control; whoever sent it has the right that it needs.
    func handle(_ message: ClientMessage, from id: ParticipantID) async {
        switch message {
        case .requestControl: await request(by: id)
        case .releaseControl: await relay.perform { $0.release(by: id, now: $1) }
        case .revokeControl: await relay.perform { _ = $0.revoke(by: id, now: $1) }
        case .declineControl(let other): await decline(ParticipantID(other), by: id)
        case .consent(let question, let isGiven, let wording):
            await consent(ConsentID(rawValue: question), isGiven: isGiven, wording: wording, by: id)
        case .grantControl(let other, let terms):
            answer(await give(to: ParticipantID(other), by: id, terms), to: id, step: "grantControl")
        case .letDrive(let other, true, let terms):
            let other = ParticipantID(other)
            let news = await relay.letDrive(other, by: id, terms)
            answer(refusal(for: news, of: other, by: id), to: id, step: "letDrive")
        case .letDrive(let other, false, _):
            let isDone = await relay.perform { $0.stopDriving(ParticipantID(other), by: id, now: $1) }
            answer(isDone ? nil : Refusal(.mayNotGrant), to: id, step: "letDrive")
        case .lock(let other, let isOn):
            answer(
                await restrict(.lock, other.map { ParticipantID($0) }, to: isOn, by: id),
                to: id,
                step: "lock"
            )
        case .eyesOnMe(let other, let isOn):
            let refusal = await restrict(.eyesOnMe, other.map { ParticipantID($0) }, to: isOn, by: id)
            answer(refusal, to: id, step: "eyesOnMe")
        default: break  // It goes to somebody else.
        }
    }

    private func answer(_ refusal: Refusal?, to id: ParticipantID, step: String) {
        if let refusal { roster.send(.error(step: step, refusal), to: id) }
    }

    private func request(by id: ParticipantID) async {
        // Who has lost their page cannot give control back: it is there for whoever asks.
        let absent = holder.flatMap { roster.isAway($0) ? $0 : nil }
        // Somebody else may have got control since `holder` was told: then the relay takes nothing from them. And the
        // asker may leave before the answer comes: their departure reaches the relay after this.
        let answer = await relay.request(by: id, insteadOf: absent)
        var state = state(for: id)
        switch answer {
        case .granted, .pending: return
        case .consenting:
            state.waiting = true
            state.denied = Refusal(.controlAskedConsent)
        case .denied(let denial): state.denied = Refusal(denial)
        case .waiting(let asked):
            state.waiting = true
            if let first = asked.first, asked.count == 1 {
                state.denied = Refusal(
                    first == holder ? .controlAsked : .controlAskedOf,
                    ["name": .text(name(of: first))]
                )
            } else {
                state.denied = Refusal(.controlAskedClinician)
            }
        }
        roster.send(.control(state), to: id)
    }

    /// Says why somebody's role does not let them ask.
    func refuse(_ id: ParticipantID, _ refusal: Refusal) {
        var state = state(for: id)
        state.denied = refusal
        roster.send(.control(state), to: id)
    }

    /// Returns why not, if they may not.
    private func give(to other: ParticipantID, by id: ParticipantID, _ terms: ControlTerms?) async -> Refusal?
    {
        // What the page shows may be out of date, and what is kept here as well: the relay decides.
        refusal(for: await relay.give(to: other, by: id, terms), of: other, by: id)
    }

    private func refusal(
        for answer: FloorControl.Answer,
        of other: ParticipantID,
        by id: ParticipantID
    ) -> Refusal? {
        switch answer {
        case .granted, .pending, .waiting: return nil
        case .consenting: return Refusal(.controlAskedConsent)
        case .denied(let denial):
            roster.send(.control(state(for: id)), to: id)
            guard roster[other] != nil else { return Refusal(.personNotThere) }
            return switch denial {
            case .inTurns, .locked, .notAllowed: Refusal(.controlNotToThem)
            case .mayNotGive, .noHandFree: Refusal(denial)
            }
        }
    }

    private func decline(_ other: ParticipantID, by id: ParticipantID) async {
        // Who answered too late is shown how it is now.
        if await !relay.perform({ $0.decline(other, by: id, now: $1) }) {
            roster.send(.control(state(for: id)), to: id)
        }
    }

    private func restrict(
        _ kind: FloorRestrictions.Kind,
        _ other: ParticipantID?,
        to isOn: Bool,
        by id: ParticipantID
    ) async -> Refusal? {
        if let other, roster[other] == nil { return Refusal(.personNotThere) }
        if other == id { return Refusal(.notYourself) }
        let isDone = await relay.perform { $0.restrict(kind, other, to: isOn, by: id, now: $1) }
        return isDone ? nil : Refusal(.mayNotGrant)
    }

    private func consent(
        _ consent: ConsentID,
        isGiven: Bool,
        wording: Identifier?,
        by id: ParticipantID
    ) async {
        // Before: the floor's word for it may come while its answer is awaited.
        record.expect(wording, for: consent, by: id)
        if await !relay.perform({ $0.consent(consent, isGiven: isGiven, by: id, now: $1) }) {
            record.forget(consent, by: id)
            roster.send(.control(state(for: id)), to: id)
        }
    }

    func handleVisibility(of id: ParticipantID, isHidden: Bool) async {
        await relay.perform { $0.handleVisibility(of: id, isHidden: isHidden, now: $1) }
    }

    // MARK: What became of it

    /// Waits until all that has become of control by now is told and recorded; not for ever, should nobody read it any more.
    func catchUp() async {
        let told = await relay.told
        for _ in 0..<Self.mostLooks where handled < told { try? await Task.sleep(for: .milliseconds(5)) }
    }

    func handle(_ event: FloorControl.Event) {
        handled += 1
        for entry in record.entries(for: event, rights: { roster.standing(of: $0)?.rights }) {
            audit.append(entry)
        }
        switch event {
        case .changed, .consentGiven, .granted, .releaseAll, .releaseHand: break
        case .consentRefused(_, _, let driver): deny(driver, Refusal(.controlNoConsent))
        case .declined(let asker, let other):
            let isHolder = other == holder
            let name = ["name": Refusal.Value.text(name(of: other))]
            deny(asker, isHolder ? Refusal(.controlKept, name) : Refusal(.controlDeclined, name))
        case .ended(_, let former, let reason, let other):
            endings[former] = Refusal(reason, by: other.map { roster.rights(of: $0).contains(.grant) })
        case .expiring(_, let holder, let due):
            let seconds = Int((due - .now()).nanoseconds / 1_000_000_000) + 1
            roster.send(.controlEnding(within: max(1, seconds)), to: holder)
        case .requested(let asker, let others):
            guard let person = roster.description(of: asker) else { return }
            for other in others {
                let within = idle == 0 || other != holder ? nil : min(idle, 10)
                roster.send(.controlRequested(from: person, within: within), to: other)
            }
        case .state(let new):
            floor = new
            memory?.update { $0.restrictions = new.restrictions }
            tell()
        }
    }

    /// Tells a page what became of its events; one that does not take it in gives up by itself.
    func send(_ answer: ControlAnswer, to id: ParticipantID) async {
        guard let channel = roster[id]?.publish?.control else { return }
        try? await worker.send(answer.encoded(), on: channel)
    }

    private func deny(_ id: ParticipantID, _ refusal: Refusal) {
        var state = state(for: id)
        state.waiting = false
        state.denied = refusal
        roster.send(.control(state), to: id)
    }

    /// Tells everybody for whom something has changed.
    private func tell() {
        var now: [ParticipantID: RoomMessage.Control] = [:]
        for person in roster.everybody {
            var state = state(for: person.id)
            now[person.id] = state
            state.ended = endings[person.id]
            if state != told[person.id] { roster.send(.control(state), to: person.id) }
        }
        told = now
        endings = [:]
    }

    /// By the room's clock.
    private func clock(_ time: Instant) -> Int64 { RoomClock.steady(at: time) }
    private func name(of id: ParticipantID) -> String { roster.name(of: id) ?? "Somebody else" }

    /// As one person is told: only the holder learns the lease, and only who may answer who waits for it.
    func state(for id: ParticipantID) -> RoomMessage.Control {
        let asks = floor.requests.filter { $0.of.contains(id) && roster.description(of: $0.by) != nil }
        var state = RoomMessage.Control(
            holder: holder.flatMap { roster.description(of: $0) },
            lease: holder == id ? floor.lease?.rawValue : nil,
            rights: floor.rights,
            until: floor.until.map { clock($0) },
            asks: asks.compactMap { roster.description(of: $0.by) },
            waiting: floor.requests.contains { $0.by == id }
                || floor.consents.contains { $0.driver == id && !$0.isGiven },
            mayGive: roster.rights(of: id).contains(.grant)
        )
        if let hand = floor.hands.first(where: { $0.of == id }) {
            state.lease = hand.lease.rawValue
            state.rights = hand.rights
            state.until = hand.until.map { clock($0) }
        }
        state.mostHands = floor.mostHands
        state.hands = floor.hands.compactMap { roster.description(of: $0.of) }
        state.asksUntil = asks.map { clock($0.due) }
        state.consents = floor.consents.filter { $0.of == id }.compactMap { consent in
            roster.description(of: consent.driver).map {
                .init(
                    id: consent.id.rawValue,
                    person: $0,
                    given: consent.isGiven,
                    until: consent.due.map { clock($0) }
                )
            }
        }
        state.locked = floor.locked.map(\.rawValue)
        state.eyesOnMe = floor.eyesOnMe.map(\.rawValue)
        state.everybody.locked = floor.restrictions.isForEverybody(.lock)
        state.everybody.eyesOnMe = floor.restrictions.isForEverybody(.eyesOnMe)
        state.turns = floor.turns.map { RoomMessage.Turns($0) }
        state.presenter = floor.restrictions.presenter.flatMap { roster.description(of: $0) }
        return state
    }

    private static let mostLooks = 200
}
