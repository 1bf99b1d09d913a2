internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

/// The connections that the room offers.
extension Session {
    /// Offers the desk, and everybody else, on a new connection in the place of the one before.
    ///
    /// - Parameter failures: Answers in a row that could not be used.
    func beginSubscribe(_ id: ParticipantID, failures: Int = 0) {
        guard participants[id] != nil else { return }
        endSubscribe(id)
        let connection = SubscribeConnection(
            owner: id,
            codecs: codecs,
            sight: sight(of: id),
            failures: failures
        )
        participants[id]?.subscribe = connection
        connection.offer(tracks(for: id))
        work(on: connection)
    }

    /// The browser's network has changed, or its path is lost: the same connection on new credentials.
    func restartSubscribe(_ id: ParticipantID, on page: SignallingConnection) async {
        guard await isTurn(of: id, on: page) else { return }
        if let connection = participants[id]?.subscribe, !connection.isEnded {
            connection.restart()
            work(on: connection)
        } else {
            beginSubscribe(id)
        }
        // The page's next message waits until this is done.
        await participants[id]?.subscribe?.work?.value
    }

    /// Gives a person's connection up; what it was is taken down in the background.
    func endSubscribe(_ id: ParticipantID) {
        guard let connection = participants[id]?.subscribe else { return }
        participants[id]?.subscribe = nil
        connection.end()
        work(on: connection)
    }

    /// The offer, or its answer, may have been lost with a WebSocket.
    func repeatOffer(_ id: ParticipantID) {
        guard let connection = participants[id]?.subscribe else { return }
        connection.repeatOffer()
        work(on: connection)
    }

    // MARK: Answers

    /// - Parameter page: What it came by; of no effect if that is not the person's page any more.
    func handleSubscribeAnswer(
        _ sdp: String,
        offer: Int,
        from id: ParticipantID,
        on page: SignallingConnection
    ) async {
        guard let connection = participants[id]?.subscribe, let reader = connection.reader(of: offer) else {
            // A newer offer is on its way, or was answered.
            return
        }
        let result = await descriptions.read(sdp, of: offer, with: reader)
        guard participants[id]?.connection === page else { return }
        connection.handleAnswer(result, id: offer)
        await work(on: connection).value
    }

    /// The page's browser could make nothing of an offer.
    func handleSubscribeFailure(offer: Int, from id: ParticipantID) async {
        guard let connection = participants[id]?.subscribe else { return }
        connection.handleAnswer(.failure(.unsupported("the browser did not take its offer")), id: offer)
        await work(on: connection).value
    }

    @concurrent private static func write(_ offer: SubscribeOffer) async -> String { offer.sdp }

    // MARK: Work

    /// Does what there is to do for a connection, in a task that the connection owns; returns that task.
    @discardableResult func work(on connection: SubscribeConnection) -> Task<Void, Never> {
        if let work = connection.work { return work }
        let work = Task {
            while let step = connection.poll(now: .now()) {
                connection.handle(await perform(step, of: connection))
            }
            connection.work = nil
        }
        connection.work = work
        return work
    }

