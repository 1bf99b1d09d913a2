internal import RemoteControl
internal import SFU

extension Session {
    func requestControl(_ id: ParticipantID) async {
        // Who has lost their page cannot give control back: it is there for whoever asks.
        let isHolderAway = holder.map { participants[$0]?.connection == nil } ?? false
        let answer =
            isHolderAway ? await relay.request(by: id, policy: .takeOver) : await relay.ask(by: id)
        guard case .denied(let denial) = answer else { return }
        var control = control(for: id)
        switch denial {
        case .held(let other):
            control.waiting = true
            control.denied =
                "\(participants[other]?.name.text ?? "Somebody else") is in control, and has been told that you ask."
        case .notAllowed:
            control.denied = "Nobody can be given control now."
        }
        send(.control(control), to: id)
    }

    func grantControl(to other: ParticipantID, by id: ParticipantID) async {
        guard await relay.grant(to: other, by: id) else {
            // What the page shows is out of date.
            send(.control(control(for: id)), to: id)
            return
        }
    }

    func declineControl(_ other: ParticipantID, by id: ParticipantID) async {
        guard await relay.decline(other, by: id) else {
            send(.control(control(for: id)), to: id)
            return
        }
        var control = control(for: other)
        control.waiting = false
        control.denied =
            "\(participants[id]?.name.text ?? "Whoever is in control") would like to keep it for now."
        send(.control(control), to: other)
    }

    /// What the lease became.
    func handle(_ event: ControlLease.Event) async {
        switch event {
        case .granted(let lease, let participant):
            holder = participant
            self.lease = lease
            tellControl()
        case .ended(let lease, let former, let reason):
            guard lease == self.lease else { return }
            holder = nil
            self.lease = nil
            tellControl(except: former)
            var control = control(for: former)
            if reason == .idle { control.ended = "Control has passed on: nothing came from you for a while." }
            send(.control(control), to: former)
        case .requested(let asker, let holder):
            guard let person = participants[asker]?.person else { return }
            let within = configuration.controlIdle == 0 ? nil : min(configuration.controlIdle, 10)
            send(.controlRequested(from: person, within: within), to: holder)
        case .waiting(let waiting):
            let changed = Set(askers).symmetricDifference(waiting)
            askers = waiting
            for id in changed.union(holder.map { [$0] } ?? []) { send(.control(control(for: id)), to: id) }
        case .releaseAll: return  // The relay has told the desk.
        }
    }

    /// Tells a page what became of its text; one that does not take it in gives up by itself.
    func send(_ receipt: TextReceipt, to id: ParticipantID) async {
        guard let channel = participants[id]?.publish?.control else { return }
        try? await worker.send(receipt.encoded(), on: channel)
    }

    private func tellControl(except other: ParticipantID? = nil) {
        for id in participants.keys where id != other { send(.control(control(for: id)), to: id) }
    }

    /// Who drives the desk, as one person is told: only the holder learns the lease, and who waits for it.
    func control(for id: ParticipantID) -> RoomMessage.Control {
        RoomMessage.Control(
            holder: holder.flatMap { participants[$0]?.person },
            lease: holder == id ? lease?.rawValue : nil,
            asks: holder == id ? askers.compactMap { participants[$0]?.person } : [],
            waiting: askers.contains(id)
        )
    }
}
