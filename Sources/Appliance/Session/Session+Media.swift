internal import Logging
internal import RemoteControl
package import SFU
internal import WebRTC

/// Cameras and microphones.
extension Session {
    /// What there is to be sent to one person: the desk, and everybody else.
    func tracks(for id: ParticipantID) -> [OfferedTrack] {
        var tracks = [
            OfferedTrack(.deskPicture), OfferedTrack(.deskSound, producer: desk.producer(.opus)),
        ]
        for other in participants.values.sorted(by: { $0.id.rawValue < $1.id.rawValue }) where other.id != id
        {
            for track in other.publish?.sources ?? [] {
                tracks.append(
                    OfferedTrack(
                        track.source,
                        producer: track.producer,
                        codec: track.media.kind == .video ? track.media.parameters.codecs.first?.codec : nil,
                        isMuted: track.media.kind == .audio && other.media.audio != .on
                    )
                )
            }
        }
        return tracks
    }

    /// Somebody's camera or microphone came, changed or went: everybody is offered what there is now.
    func updateTracks() {
        for participant in participants.values {
            guard let connection = participant.subscribe else { continue }
            connection.offer(tracks(for: participant.id))
            work(on: connection)
        }
    }

    /// What a person says of their microphone and camera, for the others to see.
    func handleMedia(_ media: RoomMessage.Media, from id: ParticipantID) {
        guard participants[id]?.media != media else { return }
        participants[id]?.media = media
        tellPeopleSoon()
        // Where not everybody has a section, whoever is to be heard comes first.
        if tracks(for: id).count > PageSight.maximumTracks { updateTracks() }
    }

    // MARK: Who speaks

    func person(of producer: ProducerID) -> ParticipantID? {
        participants.values.first { $0.publish?.tracks.values.contains { $0.producer == producer } ?? false }?
            .id
    }

    // MARK: What is looked at

    /// What a page shows now: cameras out of sight cost nothing.
    func handleViews(_ views: [ClientMessage.View], from id: ParticipantID) async {
        participants[id]?.views = views.reduce(into: [:]) { bySource, view in
            bySource[view.person == 0 ? .deskPicture : .camera(ParticipantID(view.person))] = view
        }
        // The page's next message waits until this is done.
        await updateSight(of: id)?.value
    }

    /// What a person's page shows has changed, or who comes first.
    @discardableResult func updateSight(of id: ParticipantID) -> Task<Void, Never>? {
        guard let connection = participants[id]?.subscribe else { return nil }
        connection.show(sight(of: id))
        return work(on: connection)
    }

    func sight(of id: ParticipantID) -> PageSight {
        var sight = PageSight()
        sight.views = participants[id]?.views
        sight.speaker = dominantSpeaker
        return sight
    }

    // MARK: What the network allows

    /// A viewer gets other layers of a picture; why it gets none, if it does, is told by who has paused it.
    ///
    /// Of the desk everybody wants all, so that less is the network's doing.
    func handleLayers(_ consumer: ConsumerID, spatial: Int?) {
        guard let spatial else { return }
        tellDelivery(of: consumer) { source, connection in
            guard source == .deskPicture, let name = connection.deskStream,
                let stream = self.desk.stream(name)
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
        _ delivery: (TrackSource, SubscribeConnection) -> RoomMessage.Delivery
    ) {
        for participant in participants.values {
            guard let connection = participant.subscribe,
                let (mid, source) = connection.section(of: consumer)
            else { continue }
            send(.delivery([mid: delivery(source, connection)]), to: participant.id)
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
                let (mid, track) = participant.publish?.tracks.first(where: { $0.value.producer == producer })
            else { continue }
            let rids = track.media.parameters.encodings.compactMap(\.rid)
            let wanted = layers.sorted().compactMap { layer in
                if rids.isEmpty { return String(layer) }
                return rids.indices.contains(layer) ? rids[layer] : nil
            }
            send(.publishLayers([mid: wanted]), to: participant.id)
            return
        }
    }
}
