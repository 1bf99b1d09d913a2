internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

extension Session {
    /// Offers the desk on a new connection.
    func beginSubscribe(_ id: ParticipantID) async {
        do {
            let parameters = try await worker.makeWebRTCTransport(on: router)
            guard participants[id] != nil else {
                try? await worker.close(parameters.id)
                return
            }
            owners[parameters.id] = id
            var session = SubscribeSession(transport: parameters)
            // Streams of their own, so that lip-sync never delays the picture.
            let video = session.add(.video, streamID: "desk-picture", trackID: "desk-picture")
            let audio = session.add(.audio, streamID: "desk-sound", trackID: "desk-sound")
            let offer = session.offer()
            participants[id]?.subscribe = Participant.Subscribe(
                transport: parameters.id,
                session: session,
                videoMID: video.mid,
                audioMID: audio.mid
            )
            send(.subscribeOffer(sdp: offer.sdp, id: offer.id), to: id)
        } catch {
            log.warning("A subscribe connection was refused", metadata: ["error": "\(error)"])
            send(.error(step: "subscribe", message: "The room could not set up your connection. Reload the page."), to: id)
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
        guard let offer = participants[id]?.subscribe?.session.offer() else { return }
        send(.subscribeOffer(sdp: offer.sdp, id: offer.id), to: id)
    }

    func endSubscribe(_ id: ParticipantID) async {
        guard let subscribe = participants[id]?.subscribe else { return }
        participants[id]?.subscribe = nil
        owners[subscribe.transport] = nil
        try? await worker.close(subscribe.transport)
        await updateWantedStreams()
    }

    func handleSubscribeAnswer(_ sdp: String, offer: Int, from id: ParticipantID) async {
        do {
            guard let answer = try participants[id]?.subscribe?.session.handleAnswer(sdp, id: offer) else { return }
            try await connect(answer, of: id)
            try await consume(answer, of: id)
        } catch NegotiationError.outdated {
            // A newer offer is on its way, or was answered.
        } catch let error as NegotiationError {
            send(.error(step: "subscribeAnswer", message: error.description), to: id)
        } catch {
            log.warning("An answer was refused", metadata: ["error": "\(error)"])
            send(
                .error(step: "subscribeAnswer", message: "The room could not send you the desk. Reload the page."),
                to: id
            )
        }
    }

    private func connect(_ answer: SubscribeAnswer, of id: ParticipantID) async throws {
        guard let subscribe = participants[id]?.subscribe, !subscribe.isConnected else { return }
        participants[id]?.subscribe?.isConnected = true
        try await worker.connect(subscribe.transport, dtls: answer.dtls, sctp: answer.sctp)
        guard answer.sctp != nil else { return }
        participants[id]?.subscribe?.cursor = try await worker.consumeData(
            on: subscribe.transport,
            DataChannelParameters(label: "cursor")
        )
    }

    /// Sends what the browser accepts and does not get yet.
    private func consume(_ answer: SubscribeAnswer, of id: ParticipantID) async throws {
        guard let subscribe = participants[id]?.subscribe else { return }
        for slot in subscribe.session.slots {
            guard let accepted = answer.accepted[slot.mid], let codec = accepted.codecs.first else {
                if slot.mid == subscribe.videoMID {
                    throw NegotiationError.unsupported("it decodes neither H.264 nor VP8")
                }
                continue
            }
            guard participants[id]?.subscribe?.consumers[slot.mid] == nil else { continue }
            let name = slot.kind == .audio ? .opus : DeskStreamName(codec.codec)
            guard let name, let producer = desk.producer(name) else { continue }
            if slot.kind == .video {
                participants[id]?.subscribe?.video = name
                await updateWantedStreams()
            }
            let consumer = try await worker.consume(
                producer,
                on: subscribe.transport,
                options: ConsumerOptions(
                    capabilities: accepted,
                    mid: slot.mid,
                    ssrc: slot.ssrc,
                    rtxSSRC: slot.rtxSSRC,
                    streamID: slot.streamID,
                    playoutDelay: slot.kind == .video ? 0...0 : nil
                )
            )
            participants[id]?.subscribe?.consumers[slot.mid] = consumer.id
        }
    }

    // MARK: The desk's pointer

    /// The channel is open: what the pointer looks like now.
    func handleCursorOpened(_ channel: DataConsumerID, of id: ParticipantID) async {
        guard participants[id]?.subscribe?.cursor == channel else { return }
        participants[id]?.subscribe?.isCursorOpen = true
        if let cursorShape { try? await worker.send(cursorShape, on: channel) }
        if let cursorPosition, holder != id { try? await worker.send(cursorPosition, on: channel) }
    }

    func sendCursor(_ message: CursorMessage) async {
        let bytes = message.encoded()
        let isPosition: Bool
        if case .position = message { isPosition = true } else { isPosition = false }
        if isPosition { cursorPosition = bytes } else { cursorShape = bytes }
        for participant in participants.values where !(isPosition && participant.id == holder) {
            guard let subscribe = participant.subscribe, subscribe.isCursorOpen, let channel = subscribe.cursor else { continue }
            // A page that does not keep up misses positions; the next one is as good.
            try? await worker.send(bytes, on: channel)
        }
    }
}
