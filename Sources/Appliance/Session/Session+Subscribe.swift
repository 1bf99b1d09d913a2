internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

extension Session {
    /// Offers the desk, and everybody else, on a new connection.
    func beginSubscribe(_ id: ParticipantID) async {
        do {
            let parameters = try await worker.makeWebRTCTransport(on: router)
            guard participants[id] != nil else {
                try? await worker.close(parameters.id)
                return
            }
            owners[parameters.id] = id
            participants[id]?.subscribe = Participant.Subscribe(
                transport: parameters.id,
                session: SubscribeSession(transport: parameters, codecs: codecs)
            )
            var sources: [TrackSource] = [.deskPicture, .deskSound]
            for other in participants.values.sorted(by: { $0.id.rawValue < $1.id.rawValue })
            where other.id != id {
                sources += other.publish?.media.values.map(\.source) ?? []
            }
            for source in sources { addTrack(source, for: id) }
            offer(id)
        } catch {
            log.warning("A subscribe connection was refused", metadata: ["error": "\(error)"])
            send(
                .error(
                    step: "subscribe",
                    message: "The room could not set up your connection. Reload the page."
                ),
                to: id
            )
        }
    }

    /// The browser's network has changed, or its path is lost: the same connection on new credentials.
    func restartSubscribe(_ id: ParticipantID) async {
        guard let transport = participants[id]?.subscribe?.transport,
            let credentials = try? await worker.restartICE(transport)
        else {
            await endSubscribe(id)
            await beginSubscribe(id)
            return
        }
        participants[id]?.subscribe?.session.restartICE(credentials)
        offer(id, replacing: true)
    }

    func endSubscribe(_ id: ParticipantID) async {
        guard let subscribe = participants[id]?.subscribe else { return }
        participants[id]?.subscribe = nil
        owners[subscribe.transport] = nil
        try? await worker.close(subscribe.transport)
        await updateWantedStreams()
    }

    // MARK: Tracks

    /// Makes room for a track in the next offer.
    func addTrack(_ source: TrackSource, for id: ParticipantID) {
        guard
            let slot = participants[id]?.subscribe?.session
                .add(source.kind, streamID: source.streamID, trackID: source.trackID)
        else { return }
        participants[id]?.subscribe?.tracks[slot.mid] = Participant.SubscribedTrack(source: source)
    }

    /// Lets the sections of these sources rest; their consumers have ended with the producers.
    func removeTracks(_ sources: Set<TrackSource>, for id: ParticipantID) {
        for (mid, track) in participants[id]?.subscribe?.tracks ?? [:] where sources.contains(track.source) {
            participants[id]?.subscribe?.tracks[mid] = nil
            participants[id]?.subscribe?.session.remove(mid: mid)
        }
    }

    /// Offers the tracks as they are, after the answer to what was offered before.
    ///
    /// - Parameter replacing: At once: the page may never answer the offer before, or must not wait.
    func offer(_ id: ParticipantID, replacing: Bool = false) {
        guard let subscribe = participants[id]?.subscribe else { return }
        guard replacing || !subscribe.isOfferPending else {
            participants[id]?.subscribe?.needsOffer = true
            return
        }
        participants[id]?.subscribe?.isOfferPending = true
        participants[id]?.subscribe?.needsOffer = false
        guard let offer = participants[id]?.subscribe?.session.offer() else { return }
        let tracks = subscribe.tracks.mapValues { RoomMessage.Track($0.source) }
        send(.subscribeOffer(sdp: offer.sdp, id: offer.id, tracks: tracks), to: id)
    }

    // MARK: Answers

    func handleSubscribeAnswer(_ sdp: String, offer: Int, from id: ParticipantID) async {
        do {
            guard let answer = try participants[id]?.subscribe?.session.handleAnswer(sdp, id: offer) else {
                return
            }
            participants[id]?.subscribe?.isOfferPending = false
            try await connect(answer, of: id)
            try await consume(answer, of: id)
            if participants[id]?.subscribe?.needsOffer == true { self.offer(id) }
        } catch NegotiationError.outdated {
            // A newer offer is on its way, or was answered.
        } catch let error as NegotiationError {
            send(.error(step: "subscribeAnswer", message: error.description), to: id)
        } catch {
            log.warning("An answer was refused", metadata: ["error": "\(error)"])
            send(
                .error(
                    step: "subscribeAnswer",
                    message: "The room could not send you the desk. Reload the page."
                ),
                to: id
            )
        }
    }

