internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import WebRTC

/// The connections that the room offers: what each person is sent, and the steps that bring it about.
@SessionActor final class Subscriptions {
    private let roster: Roster
    private let transports: Transports
    private let desk: SharedDesk
    private let chat: Chat
    private let pointing: Pointing
    private let speakers: Speakers
    private let worker: Worker
    private let codecs: RoomCodecs
    private let descriptions: DescriptionReader
    private let log: Logger

    init(
        _ roster: Roster,
        _ transports: Transports,
        _ desk: SharedDesk,
        _ chat: Chat,
        _ pointing: Pointing,
        _ speakers: Speakers,
        worker: Worker,
        codecs: RoomCodecs,
        descriptions: DescriptionReader,
        log: Logger
    ) {
        self.roster = roster
        self.transports = transports
        self.desk = desk
        self.chat = chat
        self.pointing = pointing
        self.speakers = speakers
        self.worker = worker
        self.codecs = codecs
        self.descriptions = descriptions
        self.log = log
    }

    // MARK: Beginning and end

    /// Offers the desk, and everybody else, on a new connection in the place of the one before.
    ///
    /// - Parameter failures: Answers in a row that could not be used.
    func begin(_ person: Person, failures: Int = 0) {
        end(person)
        let style = roster.style(of: person.id)
        // Whoever only sends is sent nothing.
        guard roster.outside(person.id) != .publisher, style != .plain else { return }
        let connection = SubscribeConnection(
            owner: person.id,
            codecs: codecs,
            style: style,
            sight: sight(of: person),
            failures: failures
        )
        person.subscribe = connection
        connection.offer(tracks(for: person))
        work(on: connection)
    }

    /// Gives a person's connection up; what it was is taken down in the background.
    func end(_ person: Person) {
        guard let connection = person.subscribe else { return }
        person.subscribe = nil
        connection.end()
        work(on: connection)
    }

    /// The browser's network has changed, or its path is lost: the same connection on new credentials.
    func restart(_ person: Person) async {
        if let connection = person.subscribe, !connection.isEnded {
            connection.restart()
            work(on: connection)
        } else {
            begin(person)
        }
        // The page's next message waits until this is done; by then the connection may have ended.
        await person.subscribe?.work?.value
    }

    /// The offer, or its answer, may have been lost with a WebSocket.
    func repeatOffer(to person: Person) {
        guard let connection = person.subscribe else { return }
        connection.repeatOffer()
        work(on: connection)
    }

    // MARK: What is sent

    /// What there is to be sent to one person: the desk, and everybody else.
    func tracks(for person: Person) -> [OfferedTrack] {
        let isClear = desk.privacy.hidden.isHiding && desk.privacy.seesAll(person.id)
        var tracks = [
            OfferedTrack(.deskPicture, isClear: isClear),
            OfferedTrack(.deskSound, producer: desk.streams.producer(.opus)),
        ]
        let rights = roster.rights(of: person.id)
        guard roster.outside(person.id) == nil else {
            return tracks.filter { rights.allow(.receive($0.source.kind)) }
        }
        for other in roster.everybody where other !== person {
            for track in other.sources {
                let isSound = track.media.kind == .audio
                tracks.append(
                    OfferedTrack(
                        track.source,
                        producer: track.producer,
                        codec: isSound ? nil : track.media.parameters.codecs.first?.codec,
                        isMuted: isSound && other.media.audio != .on
                    )
                )
            }
        }
        // What one person sees behind a curtain, another one who does not must not see by their view.
        if let view = person.watched.flatMap({ roster[$0]?.view }),
            !view.isClear || desk.privacy.seesAll(person.id)
        {
            tracks.append(view)
        }
        return tracks.filter { rights.allow(.receive($0.source.kind)) }
    }

    /// Somebody's camera or microphone came, changed or went: everybody is offered what there is now.
    func updateTracks() {
        for person in roster.everybody { updateTracks(for: person) }
    }

    func updateTracks(for person: Person) {
        guard let connection = person.subscribe else { return }
        connection.offer(tracks(for: person))
        work(on: connection)
    }

    /// What a person's page shows has changed, or who comes first.
    @discardableResult func updateSight(of person: Person) -> Task<Void, Never>? {
        person.broadcast?.setDeskSilent(desk.privacy.silences(person.id))
        guard let connection = person.subscribe else { return nil }
        connection.show(sight(of: person))
        return work(on: connection)
    }

    /// What is hidden of the desk has changed, or from whom.
    func updatePrivacy() {
        for person in roster.everybody {
            updateTracks(for: person)
            updateSight(of: person)
        }
    }

    private func sight(of person: Person) -> PageSight {
        var sight = PageSight()
        sight.views = person.views
        sight.speaker = speakers.dominant
        sight.view = person.watched.flatMap { roster[$0]?.subscribe?.deskDemand } ?? .all
        sight.isDeskSilent = desk.privacy.silences(person.id)
        return sight
    }

    // MARK: Answers

