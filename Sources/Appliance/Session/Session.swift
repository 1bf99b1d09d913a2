package import Logging
internal import RemoteControl
package import SFU

/// The room: who is here, what each is told, and which object of the Worker belongs to whom.
///
/// ``run()`` follows the Worker, the control lease and the desk; ``serve(_:)`` follows one page.
package actor Session {
    let configuration: Configuration
    let worker: Worker
    let router: RouterID
    let relay: ControlRelay
    let link: DeskLink
    package let desk: DeskStreams
    let codecs: RoomCodecs
    let descriptions = DescriptionReader()
    let log: Logger

    var participants: [ParticipantID: Participant] = [:]
    /// Whose transport it is.
    var owners: [TransportID: TransportOwner] = [:]
    private var lastID: UInt64 = 0

    // The desk, as people were last told.
    var deskState = RoomMessage.Desk.absent(wasThere: false)
    var isDeskConnected = false
    var hasDeskConnected = false
    var deskStatistics = DeskStatistics()
    var cursorShape: [UInt8]?
    var cursorPosition: [UInt8]?
    /// Streams that the desk has been told to send.
    var wantedStreams: Set<DeskStreamName> = [.h264, .opus]
    /// Those of them that only somebody with a narrow path watches.
    var wantedSmallStreams: Set<DeskStreamName> = []

    var chatHistory = ChatHistory()

    // Who speaks, as people were last told.
    var dominantSpeaker: ParticipantID?
    var speaking: Set<ParticipantID> = []

    // Control, as people were last told.
    var holder: ParticipantID?
    var lease: LeaseID?

    package init(
        _ configuration: Configuration,
        worker: Worker,
        relay: ControlRelay,
        link: DeskLink,
        log: Logger
    ) async throws {
        self.configuration = configuration
        self.worker = worker
        self.relay = relay
        self.link = link
        self.log = log
        codecs = RoomCodecs(configuration)
        router = await worker.makeRouter()
        desk = try await DeskStreams(configuration, on: router, of: worker)
    }

    /// Follows what happens until the task is cancelled; then every page is let go.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await event in self.worker.events { await self.handle(event) } }
            group.addTask { for await event in self.relay.events { await self.handle(event) } }
            group.addTask { for await event in self.link.events { await self.handle(event) } }
            group.addTask { for await answer in self.link.answers { await self.relay.handle(answer) } }
            group.addTask {
                for await answer in self.relay.receipts {
                    await self.send(answer.receipt, to: answer.participant)
                }
            }
        }
        for participant in participants.values {
            participant.departure?.cancel()
            participant.connection?.close()
        }
    }

    // MARK: Pages

    /// Serves one page until its WebSocket ends.
    package func serve(_ connection: SignallingConnection) async {
        var me: ParticipantID?
        for await message in connection.messages {
            switch message {
            case .failure(let bad):
                connection.send(
                    .error(step: bad.step, message: "The room does not understand this page: \(bad.words).")
                )
            case .success(.join(let join)):
                guard me == nil else {
                    connection.send(.error(step: "join", message: "This page has joined already."))
                    continue
                }
                me = await admit(join, on: connection)
                if me == nil { return }
            case .success(.ping): connection.send(.pong)
            case .success(let message):
                guard let me else {
                    connection.send(.error(step: "join", message: "Join first."))
                    continue
                }
                // Somebody who took this place over owns it now.
                guard participants[me]?.connection === connection else { return }
                await handle(message, from: me, on: connection)
            }
        }
        if let me { await handleSilence(of: me, on: connection) }
    }

    private func admit(
        _ join: ClientMessage.Join,
        on connection: SignallingConnection
    ) async -> ParticipantID? {
        if let token = join.resume,
            let known = participants.values.first(where: { $0.resumeToken == token })?.id
        {
            await resume(known, join, on: connection)
            return known
        }
        guard participants.count < configuration.maximumPeople else {
            connection.send(.error(step: "join", message: "The room is full."))
            return nil
        }
        lastID += 1
        let id = ParticipantID(lastID)
        participants[id] = Participant(
            id: id,
            name: join.name,
            resumeToken: Self.makeToken(),
            chatStart: chatHistory.next,
            connection: connection
        )
        log.info(
            "Somebody joined",
            metadata: ["participant": "\(lastID)", "people": "\(participants.count)"]
        )
        welcome(id, isResumed: false)
        tellPeople()
        beginSubscribe(id)
        return id
    }

    private func resume(
        _ id: ParticipantID,
        _ join: ClientMessage.Join,
        on connection: SignallingConnection
    ) async {
        participants[id]?.departure?.cancel()
        participants[id]?.departure = nil
        if let other = participants[id]?.connection {
            other.close(.joinedElsewhere)
        }
        participants[id]?.connection = connection
        participants[id]?.name = join.name
        log.info("Somebody is back", metadata: ["participant": "\(id.rawValue)", "fresh": "\(join.isFresh)"])
        welcome(id, isResumed: !join.isFresh)
        tellPeople()
        if join.isFresh {
            endPublish(id)
            beginSubscribe(id)
        } else {
            repeatOffer(id)
        }
    }

    private func welcome(_ id: ParticipantID, isResumed: Bool) {
        guard let participant = participants[id] else { return }
        participant.connection?.send(
            .welcome(
                RoomMessage.Welcome(
                    you: participant.person,
                    resume: participant.resumeToken,
                    resumed: isResumed,
                    desk: deskState,
                    control: control(for: id),
                    people: people,
                    camera: configuration.cameraCodec
                )
            )
        )
    }

    private func handle(
        _ message: ClientMessage,
        from id: ParticipantID,
        on page: SignallingConnection
    ) async {
        switch message {
        case .join, .ping: break  // Answered before.
        case .publishOffer(let sdp): await handlePublishOffer(sdp, from: id, on: page)
        case .subscribeAnswer(let sdp, let offer):
            await handleSubscribeAnswer(sdp, offer: offer, from: id, on: page)
        case .subscribeFailed(let offer): await handleSubscribeFailure(offer: offer, from: id)
        case .restartSubscribe: await restartSubscribe(id, on: page)
        case .setMedia(let media): handleMedia(media, from: id)
        case .views(let views): await handleViews(views, from: id)
        case .leave: await leave(id)
        case .requestControl: await requestControl(id)
        case .releaseControl: await relay.release(by: id)
        }
    }

    /// The page's WebSocket is over.
    ///
    /// Media goes on; the person is given up if the page does not come back.
    private func handleSilence(of id: ParticipantID, on connection: SignallingConnection) async {
        guard participants[id]?.connection === connection else { return }
        participants[id]?.connection = nil
        participants[id]?.departure = Task {
            do { try await Task.sleep(for: Self.patience) } catch { return }
            await self.depart(id)
        }
        tellPeople()
        // The page may have been closed with a key down.
        if holder == id { await relay.releaseHeld(by: id) }
    }

    /// A person goes, and does not come back.
    private func leave(_ id: ParticipantID) async {
        participants[id]?.connection?.close(.left)
        participants[id]?.connection = nil
        await depart(id)
    }

    private func depart(_ id: ParticipantID) async {
        guard let participant = participants[id], participant.connection == nil else { return }
        // In one piece: somebody who comes back meanwhile is somebody new.
        endPublish(id)
        endSubscribe(id)
        participants[id] = nil
        forgetUnreadable()
        log.info(
            "Somebody left",
            metadata: ["participant": "\(id.rawValue)", "people": "\(participants.count)"]
        )
        tellPeople()
        await relay.handleDeparture(of: id)
    }

    /// Transports that the Worker holds for people, those that are being closed included.
    package var ownedTransports: Int { owners.count }

    // MARK: Telling

    func send(_ message: RoomMessage, to id: ParticipantID) {
        participants[id]?.connection?.send(message)
    }

    func tellAll(_ message: RoomMessage) {
        for participant in participants.values { participant.connection?.send(message) }
    }

    private var people: [RoomMessage.Person] {
        participants.values.map(\.person).sorted { $0.id < $1.id }
    }

    func tellPeople() { tellAll(.people(people)) }

    /// 128 bits that nobody guesses, for one person's page only.
    private static func makeToken() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let half = String(random.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - half.count) + half
        }.joined()
    }

    /// How long a lost page may take to come back.
    private static let patience = Duration.seconds(60)
}
