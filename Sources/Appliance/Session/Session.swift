internal import IO
package import Logging
internal import RemoteControl
package import SFU
internal import Wire

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
    private var admissions: Admissions
    private let patience: Patience
    var former = FormerPeople()
    private var forgetting: Task<Void, Never>?

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

    private var peopleTelling = StateTelling()
    private var speakersTelling = StateTelling()
    /// What is told in a moment.
    private var tellings: [EncodedMessage.State: Task<Void, Never>] = [:]

    // Who speaks, as people were last told.
    var dominantSpeaker: ParticipantID?
    var speaking: Set<ParticipantID> = []

    // Control, as people were last told.
    var holder: ParticipantID?
    var lease: LeaseID?
    /// Who waits for it, longest first.
    var askers: [ParticipantID] = []

    /// - Parameter patience: For pages that are lost.
    package init(
        _ configuration: Configuration,
        worker: Worker,
        relay: ControlRelay,
        link: DeskLink,
        log: Logger,
        patience: Patience = Patience()
    ) async throws {
        self.patience = patience
        self.configuration = configuration
        self.worker = worker
        self.relay = relay
        self.link = link
        self.log = log
        codecs = RoomCodecs(configuration)
        admissions = Admissions(people: configuration.maximumPeople, sharing: configuration.maximumSharing)
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
        for telling in tellings.values { telling.cancel() }
        forgetting?.cancel()
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
        if let known = known(join) {
            await resume(known, join, on: connection)
            return known
        }
        guard await makeRoom(for: connection) else { return nil }
        let former = former.claim(join, now: .now())
        if former == nil { lastID += 1 }
        let id = former?.id ?? ParticipantID(lastID)
        participants[id] = Participant(
            id: id,
            name: join.name,
            resumeToken: former?.resumeToken ?? .random(),
            browser: join.browser.map { Secret($0) },
            share: connection.share,
            joined: .now(),
            chatStart: former?.chatStart ?? chatHistory.next,
            connection: connection
        )
        log.info(
            "Somebody joined",
            metadata: ["participant": "\(id.rawValue)", "people": "\(participants.count)"]
        )
        welcome(id, isResumed: false)
        tellPeople()
        beginSubscribe(id)
        return id
    }

    /// Who is here already and comes by another page, or the same one.
    private func known(_ join: ClientMessage.Join) -> ParticipantID? {
        // All are compared, so that the time tells nothing of whose secret it is.
        var byToken: ParticipantID?
        var byBrowser: ParticipantID?
        for participant in participants.values {
            if let token = join.resume, participant.resumeToken.matches(token) { byToken = participant.id }
            // Two live pages of one browser are two people.
            if participant.browser?.isBrowser(of: join, named: participant.name) == true,
                participant.connection == nil
            {
                byBrowser = participant.id
            }
        }
        if byToken == nil, let byBrowser {
            // The page that is gone, if it is not, must not take the place back: it comes as somebody of its own.
            participants[byBrowser]?.resumeToken = .random()
        }
        return byToken ?? byBrowser
    }

    /// Finds a place for somebody new, or tells them why there is none.
    private func makeRoom(for connection: SignallingConnection) async -> Bool {
        // Others may come while somebody is given up.
        for _ in 0..<8 {
            let seats = participants.values.map { participant in
                Admissions.Seat(
                    id: participant.id,
                    share: participant.share,
                    isProved: participant.isProved,
                    isAway: participant.connection == nil,
                    joined: participant.joined
                )
            }
            switch admissions.admit(connection.share, seats: seats, now: .now()) {
            case .admitted: return true
            case .evict(let other):
                log.info(
                    "Somebody who never saw the room is given up",
                    metadata: ["participant": "\(other.rawValue)"]
                )
                participants[other]?.departure?.cancel()
                participants[other]?.connection?.close(.evicted)
                participants[other]?.connection = nil
                await depart(other)
            case .refused(let refusal):
                connection.send(.error(step: "join", message: refusal.description))
                return false
            }
        }
        connection.send(.error(step: "join", message: Admissions.Refusal.full.description))
        return false
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
        if let browser = join.browser { participants[id]?.browser = Secret(browser) }
        participants[id]?.share = connection.share
        participants[id]?.hasSaidGoodbye = false
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
        participant.connection?.handleJoin()
        participant.connection?.send(
            .welcome(
                RoomMessage.Welcome(
                    you: participant.person,
                    resume: participant.resumeToken.text,
                    resumed: isResumed,
                    desk: deskState,
                    control: control(for: id),
                    people: people,
                    camera: configuration.cameraCodec,
                    now: Self.clock
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
        case .grantControl(let person): await grantControl(to: ParticipantID(person), by: id)
        case .declineControl(let person): await declineControl(ParticipantID(person), by: id)
        case .visibility(let isHidden): await relay.handleVisibility(of: id, isHidden: isHidden)
        case .goodbye: participants[id]?.hasSaidGoodbye = true
        }
    }

    /// The page's WebSocket is over.
    ///
    /// Media goes on; the person is given up if the page does not come back.
    private func handleSilence(of id: ParticipantID, on connection: SignallingConnection) async {
        guard let participant = participants[id], participant.connection === connection else { return }
        participants[id]?.connection = nil
        let hasClosed = participant.farewell.map { .now() - $0 < .seconds(5) } ?? false
        expectReturn(of: id, isGoing: participant.hasSaidGoodbye || hasClosed || !participant.isProved)
        tellPeople()
        // The page may have been closed with a key down.
        if holder == id { await relay.releaseHeld(by: id) }
    }

    /// The browser has ended a connection of this person (DTLS): if their page is lost as well, it was closed.
    func handleFarewell(of id: ParticipantID) {
        participants[id]?.farewell = .now()
        guard let participant = participants[id], participant.connection == nil, !participant.hasSaidGoodbye
        else { return }
        participants[id]?.hasSaidGoodbye = true
        expectReturn(of: id, isGoing: true)
    }

    /// Waits for a lost page to come back, for a moment only where it is likely not to.
    private func expectReturn(of id: ParticipantID, isGoing: Bool) {
        participants[id]?.departure?.cancel()
        participants[id]?.departure = Task {
            do { try await Task.sleep(for: isGoing ? self.patience.goodbye : self.patience.loss) } catch {
                return
            }
            await self.depart(id, isRemembered: isGoing)
        }
    }

    /// A person goes, and does not come back.
    private func leave(_ id: ParticipantID) async {
        participants[id]?.connection?.close(.left)
        participants[id]?.connection = nil
        await depart(id)
    }

    /// - Parameter isRemembered: For a page that takes long to load anew.
    private func depart(_ id: ParticipantID, isRemembered: Bool = false) async {
        guard let participant = participants[id], participant.connection == nil else { return }
        // In one piece: somebody who comes back meanwhile is somebody new.
        endPublish(id)
        endSubscribe(id)
        participants[id] = nil
        if isRemembered, participant.isProved { remember(participant) }
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

    private func remember(_ participant: Participant) {
        former.add(
            FormerPeople.Person(
                id: participant.id,
                name: participant.name,
                resumeToken: participant.resumeToken,
                browser: participant.browser,
                chatStart: participant.chatStart
            ),
            now: .now()
        )
        forgetFormer()
    }

    /// Forgets, in time, those who did not come back.
    private func forgetFormer() {
        former.handleTimeout(now: .now())
        forgetUnreadable()
        forgetting?.cancel()
        forgetting = former.pollTimeout().map { due in
            Task {
                do {
                    try await Task.sleep(for: .nanoseconds(max(0, (due - .now()).nanoseconds) + 1_000_000))
                } catch {
                    return
                }
                self.forgetFormer()
            }
        }
    }

    // MARK: Telling

    func send(_ message: RoomMessage, to id: ParticipantID) {
        participants[id]?.connection?.send(message)
    }

    func tellAll(_ message: RoomMessage) {
        // Written once, whoever reads it.
        let encoded = EncodedMessage(message)
        for participant in participants.values { participant.connection?.send(encoded) }
    }

    private var people: [RoomMessage.Person] {
        participants.values.map(\.person).sorted { $0.id < $1.id }
    }

    /// Tells everybody who is here, at once: what follows may speak of somebody new.
    func tellPeople() {
        peopleTelling.handleTold(now: .now())
        tellAll(.people(people))
    }

    /// Tells everybody what people say of themselves, which they may say very often.
    func tellPeopleSoon() {
        guard let wait = peopleTelling.handleChange(now: .now()) else { return }
        guard wait > .zero else { return tellPeople() }
        tellings[.people] = Task {
            do { try await Task.sleep(for: .nanoseconds(wait.nanoseconds)) } catch { return }
            self.tellPeople()
        }
    }

    /// Tells everybody who speaks, and no more often than that can be seen.
    func tellSpeakers() {
        guard let wait = speakersTelling.handleChange(now: .now()) else { return }
        guard wait > .zero else { return tellSpeakersNow() }
        tellings[.speakers] = Task {
            do { try await Task.sleep(for: .nanoseconds(wait.nanoseconds)) } catch { return }
            self.tellSpeakersNow()
        }
    }

    private func tellSpeakersNow() {
        speakersTelling.handleTold(now: .now())
        tellAll(.speakers(dominant: dominantSpeaker?.rawValue, speaking: speaking.map(\.rawValue).sorted()))
    }
}

extension Session {
    /// How long a person whose page is lost keeps their place.
    package struct Patience: Hashable, Sendable {
        package var loss = Duration.seconds(60)
        /// For a page that has said goodbye, or was never seen to work.
        package var goodbye = Duration.seconds(5)

        package init() {}
    }
}
