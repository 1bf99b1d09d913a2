internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

extension Session {
    /// The browser's connection: a first offer, an ICE restart of it, or the offer of a page that was loaded
    /// anew.
    func handlePublishOffer(_ sdp: String, from id: ParticipantID) async {
        do {
            let offer = try PublishOffer(parsing: sdp, for: codecs)
            let parameters = try await publishTransport(for: offer, of: id)
            let received = await receive(offer.media, from: id)
            send(.publishAnswer(sdp: offer.answer(transport: parameters, accepting: received)), to: id)
        } catch let error as NegotiationError {
            send(.error(step: "publishOffer", message: error.description), to: id)
        } catch {
            log.warning("A publish connection was refused", metadata: ["error": "\(error)"])
            send(
                .error(
                    step: "publishOffer",
                    message: "The room could not set up your connection. Reload the page."
                ),
                to: id
            )
        }
    }

    private func publishTransport(
        for offer: PublishOffer,
        of id: ParticipantID
    ) async throws -> WebRTCTransportParameters {
        if var publish = participants[id]?.publish, publish.fingerprints == offer.dtls.fingerprints {
            if publish.remoteICE != offer.ice {
                publish.parameters.iceCredentials = try await worker.restartICE(publish.parameters.id)
                try await worker.setRemoteICE(offer.ice, of: publish.parameters.id)
                publish.remoteICE = offer.ice
                participants[id]?.publish?.parameters = publish.parameters
                participants[id]?.publish?.remoteICE = publish.remoteICE
            }
            return publish.parameters
        }
        await endPublish(id)
        let parameters = try await worker.makeWebRTCTransport(on: router)
        guard participants[id] != nil else {
            try? await worker.close(parameters.id)
            throw SFUError.notFound
        }
        owners[parameters.id] = id
        participants[id]?.publish = Participant.Publish(
            parameters: parameters,
            remoteICE: offer.ice,
            fingerprints: offer.dtls.fingerprints
        )
        try await worker.connect(parameters.id, dtls: offer.dtls, ice: offer.ice, sctp: offer.sctp)
        return parameters
    }

    func endPublish(_ id: ParticipantID) async {
        guard let publish = participants[id]?.publish else { return }
        participants[id]?.publish = nil
        owners[publish.parameters.id] = nil
        await relay.handleDisconnect(of: id)
        withdraw(publish.media, of: id)
        try? await worker.close(publish.parameters.id)
    }

    // MARK: What happens to it

    func handlePublishICE(_ state: ICEState, of id: ParticipantID) async {
        switch state {
        case .connected:
            if participants[id]?.publish?.channels.isEmpty == false { await relay.handleReconnect(of: id) }
        case .disconnected, .failed: await relay.handleDisconnect(of: id)
        case .checking, .new: break
        }
    }

    func handleDataProducer(
        _ channel: DataProducerID,
        _ parameters: DataChannelParameters,
        of id: ParticipantID
    ) async {
        switch parameters.label {
        case "control", "pointer":
            guard let messages = try? await worker.subscribeDirect(channel) else { return }
            participants[id]?.publish?.channels.insert(channel)
            await relay.read(messages, of: channel, from: id)
            await relay.handleReconnect(of: id)
        case Self.chatLabel:
            guard let messages = try? await worker.subscribeDirect(channel) else { return }
            participants[id]?.publish?.chat = channel
            readChat(messages, of: id)
        default:
            // Nothing else is taken; an open channel that nobody reads would only fill buffers.
            try? await worker.close(channel)
        }
    }

    func handleDataProducerClosed(_ channel: DataProducerID, of id: ParticipantID) async {
        guard participants[id]?.publish?.channels.remove(channel) != nil else { return }
        await relay.handleDisconnect(of: id)
    }
}
