internal import RemoteControl
internal import SFU

/// Tells pages what the network leaves them of what they are sent, and senders what of theirs is watched.
@SessionActor final class Delivery {
    private let roster: Roster
    private let desk: SharedDesk
    private let events: RoomEvents
    /// What was last told of each; not told: all of it is sent.
    private var told: [ConsumerID: RoomMessage.Delivery] = [:]

    init(_ roster: Roster, _ desk: SharedDesk, _ events: RoomEvents) {
        self.roster = roster
        self.desk = desk
        self.events = events
    }

    /// A viewer gets other layers of a picture; why it gets none, if it does, is told by who has paused it.
    ///
    /// Of the desk everybody wants all, so that less is the network's doing.
    func handleLayers(_ consumer: ConsumerID, spatial: Int?) {
        guard let spatial else { return }
        tell(of: consumer) { source, connection in
            guard source == .deskPicture, let name = connection.deskStream,
                let stream = self.desk.streams.stream(name)
            else { return .sent }
            return spatial < stream.encoding ? .reducedByNetwork : .sent
        }
    }

    /// A viewer's network has no room for a stream, or has it again.
    func handleLimit(_ consumer: ConsumerID, isPaused: Bool) {
        // What it has again is told with its layers, once they come.
        if isPaused { tell(of: consumer) { _, _ in .pausedByNetwork } }
    }

    private func tell(
        of consumer: ConsumerID,
        _ delivery: @SessionActor (TrackSource, SubscribeConnection) -> RoomMessage.Delivery
    ) {
        for person in roster.everybody {
            guard let connection = person.subscribe,
                let (mid, source) = connection.section(of: consumer)
            else { continue }
            let now = delivery(source, connection)
            roster.send(.delivery([mid: now]), to: person.id)
            guard told[consumer] ?? .sent != now else { return }
            // Of those that are gone nobody tells.
            if told.count >= Self.remembered { told.removeAll() }
            told[consumer] = now == .sent ? nil : now
            return events.tellQuality(now, of: source, to: person.id)
        }
    }

    /// Which encodings of a picture anybody watches: the page, or the desk, need not make the others.
    func handleWantedLayers(_ layers: Set<Int>, of producer: ProducerID) async {
        guard let (person, mid, track) = roster.sender(of: producer) else {
            return await desk.handleWantedLayers(layers, of: producer)
        }
        let rids = track.media.parameters.encodings.compactMap(\.rid)
        let wanted = layers.sorted().compactMap { layer in
            if rids.isEmpty { return String(layer) }
            return rids.indices.contains(layer) ? rids[layer] : nil
        }
        roster.send(.publishLayers([mid: wanted]), to: person.id)
    }

    /// Somebody sends more than the room passes on: a broken device or program, or somebody who means harm.
    func handleExcess(of producer: ProducerID) -> ParticipantID? {
        guard let (person, _, _) = roster.sender(of: producer) else { return nil }
        roster.send(.error(step: "media", Refusal(.tooMuchSent)), to: person.id)
        return person.id
    }

    private static let remembered = 4_096
}
