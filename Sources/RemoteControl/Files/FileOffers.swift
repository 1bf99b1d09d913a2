#if canImport(Wire)
internal import Wire
#endif

/// Files of the folder that somebody is handed: they may take that one, whatever their rights, until they have it, do not want it, or
/// whoever hands it may not any more.
public struct FileOffers: Sendable {
    public struct Offer: Hashable, Sendable {
        public let id: UInt32
        public let giver: ParticipantID
        public let receiver: ParticipantID
        public let name: String
        /// Bytes, when it was offered.
        public let size: UInt64
        let deadline: Instant
    }

    private var offers: [UInt32: Offer] = [:]
    private var last: UInt32 = 0
    private var effects: [FileExchange.Effect] = []

    subscript(id: UInt32) -> Offer? { offers[id] }

    /// What somebody is asked, the oldest first.
    public func offers(to person: ParticipantID) -> [Offer] {
        offers.values.filter { $0.receiver == person }.sorted { $0.id < $1.id }
    }

    mutating func add(
        _ entry: FileListing.Entry,
        from giver: ParticipantID,
        to receiver: ParticipantID,
        now: Instant
    ) {
        let waiting = offers(to: receiver)
        guard waiting.count < Self.most || waiting.contains(where: { $0.name == entry.name }) else {
            let refused = HandedFile(.impossible, offer: 0, person: receiver.rawValue, name: entry.name)
            return effects.append(.send(.handed(refused), to: giver))
        }
        // Once is enough.
        for offer in waiting where offer.name == entry.name { offers[offer.id] = nil }
        last &+= 1
        if last == 0 { last = 1 }
        let offer = Offer(
            id: last,
            giver: giver,
            receiver: receiver,
            name: entry.name,
            size: entry.size,
            deadline: now + Self.time
        )
        offers[last] = offer
        tell(.offered, offer)
        effects.append(.offersChanged)
    }

    mutating func decline(_ id: UInt32, by person: ParticipantID) {
        if offers[id]?.receiver == person { end(id, .declined) }
    }

    mutating func handleTaken(_ id: UInt32) { end(id, .taken) }

    mutating func check(_ mayHand: (ParticipantID) -> Bool) {
        for offer in offers.values where !mayHand(offer.giver) { end(offer.id, .impossible) }
    }

    mutating func handleGone(_ person: ParticipantID) {
        for offer in offers.values where offer.receiver == person || offer.giver == person {
            end(offer.id, .impossible)
        }
    }

    mutating func handleTimeout(now: Instant) {
        for offer in offers.values where offer.deadline <= now { end(offer.id, .impossible) }
    }

    func pollTimeout() -> Instant? { offers.values.map(\.deadline).min() }

    mutating func takeEffects() -> [FileExchange.Effect] {
        defer { effects = [] }
        return effects
    }

    private mutating func end(_ id: UInt32, _ step: HandedFile.Step) {
        guard let offer = offers.removeValue(forKey: id) else { return }
        tell(step, offer)
        effects.append(.offersChanged)
    }

    private mutating func tell(_ step: HandedFile.Step, _ offer: Offer) {
        let handed = HandedFile(
            step,
            offer: offer.id,
            person: offer.receiver.rawValue,
            name: offer.name
        )
        effects.append(.send(.handed(handed), to: offer.giver))
    }

    /// For each person.
    private static let most = 8
    private static let time = Interval.seconds(900)
}