    /// - Parameter isCurrent: Whether the page that the answer came by still is the person's.
    func handleAnswer(
        _ sdp: String,
        offer: Int,
        from person: Person,
        isCurrent: @SessionActor () -> Bool
    ) async {
        guard let connection = person.subscribe, let reader = connection.reader(of: offer) else {
            // A newer offer is on its way, or was answered.
            return
        }
        let result = await descriptions.read(sdp, of: offer, with: reader)
        // Meanwhile another page may have taken over, and the connection may have ended or offered anew: of the latter
        // it takes care itself.
        guard isCurrent() else { return }
        connection.handleAnswer(result, id: offer)
        await work(on: connection).value
    }

    /// The page's browser could make nothing of an offer.
    func handleFailure(offer: Int, from person: Person) async {
        guard let connection = person.subscribe else { return }
        connection.handleAnswer(.failure(.unsupported("the browser did not take its offer")), id: offer)
        await work(on: connection).value
    }

    // MARK: Steps

    /// Does what there is to do for a connection, in a task that the connection owns; returns that task.
    ///
    /// Whatever happens while a step is awaited, the connection says what is to be done next.
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
            await transports.close(transport)
            await desk.updateWantedStreams()
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
            return .consumed(
                mid: options.mid ?? "",
                await consume(track, on: transport, options, for: connection)
            )
        case .make: return .made(await transports.make(for: .subscribe(connection)))
        case .offer(let offer, let tracks):
            let sdp = await Self.write(offer)
            tell(
                .subscribeOffer(sdp: sdp, id: offer.id, tracks: tracks.mapValues { RoomMessage.Track($0) }),
                of: connection
            )
        case .openChannel(let label, let transport):
            let parameters = SubscribeChannels.parameters(of: label)
            guard let channel = try? await worker.consumeData(on: transport, parameters) else { break }
            return .channelOpened(label: label, channel)
        case .prioritise(let consumer, let priority): try? await worker.setPriority(consumer, priority)
        case .renew(let failures):
            if connection.style.isOutside {
                // Their answer does not change by being asked for again.
                roster.endOutside(connection.owner)
            } else if let person = current(connection) {
                begin(person, failures: failures)
            }
        case .restartICE(let transport):
            connection.setCandidates(await worker.reachable)
            return .restarted(try? await worker.restartICE(transport))
        case .say(let step, let refusal): tell(.error(step: step, refusal), of: connection)
        case .show(let consumer, let mid, let demand): await show(consumer, mid, demand, of: connection)
        case .updateICE(let transport, let credentials):
            // New ones after a restart, the same otherwise.
            try? await worker.setRemoteICE(credentials, of: transport)
        }
        return .done
    }

    private func consume(
        _ track: OfferedTrack,
        on transport: TransportID,
        _ options: ConsumerOptions,
        for connection: SubscribeConnection
    ) async -> ConsumerID? {
        var producer = track.producer
        if track.source == .deskPicture {
            let codecs = options.capabilities.codecs
            guard
                let name = codecs.lazy.compactMap({ DeskStreamName($0.codec, isClear: track.isClear) }).first
            else { return nil }
            producer = desk.streams.producer(name)
            // In one turn: who may see a view is judged by the stream.
            connection.deskStream = name
            connection.deskProducer = producer
            await desk.updateWantedStreams()
            for person in roster.watchers(of: connection.owner) { updateTracks(for: person) }
        }
        guard let producer else { return nil }
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
            // The desk's sound is not paused by the page, which is told why in other words.
            guard connection.section(of: consumer)?.source != .deskSound else { return }
            tell(.delivery([mid: .pausedByYou]), of: connection)
        case .layer(let layer):
            try? await worker.setPreferredLayers(consumer, spatial: layer)
            try? await worker.resume(consumer)
        }
    }

    @concurrent nonisolated private static func write(_ offer: SubscribeOffer) async -> String { offer.sdp }

    /// Whose connection it is, unless they have another by now.
    private func current(_ connection: SubscribeConnection) -> Person? {
        roster[connection.owner].flatMap { $0.subscribe === connection ? $0 : nil }
    }

    /// Tells a page of its connection; one that has another by now does not want to know.
    private func tell(_ message: RoomMessage, of connection: SubscribeConnection) {
        if let person = current(connection) { roster.send(message, to: person.id) }
    }

    // MARK: Channels

    /// A channel that the room opened is open.
    func handleChannelOpened(_ channel: DataConsumerID, of connection: SubscribeConnection) async {
        guard let label = connection.channels.label(of: channel) else { return }
        // The lines before come first; to one that has closed meanwhile nothing is sent.
        if label == SubscribeChannels.chatLabel {
            await chat.repeatLines(on: channel, to: connection.owner)
        }
        connection.channels.handleOpened(channel)
        switch label {
        case SubscribeChannels.cursorLabel: await desk.showCursor(on: channel, to: connection.owner)
        case SubscribeChannels.pointingLabel: pointing.handleViewer(connection.owner)
        default: break
        }
    }
}
