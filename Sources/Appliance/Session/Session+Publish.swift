internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC
internal import Wire

/// The connections that pages offer.
extension Session {
    /// The browser's connection: a first offer, an ICE restart of it, a change of what it sends, or the offer of a
    /// page that was loaded anew.
    ///
    /// - Parameter page: What it came by; of no effect if that is not the person's page any more.
    func handlePublishOffer(_ sdp: String, from id: ParticipantID, on page: SignallingConnection) async {
        guard await isTurn(of: id, on: page) else { return }
        let result = await descriptions.read(sdp, for: codecs)
        guard let participant = participants[id], participant.connection === page else { return }
        switch result {
        case .failure(let error): send(.error(step: "publishOffer", message: error.description), to: id)
        case .success(let offer):
            let connection =
                participant.publish.flatMap { $0.continues(offer) ? $0 : nil } ?? beginPublish(id, for: offer)
            connection.handle(offer: offer)
            // The page's next message waits for this one's answer.
            await work(on: connection).value
        }
    }

    /// Waits until one more offer of this person is looked at, or asked for; returns whether it still is theirs to
    /// make.
    func isTurn(of id: ParticipantID, on page: SignallingConnection) async -> Bool {
        while participants[id]?.connection === page, !page.isOver {
            guard let wait = participants[id]?.offerAllowance.take(now: .now()), wait > .zero else {
                return true
            }
            // In pieces: a page that goes away meanwhile keeps nobody waiting, least of all the room's own end.
            try? await Task.sleep(for: .nanoseconds(min(wait, Self.piece).nanoseconds))
        }
        return false
    }

    private static let piece = Interval.milliseconds(100)

    private func beginPublish(_ id: ParticipantID, for offer: PublishOffer) -> PublishConnection {
        let before = participants[id]?.publish
        endPublish(id)
        // One after the other: what the former one's end means for control must not come after this one's beginning.
        let connection = PublishConnection(owner: id, for: offer)
        connection.predecessor = before?.work
        participants[id]?.publish = connection
        return connection
    }

    /// Gives a person's connection up; what it was is taken down in the background.
    func endPublish(_ id: ParticipantID) {
        guard let connection = participants[id]?.publish else { return }
        participants[id]?.publish = nil
        connection.end()
        work(on: connection)
        updateTracks()
    }

    // MARK: Work

    /// Does what there is to do for a connection, in a task that the connection owns; returns that task.
    @discardableResult func work(on connection: PublishConnection) -> Task<Void, Never> {
        if let work = connection.work { return work }
        let work = Task {
            await connection.predecessor?.value
            connection.predecessor = nil
            while let step = connection.poll() {
                connection.handle(await perform(step, of: connection))
            }
            connection.work = nil
            if connection.isEnded, participants[connection.owner]?.publish === connection {
                endPublish(connection.owner)
            }
        }
        connection.work = work
        return work
    }

    private func perform(
        _ step: PublishConnection.Step,
        of connection: PublishConnection
    ) async -> PublishConnection.Outcome {
        switch step {
        case .answer(let offer, let parameters, let accepted):
            updateTracks()
            let sdp = await Self.write(offer, parameters, accepted)
            tell(.publishAnswer(sdp: sdp), of: connection)
            return .done
        case .close(let transport):
            owners[transport] = nil
            await relay.handleDisconnect(of: connection.owner)
            try? await worker.close(transport)
            return .done
        case .connect(let transport, let offer):
            do {
                try await worker.connect(transport, dtls: offer.dtls, ice: offer.ice, sctp: offer.sctp)
                return .connected(true)
            } catch {
                log.warning("A publish connection was refused", metadata: ["error": "\(error)"])
                return .connected(false)
            }
        case .make:
            do {
                let parameters = try await worker.makeWebRTCTransport(on: router)
                owners[parameters.id] = .publish(connection)
                return .made(parameters)
            } catch {
                log.warning("A publish connection was refused", metadata: ["error": "\(error)"])
                return .made(nil)
            }
        case .produce(let media, let source, let transport):
            do throws(SFUError) {
                let producer = try await worker.produce(
                    on: transport,
                    kind: media.kind,
                    parameters: media.parameters,
                    streamID: source.streamID
                )
                return .produced(mid: media.mid, .success(producer))
            } catch {
                log.warning("A stream was refused", metadata: ["error": "\(error)"])
                return .produced(mid: media.mid, .failure(error))
            }
        case .restartICE(let transport, let remote):
            guard let credentials = try? await worker.restartICE(transport) else { return .restarted(nil) }
            try? await worker.setRemoteICE(remote, of: transport)
            return .restarted(credentials)
        case .say(let step, let words):
            tell(.error(step: step, message: words), of: connection)
            return .done
        case .stop(let producer):
            try? await worker.close(producer)
            return .done
        }
    }

    @concurrent private static func write(
        _ offer: PublishOffer,
        _ parameters: WebRTCTransportParameters,
        _ accepted: Set<String>
    ) async -> String {
        offer.answer(transport: parameters, accepting: accepted)
    }

    /// Tells a page of its connection; one that has another by now does not want to know.
    private func tell(_ message: RoomMessage, of connection: PublishConnection) {
        if participants[connection.owner]?.publish === connection { send(message, to: connection.owner) }
    }

    // MARK: What happens to it

    func handlePublishICE(_ state: ICEState, of connection: PublishConnection) async {
        guard !connection.isEnded else { return }
        switch state {
        case .connected:
            if !connection.channels.isEmpty { await relay.handleReconnect(of: connection.owner) }
        case .disconnected, .failed: await relay.handleDisconnect(of: connection.owner)
        case .checking, .new: break
        }
    }

    func handleDataProducer(
        _ channel: DataProducerID,
        _ parameters: DataChannelParameters,
        of connection: PublishConnection
    ) async {
        switch parameters.label {
        case "control", "pointer":
            guard let messages = try? await worker.subscribeDirect(channel), !connection.isEnded else {
                return
            }
            connection.channels.insert(channel)
            if parameters.label == "control" { connection.control = channel }
            await relay.read(messages, of: channel, from: connection.owner)
            guard connection.channels.contains(channel), !connection.isEnded else { return }
            await relay.handleReconnect(of: connection.owner)
        case Self.chatLabel:
            guard let messages = try? await worker.subscribeDirect(channel), !connection.isEnded else {
                return
            }
            connection.chat = channel
            readChat(messages, of: connection.owner)
        default:
            // Nothing else is taken; an open channel that nobody reads would only fill buffers.
            try? await worker.close(channel)
            guard !connection.isEnded, !connection.hasRefusedChannel else { return }
            connection.hasRefusedChannel = true
            tell(
                .error(
                    step: "publish",
                    message:
                        "The room takes the data channels control, pointer and chat; it has closed another."
                ),
                of: connection
            )
        }
    }

    func handleDataProducerClosed(_ channel: DataProducerID, of connection: PublishConnection) async {
        if connection.chat == channel { connection.chat = nil }
        if connection.control == channel { connection.control = nil }
        guard connection.channels.remove(channel) != nil, !connection.isEnded else { return }
        await relay.handleDisconnect(of: connection.owner)
    }
}
