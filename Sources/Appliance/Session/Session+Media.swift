internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

/// Cameras and microphones.
extension Session {
    /// Receives what an offer publishes and was not received before, and offers it to everybody else.
    ///
    /// - Returns: The mids that are received, for the answer.
    func receive(_ media: [PublishedMedia], from id: ParticipantID) async -> Set<String> {
        guard let publish = participants[id]?.publish else { return [] }
        var received = Set(publish.media.keys)
        var added: [TrackSource] = []
        for section in media where section.isActive && publish.media[section.mid] == nil {
            let source: TrackSource = section.kind == .video ? .camera(id) : .microphone(id)
            // One camera and one microphone a person.
            guard participants[id]?.publish?.media.values.contains(where: { $0.source == source }) == false
            else { continue }
            do {
                let producer = try await worker.produce(
                    on: publish.parameters.id,
                    kind: section.kind,
                    parameters: section.parameters,
                    streamID: source.streamID
                )
                participants[id]?.publish?.media[section.mid] = Participant.PublishedTrack(
                    source: source,
                    producer: producer,
                    rids: section.parameters.encodings.compactMap(\.rid)
                )
                received.insert(section.mid)
                added.append(source)
            } catch {
                log.warning("A stream was refused", metadata: ["error": "\(error)"])
            }
        }
        guard !added.isEmpty else { return received }
        for other in participants.keys where other != id {
            for source in added { addTrack(source, for: other) }
            offer(other)
        }
        return received
    }

    /// What a person published is gone.
    func withdraw(_ media: [String: Participant.PublishedTrack], of id: ParticipantID) {
        guard !media.isEmpty else { return }
        let sources = Set(media.values.map(\.source))
        for other in participants.keys where other != id {
            removeTracks(sources, for: other)
            offer(other)
        }
    }

    /// What a person says of their microphone and camera, for the others to see.
    func handleMedia(_ media: RoomMessage.Media, from id: ParticipantID) {
        guard participants[id]?.media != media else { return }
        participants[id]?.media = media
        tellPeople()
    }

    // MARK: Who speaks

    func person(of producer: ProducerID) -> ParticipantID? {
        participants.values.first { $0.publish?.media.values.contains { $0.producer == producer } ?? false }?
            .id
    }

    func tellSpeakers() {
        tellAll(.speakers(dominant: dominantSpeaker?.rawValue, speaking: speaking.map(\.rawValue).sorted()))
    }

    // MARK: What is looked at

    /// What a page shows now: cameras out of sight cost nothing.
    func handleViews(_ views: [ClientMessage.View], from id: ParticipantID) async {
        participants[id]?.views = views.reduce(into: [:]) { bySource, view in
            bySource[view.person == 0 ? .deskPicture : .camera(ParticipantID(view.person))] = view
        }
        for mid in participants[id]?.subscribe?.tracks.keys.sorted() ?? [] {
            await applyView(of: mid, for: id)
        }
    }

    func applyView(of mid: String, for id: ParticipantID) async {
        guard let track = participants[id]?.subscribe?.tracks[mid], let consumer = track.consumer,
            case .camera = track.source, let views = participants[id]?.views
        else { return }
        guard let view = views[track.source] else {
            try? await worker.pause(consumer)
            send(.delivery([mid: .pausedByYou]), to: id)
            return
        }
        try? await worker.setPreferredLayers(consumer, spatial: Self.layer(for: view))
        try? await worker.resume(consumer)
    }

    /// The smallest of a page's three encodings, which halve twice, that fills a tile.
    private static func layer(for view: ClientMessage.View) -> Int {
        switch view.height {
        case _ where view.pinned == true: 2
        case ...200: 0
        case ...400: 1
        default: 2
        }
    }

    // MARK: What the network allows

    /// A viewer gets other layers of a camera; why it gets none, if it does, is told by who has paused it.
    func handleLayers(_ consumer: ConsumerID, spatial: Int?) {
        if spatial != nil { tellDelivery(of: consumer, .sent) }
    }

    /// A viewer's network has no room for a stream, or has it again.
    func handleLimit(_ consumer: ConsumerID, isPaused: Bool) {
        tellDelivery(of: consumer, isPaused ? .pausedByNetwork : .sent)
    }

    private func tellDelivery(of consumer: ConsumerID, _ delivery: RoomMessage.Delivery) {
        for participant in participants.values {
            guard
                let mid = participant.subscribe?.tracks.first(where: { $0.value.consumer == consumer })?.key
            else { continue }
            send(.delivery([mid: delivery]), to: participant.id)
            return
        }
    }

    /// Which encodings of a camera anybody watches: the page need not make the others.
    func handleWantedLayers(_ layers: Set<Int>, of producer: ProducerID) {
        for participant in participants.values {
            guard
                let (mid, track) = participant.publish?.media.first(where: { $0.value.producer == producer }),
                !track.rids.isEmpty
            else { continue }
            let wanted = layers.sorted().compactMap { track.rids.indices.contains($0) ? track.rids[$0] : nil }
            send(.publishLayers([mid: wanted]), to: participant.id)
            return
        }
    }
}