    private func perform(
        _ step: SubscribeConnection.Step,
        of connection: SubscribeConnection
    ) async -> SubscribeConnection.Outcome {
        switch step {
        case .close(let transport):
            owners[transport] = nil
            try? await worker.close(transport)
            await updateWantedStreams()
        case .closeConsumer(let consumer): try? await worker.close(consumer)
        case .connect(let transport, let answer):
            do {
                try await worker.connect(transport, dtls: answer.dtls, ice: answer.ice, sctp: answer.sctp)
                return .connected(true)
            } catch {
                log.warning("An answer was refused", metadata: ["error": "\(error)"])
                return .connected(false)
            }
        case .consume(let track, let transport, let options):
            let mid = options.mid ?? ""
            guard let producer = await producer(of: track, options.capabilities, for: connection) else {
                return .consumed(mid: mid, nil)
            }
            return .consumed(mid: mid, await consume(producer, on: transport, options, for: connection))
        case .make:
            do {
                let parameters = try await worker.makeWebRTCTransport(on: router)
                owners[parameters.id] = .subscribe(connection)
                return .made(parameters)
            } catch {
                log.warning("A subscribe connection was refused", metadata: ["error": "\(error)"])
                return .made(nil)
            }
        case .offer(let offer, let tracks):
            let sdp = await Self.write(offer)
            let owners = tracks.mapValues { RoomMessage.Track($0) }
            tell(.subscribeOffer(sdp: sdp, id: offer.id, tracks: owners), of: connection)
        case .openChannel(let label, let transport):
            let parameters = DataChannelParameters(label: label)
            guard let channel = try? await worker.consumeData(on: transport, parameters) else { break }
            return .channelOpened(label: label, channel)
        case .prioritise(let consumer, let priority): try? await worker.setPriority(consumer, priority)
        case .renew(let failures):
            if isCurrent(connection) { beginSubscribe(connection.owner, failures: failures) }
        case .restartICE(let transport): return .restarted(try? await worker.restartICE(transport))
        case .say(let step, let words): tell(.error(step: step, message: words), of: connection)
        case .show(let consumer, let mid, let demand): await show(consumer, mid, demand, of: connection)
        case .updateICE(let transport, let credentials):
            // New ones after a restart, the same otherwise.
            try? await worker.setRemoteICE(credentials, of: transport)
        }
        return .done
    }

    private func producer(
        of track: OfferedTrack,
        _ accepted: RTPCapabilities,
        for connection: SubscribeConnection
    ) async -> ProducerID? {
        guard track.source == .deskPicture else { return track.producer }
        guard let name = accepted.codecs.lazy.compactMap({ DeskStreamName($0.codec) }).first else {
            return nil
        }
        connection.deskStream = name
        await updateWantedStreams()
        return desk.producer(name)
    }

    private func consume(
        _ producer: ProducerID,
        on transport: TransportID,
        _ options: ConsumerOptions,
        for connection: SubscribeConnection
    ) async -> ConsumerID? {
        do {
            return try await worker.consume(producer, on: transport, options: options).id
        } catch SFUError.unsupported {
            // A camera in a codec that this browser does not decode.
            tell(.delivery([options.mid ?? "": .unsupported]), of: connection)
        } catch SFUError.notFound {
            // The source left in the meantime; the next offer says so.
        } catch {
            log.warning("A stream could not be sent", metadata: ["error": "\(error)"])
        }
        return nil
    }

    private func show(
        _ consumer: ConsumerID,
        _ mid: String,
        _ demand: PageSight.Demand,
        of connection: SubscribeConnection
    ) async {
        switch demand {
        case .all: try? await worker.resume(consumer)
        case .hidden:
            try? await worker.pause(consumer)
            tell(.delivery([mid: .pausedByYou]), of: connection)
        case .layer(let layer):
            try? await worker.setPreferredLayers(consumer, spatial: layer)
            try? await worker.resume(consumer)
        }
    }

    private func isCurrent(_ connection: SubscribeConnection) -> Bool {
        participants[connection.owner]?.subscribe === connection
    }

    /// Tells a page of its connection; one that has another by now does not want to know.
    private func tell(_ message: RoomMessage, of connection: SubscribeConnection) {
        if isCurrent(connection) { send(message, to: connection.owner) }
    }

    // MARK: Channels

    /// A channel that the room opened is open.
    func handleChannelOpened(_ channel: DataConsumerID, of connection: SubscribeConnection) async {
        guard let label = connection.label(of: channel) else { return }
        if label == Self.chatLabel { await repeatChat(on: channel, for: connection.owner) }
        connection.handleChannelOpened(channel)
        guard label == Self.cursorLabel else { return }
        if let cursorShape { try? await worker.send(cursorShape, on: channel) }
        if let cursorPosition, holder != connection.owner {
            try? await worker.send(cursorPosition, on: channel)
        }
    }

    /// Sends a message on everybody's channel with this label; a page that does not keep up misses it.
    func broadcast(_ bytes: [UInt8], isBinary: Bool, on label: String, except: ParticipantID? = nil) async {
        for participant in participants.values where participant.id != except {
            guard let channel = participant.subscribe?.channel(label) else { continue }
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

    static let cursorLabel = SubscribeConnection.cursorLabel
    static let chatLabel = SubscribeConnection.chatLabel
}
