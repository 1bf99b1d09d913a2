internal import Logging
internal import RemoteControl
package import SFU
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
        await updatePriorities(of: id)
    }

    // MARK: What comes first

    /// Tells the Worker what one viewer is to be sent first.
    func updatePriorities(of id: ParticipantID) async {
        for (mid, track) in participants[id]?.subscribe?.tracks ?? [:] where track.source.kind == .video {
            let priority = priority(of: track.source, for: id)
            guard let consumer = track.consumer,
                participants[id]?.subscribe?.tracks[mid]?.priority != priority
            else { continue }
            participants[id]?.subscribe?.tracks[mid]?.priority = priority
            try? await worker.setPriority(consumer, priority)
        }
    }

    private func priority(of source: TrackSource, for id: ParticipantID) -> Int {
        guard case .camera(let person) = source else { return StreamPriority.desk }
        return StreamPriority.of(
            camera: participants[id]?.views?[source]?.pinned == true,
            isSpeaker: person == dominantSpeaker
        )
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

    /// The smallest of a page's three encodings or spatial layers, which halve twice, that fills a tile.
    private static func layer(for view: ClientMessage.View) -> Int {
        switch view.height {
        case _ where view.pinned == true: 2
        case ...200: 0
        case ...400: 1
        default: 2
        }
    }

    // MARK: What the network allows

    /// A viewer gets other layers of a picture; why it gets none, if it does, is told by who has paused it.
    ///
    /// Of the desk everybody wants all, so that less is the network's doing.
    func handleLayers(_ consumer: ConsumerID, spatial: Int?) {
        guard let spatial else { return }
        tellDelivery(of: consumer) { source, subscribe in
            guard source == .deskPicture, let name = subscribe.video, let stream = self.desk.stream(name)
            else { return .sent }
            return spatial < stream.encoding ? .reducedByNetwork : .sent
        }
    }

    /// A viewer's network has no room for a stream, or has it again.
    func handleLimit(_ consumer: ConsumerID, isPaused: Bool) {
        // What it has again is told with its layers, once they come.
        if isPaused { tellDelivery(of: consumer) { _, _ in .pausedByNetwork } }
    }

    private func tellDelivery(
        of consumer: ConsumerID,
        _ delivery: (TrackSource, Participant.Subscribe) -> RoomMessage.Delivery
    ) {
        for participant in participants.values {
            guard let subscribe = participant.subscribe,
                let (mid, track) = subscribe.tracks.first(where: { $0.value.consumer == consumer })
            else { continue }
            send(.delivery([mid: delivery(track.source, subscribe)]), to: participant.id)
            return
        }
    }

    /// Which encodings of a picture anybody watches: the page, or the desk, need not make the others.
    package func handleWantedLayers(_ layers: Set<Int>, of producer: ProducerID) async {
        let onDemand = desk.onDemand(of: producer)
        guard onDemand.isEmpty else {
            for stream in onDemand {
                if layers.contains(stream.encoding) {
                    wantedSmallStreams.insert(stream.name)
                } else {
                    wantedSmallStreams.remove(stream.name)
                }
            }
            await updateWantedStreams()
            return
        }
        for participant in participants.values {
            guard
                let (mid, track) = participant.publish?.media.first(where: { $0.value.producer == producer })
            else { continue }
            let wanted = layers.sorted().compactMap { layer in
                if track.rids.isEmpty { return String(layer) }
                return track.rids.indices.contains(layer) ? track.rids[layer] : nil
            }
            send(.publishLayers([mid: wanted]), to: participant.id)
            return
        }
    }
}