    private func connect(_ answer: SubscribeAnswer, of id: ParticipantID) async throws {
        guard let subscribe = participants[id]?.subscribe else { return }
        guard !subscribe.isConnected else {
            // New ones after a restart, the same otherwise.
            try await worker.setRemoteICE(answer.ice, of: subscribe.transport)
            return
        }
        participants[id]?.subscribe?.isConnected = true
        try await worker.connect(
            subscribe.transport,
            dtls: answer.dtls,
            ice: answer.ice,
            sctp: answer.sctp
        )
        guard answer.sctp != nil else { return }
        for label in [Self.cursorLabel, Self.chatLabel] {
            // Not in one statement: an assignment through `?` would hold the dictionary open for as long as
            // it waits.
            let channel = try await worker.consumeData(
                on: subscribe.transport,
                DataChannelParameters(label: label)
            )
            participants[id]?.subscribe?.channels[label] = channel
        }
    }

    /// Sends what the browser accepts and does not get yet.
    private func consume(_ answer: SubscribeAnswer, of id: ParticipantID) async throws {
        guard let subscribe = participants[id]?.subscribe else { return }
        for slot in subscribe.session.slots where slot.isActive {
            guard let track = participants[id]?.subscribe?.tracks[slot.mid], track.consumer == nil else {
                continue
            }
            guard let accepted = answer.accepted[slot.mid] else {
                if track.source == .deskPicture {
                    throw NegotiationError.unsupported("it decodes neither H.264 nor VP8")
                }
                continue
            }
            guard let producer = await producer(of: track.source, accepted, for: id) else { continue }
            do {
                let consumer = try await worker.consume(
                    producer,
                    on: subscribe.transport,
                    options: ConsumerOptions(
                        capabilities: accepted,
                        mid: slot.mid,
                        ssrc: slot.ssrc,
                        rtxSSRC: slot.rtxSSRC,
                        streamID: slot.streamID,
                        // Remote control is judged by its delay: every frame at once.
                        playoutDelay: track.source == .deskPicture ? 0...0 : nil
                    )
                )
                participants[id]?.subscribe?.tracks[slot.mid]?.consumer = consumer.id
                await applyView(of: slot.mid, for: id)
                await updatePriorities(of: id)
            } catch SFUError.notFound {
                // The source left in the meantime; the next offer says so.
            } catch SFUError.unsupported {
                // A camera in a codec that this browser does not decode.
                send(.delivery([slot.mid: .unsupported]), to: id)
            }
        }
    }

    private func producer(
        of source: TrackSource,
        _ accepted: RTPCapabilities,
        for id: ParticipantID
    ) async -> ProducerID? {
        switch source {
        case .deskSound: return desk.producer(.opus)
        case .deskPicture:
            guard let name = accepted.codecs.lazy.compactMap({ DeskStreamName($0.codec) }).first else {
                return nil
            }
            participants[id]?.subscribe?.video = name
            await updateWantedStreams()
            return desk.producer(name)
        case .camera(let person), .microphone(let person):
            return participants[person]?.publish?.media.values.first { $0.source == source }?.producer
        }
    }

    // MARK: Channels

    /// A channel that the room opened is open.
    func handleChannelOpened(_ channel: DataConsumerID, of id: ParticipantID) async {
        guard let label = participants[id]?.subscribe?.channels.first(where: { $0.value == channel })?.key
        else { return }
        if label == Self.chatLabel { await repeatChat(on: channel, for: id) }
        participants[id]?.subscribe?.openChannels.insert(label)
        guard label == Self.cursorLabel else { return }
        if let cursorShape { try? await worker.send(cursorShape, on: channel) }
        if let cursorPosition, holder != id { try? await worker.send(cursorPosition, on: channel) }
    }

    func handleChannelClosed(_ channel: DataConsumerID, of id: ParticipantID) {
        guard let label = participants[id]?.subscribe?.channels.first(where: { $0.value == channel })?.key
        else { return }
        participants[id]?.subscribe?.openChannels.remove(label)
    }

    /// Sends a message on everybody's channel with this label; a page that does not keep up misses it.
    func broadcast(_ bytes: [UInt8], isBinary: Bool, on label: String, except: ParticipantID? = nil) async {
        for participant in participants.values where participant.id != except {
            guard let subscribe = participant.subscribe, subscribe.openChannels.contains(label),
                let channel = subscribe.channels[label]
            else { continue }
            try? await worker.send(bytes, isBinary: isBinary, on: channel)
        }
    }

    func sendCursor(_ message: CursorMessage) async {
        let bytes = message.encoded()
        switch message {
        case .position:
            cursorPosition = bytes
            // The holder's own pointer is already there.
            await broadcast(bytes, isBinary: true, on: Self.cursorLabel, except: holder)
        case .shape:
            cursorShape = bytes
            await broadcast(bytes, isBinary: true, on: Self.cursorLabel)
        }
    }

    // MARK: Labels of channels

    static let cursorLabel = "cursor"
    static let chatLabel = "chat"
}

extension RoomMessage.Track {
    init(_ source: TrackSource) {
        switch source {
        case .camera(let id): self.init(person: id.rawValue, source: .camera)
        case .deskPicture, .deskSound: self.init(person: 0, source: .desk)
        case .microphone(let id): self.init(person: id.rawValue, source: .microphone)
        }
    }
}
