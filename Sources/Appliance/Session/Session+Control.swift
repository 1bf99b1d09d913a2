internal import RemoteControl
internal import SFU

extension Session {
    func requestControl(_ id: ParticipantID) async {
        // Who has lost their page cannot give control back: it is there for whoever asks.
        let isHolderAway = holder.map { participants[$0]?.connection == nil } ?? false
        let answer = await relay.request(by: id, policy: isHolderAway ? .takeOver : .ifFree)
        guard case .denied(let denial) = answer else { return }
        var control = control(for: id)
        switch denial {
        case .held(let other):
            control.denied = "\(participants[other]?.name ?? "Somebody else") is in control."
        case .notAllowed:
            control.denied = "Nobody can be given control now."
        }
        send(.control(control), to: id)
    }

    /// What the lease became.
    func handle(_ event: ControlLease.Event) async {
        switch event {
        case .granted(let lease, let participant):
            holder = participant
            self.lease = lease
        case .ended(let lease, _, _):
            guard lease == self.lease else { return }
            holder = nil
            self.lease = nil
        case .releaseAll: return  // The relay has told the desk.
        }
        for id in participants.keys { send(.control(control(for: id)), to: id) }
    }

    /// Tells a page what became of its text; one that does not take it in gives up by itself.
    func send(_ receipt: TextReceipt, to id: ParticipantID) async {
        guard let channel = participants[id]?.publish?.control else { return }
        try? await worker.send(receipt.encoded(), on: channel)
    }

    /// Who drives the desk, as one person is told: only the holder learns the lease.
    func control(for id: ParticipantID) -> RoomMessage.Control {
        RoomMessage.Control(
            holder: holder.flatMap { participants[$0]?.person },
            lease: holder == id ? lease?.rawValue : nil
        )
    }
}
