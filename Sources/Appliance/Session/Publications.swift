internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

/// The connections that pages offer, and the steps that bring about what they ask for.
@SessionActor final class Publications {
    private let roster: Roster
    private let transports: Transports
    private let subscriptions: Subscriptions
    private let chat: Chat
    private let clipboard: SharedClipboard
    private let files: SharedFiles
    private let pointing: Pointing
    private let ears: DeskEars
    private let worker: Worker
    private let relay: ControlRelay
    private let codecs: RoomCodecs
    private let descriptions: DescriptionReader
    private let log: Logger

    init(
        _ roster: Roster,
        _ transports: Transports,
        _ subscriptions: Subscriptions,
        _ chat: Chat,
        _ clipboard: SharedClipboard,
        _ files: SharedFiles,
        _ pointing: Pointing,
        _ ears: DeskEars,
        worker: Worker,
        relay: ControlRelay,
        codecs: RoomCodecs,
        descriptions: DescriptionReader,
        log: Logger
    ) {
        self.roster = roster
        self.transports = transports
        self.subscriptions = subscriptions
        self.chat = chat
        self.clipboard = clipboard
        self.files = files
        self.pointing = pointing
        self.ears = ears
        self.worker = worker
        self.relay = relay
        self.codecs = codecs
        self.descriptions = descriptions
        self.log = log
    }

    // MARK: Beginning and end

    /// The browser's connection: a first offer, an ICE restart of it, a change of what it sends, or the offer of a
    /// page that was loaded anew.
    ///
    /// - Parameter isCurrent: Whether the page that it came by still is the person's.
    func handleOffer(_ sdp: String, from person: Person, isCurrent: @SessionActor () -> Bool) async {
        let result = await descriptions.read(sdp, for: codecs)
        // Meanwhile the person may have left, or come by another page, whose connection is not this one's.
        guard isCurrent() else { return }
        switch result {
        case .failure(let error):
            roster.send(.error(step: "publishOffer", Refusal(error)), to: person.id)
        case .success(let offer):
            let connection =
                person.publish.flatMap { $0.continues(offer) ? $0 : nil } ?? begin(person, for: offer)
            connection.handle(offer: offer)
            // The page's next message waits for this one's answer.
            await work(on: connection).value
        }
    }

    private func begin(_ person: Person, for offer: PublishOffer) -> PublishConnection {
        end(person)
        let connection = PublishConnection(
            owner: person.id,
            for: offer,
            rights: roster.rights(of: person.id)
        )
        // One after the other: what the former one's end means for control must not come after this one's beginning.
        connection.predecessor = person.unpublishing
        connection.setMuted(person.isMuted)
        person.publish = connection
        return connection
    }

    /// Gives a person's connection up; what it was is taken down in the background.
    func end(_ person: Person) {
        if let broadcast = person.broadcast {
            person.broadcast = nil
            broadcast.end()
            ears.update()
            subscriptions.updateTracks()
        }
        guard let connection = person.publish else { return }
        person.publish = nil
        connection.end()
        person.unpublishing = work(on: connection)
        ears.update()
        subscriptions.updateTracks()
    }

    /// What a person may send has changed: what they may not send any more is not received.
    func updateRights(of person: Person) {
        if let broadcast = person.broadcast {
            broadcast.handle(rights: roster.rights(of: person.id))
            subscriptions.updateTracks()
        }
        guard let connection = person.publish else { return }
        connection.handle(rights: roster.rights(of: person.id))
        work(on: connection)
        subscriptions.updateTracks()
    }

    /// What comes from a person's microphone is not passed on until ``unmute(_:)``, whatever connection it comes by.
    func mute(_ person: Person) { setMuted(person, true) }

    func unmute(_ person: Person) { setMuted(person, false) }

    private func setMuted(_ person: Person, _ isMuted: Bool) {
        guard person.isMuted != isMuted else { return }
        person.isMuted = isMuted
        ears.update()
        person.broadcast?.setMuted(isMuted)
        guard let connection = person.publish else { return }
        connection.setMuted(isMuted)
        work(on: connection)
    }

    // MARK: Steps

    /// Does what there is to do for a connection, in a task that the connection owns; returns that task.
    ///
    /// Whatever happens while a step is awaited, the connection says what is to be done next.
    @discardableResult func work(on connection: PublishConnection) -> Task<Void, Never> {
        if let work = connection.work { return work }
        let work = Task {
            await connection.predecessor?.value
            connection.predecessor = nil
            while let step = connection.poll() {
                connection.handle(await perform(step, of: connection))
            }
            connection.work = nil
            if connection.isEnded, let person = current(connection) { end(person) }
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
            ears.update()
            subscriptions.updateTracks()
            let sdp = await Self.write(offer, parameters, accepted)
            tell(.publishAnswer(sdp: sdp), of: connection)
        case .close(let transport):
            transports.disown(transport)
            await relay.handleDisconnect(of: connection.owner)
            await transports.close(transport)
        case .connect(let transport, let offer):
            do {
                try await worker.connect(transport, dtls: offer.dtls, ice: offer.ice, sctp: offer.sctp)
                return .connected(true)
            } catch {
                log.warning("A publish connection was refused", metadata: ["error": "\(error)"])
                return .connected(false)
            }
        case .make: return .made(await transports.make(for: .publish(connection)))
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
            connection.setCandidates(await worker.reachable)
            guard let credentials = try? await worker.restartICE(transport) else { return .restarted(nil) }
            try? await worker.setRemoteICE(remote, of: transport)
            return .restarted(credentials)
        case .say(let step, let refusal): tell(.error(step: step, refusal), of: connection)
        case .silence(let producer, true): try? await worker.pause(producer)
        case .silence(let producer, false): try? await worker.resume(producer)
        case .stop(let producer): try? await worker.close(producer)
        }
        return .done
    }

