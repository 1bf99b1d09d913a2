/// People who have control of the desk one after the other: in which order, and whose turn it is.
///
/// It knows nothing of the lease: ``FloorControl`` says who gets control and who has had it, and asks who is next.
struct TurnTaking: Hashable {
    /// Each once; whoever leaves for good is left out.
    private(set) var order: [ParticipantID]
    private(set) var current: ParticipantID?
    /// Nobody is given a turn until somebody says that it goes on.
    private(set) var isPaused = false
    /// In ``order``: where the next one is looked for from.
    private var position = 0
    /// Who has given their turn back, while nobody else has had one.
    private var yielded: ParticipantID?
    /// To whose turn a client has said no; they are passed over.
    private var refused: Set<ParticipantID> = []

    init(_ order: [ParticipantID]) {
        var seen: Set<ParticipantID> = []
        self.order = order.filter { seen.insert($0).inserted }
    }

    /// Whose turn is next; `nil`: nobody's, of those of whom `isAvailable` is true.
    func next(where isAvailable: (ParticipantID) -> Bool) -> ParticipantID? {
        candidates(from: position).first { $0 != yielded && !refused.contains($0) && isAvailable($0) }
    }

    /// Whose turn comes after the present one; `nil`: nobody's.
    func following(where isAvailable: (ParticipantID) -> Bool) -> ParticipantID? {
        guard let current, let place = order.firstIndex(of: current) else { return next(where: isAvailable) }
        return candidates(from: place + 1)
            .first { $0 != current && !refused.contains($0) && isAvailable($0) }
    }

    private func candidates(from place: Int) -> [ParticipantID] {
        guard !order.isEmpty else { return [] }
        let place = place % order.count
        return Array(order[place...] + order[..<place])
    }

    /// It is somebody's turn now, who is in ``order``.
    mutating func take(_ participant: ParticipantID) {
        guard let place = order.firstIndex(of: participant) else { return }
        current = participant
        position = place
        refused.remove(participant)
        if yielded != participant { yielded = nil }
    }

    /// Somebody's turn is over, if it was theirs.
    ///
    /// - Parameter isYielded: Whether they want no more of it themselves.
    mutating func end(_ participant: ParticipantID, isYielded: Bool = false) {
        guard current == participant else { return }
        current = nil
        position += 1
        if isYielded { yielded = participant }
    }

    /// Somebody's turn was interrupted, if it was theirs: they are next.
    mutating func interrupt(_ participant: ParticipantID) {
        if current == participant { current = nil }
    }

    /// A client does not consent to somebody's turn.
    mutating func refuse(_ participant: ParticipantID) {
        guard order.contains(participant) else { return }
        refused.insert(participant)
        end(participant)
    }

    mutating func pause() {
        current = nil
        isPaused = true
    }

    /// Whose turn was interrupted is next.
    mutating func resume() {
        isPaused = false
        yielded = nil
        refused = []
    }

    mutating func remove(_ participant: ParticipantID) {
        guard let place = order.firstIndex(of: participant) else { return }
        interrupt(participant)
        if !order.isEmpty { position %= order.count }
        order.remove(at: place)
        if place < position { position -= 1 }
        refused.remove(participant)
        if yielded == participant { yielded = nil }
    }
}