    @concurrent nonisolated private static func write(
        _ offer: PublishOffer,
        _ parameters: WebRTCTransportParameters,
        _ accepted: Set<String>
    ) async -> String {
        offer.answer(transport: parameters, accepting: accepted)
    }

    /// Whose connection it is, unless they have another by now.
    private func current(_ connection: PublishConnection) -> Person? {
        roster[connection.owner].flatMap { $0.publish === connection ? $0 : nil }
    }

    /// Tells a page of its connection; one that has another by now does not want to know.
    private func tell(_ message: RoomMessage, of connection: PublishConnection) {
        if let person = current(connection) { roster.send(message, to: person.id) }
    }

    // MARK: What happens to it

    func handleICE(_ state: ICEState, of connection: PublishConnection) async {
        guard !connection.isEnded else { return }
        switch state {
        case .connected:
            if !connection.channels.isEmpty { await relay.handleReconnect(of: connection.owner) }
        case .disconnected, .failed: await relay.handleDisconnect(of: connection.owner)
        case .checking, .new: break
        }
    }

    func handleChannelOpened(
        _ channel: DataProducerID,
        _ parameters: DataChannelParameters,
        of connection: PublishConnection
    ) async {
        switch parameters.label {
        case "control", "pointer":
            connection.channels.insert(channel)
            if parameters.label == "control" { connection.control = channel }
            let isRead: Void? = try? await relay.read(channel, of: worker, from: connection.owner)
            // The channel may have closed before or meanwhile, and the connection ended.
            guard isRead != nil, connection.channels.contains(channel), !connection.isEnded else {
                connection.channels.remove(channel)
                if connection.control == channel { connection.control = nil }
                return
            }
            await relay.handleReconnect(of: connection.owner)
        case SubscribeChannels.chatLabel:
            guard let messages = try? await worker.subscribe(channel), !connection.isEnded else {
                return
            }
            connection.chat = channel
            chat.read(messages, of: connection.owner)
        case "clipboard":
            guard let messages = try? await worker.subscribe(channel), !connection.isEnded else {
                return
            }
            connection.clipboard = channel
            clipboard.read(messages, of: connection.owner)
        case "files":
            guard let messages = try? await worker.subscribe(channel), !connection.isEnded else {
                return
            }
            connection.files = channel
            files.read(messages, of: connection.owner, on: channel)
        case SubscribeChannels.pointingLabel:
            guard let messages = try? await worker.subscribe(channel), !connection.isEnded else {
                return
            }
            connection.pointing = channel
            pointing.read(messages, of: connection.owner)
        default:
            // Nothing else is taken; an open channel that nobody reads would only fill buffers.
            try? await worker.close(channel)
            guard !connection.isEnded, !connection.hasRefusedChannel else { return }
            connection.hasRefusedChannel = true
            tell(
                .error(
                    step: "publish",
                    Refusal(
                        uncoded:
                            "The room takes the data channels control, pointer, chat, clipboard, files and pointing; it has closed another."
                    )
                ),
                of: connection
            )
        }
    }

    func handleChannelClosed(_ channel: DataProducerID, of connection: PublishConnection) async {
        if connection.chat == channel { connection.chat = nil }
        if connection.clipboard == channel { connection.clipboard = nil }
        if connection.files == channel { connection.files = nil }
        if connection.control == channel { connection.control = nil }
        if connection.pointing == channel { connection.pointing = nil }
        guard connection.channels.remove(channel) != nil, !connection.isEnded else { return }
        await relay.handleDisconnect(of: connection.owner)
    }

    /// A message from before its channel had its reader.
    func handleEarly(
        _ message: DataMessage,
        on channel: DataProducerID,
        of connection: PublishConnection
    ) async {
        guard !connection.isEnded else { return }
        if connection.chat == channel {
            await chat.handle(message, from: connection.owner)
        } else if connection.clipboard == channel {
            await clipboard.handle(message, from: connection.owner)
        } else if connection.files == channel {
            await files.handle(message, from: connection.owner)
        } else if connection.pointing == channel {
            await pointing.handle(message, from: connection.owner)
        } else {
            await relay.handle(message, from: connection.owner)
        }
    }
}
