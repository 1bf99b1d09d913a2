package import Access
package import Audit
internal import IO
package import Logging
package import RemoteControl
package import SFU
package import WebRTC
internal import Wire

/// The session: its objects, and what happens to them from below.
///
/// ``run()`` follows the Worker, the control lease and the desk; ``serve(_:)`` follows one page. What each part of the
/// session knows and does is an object of its own; all of them live on ``SessionActor``.
///
/// ```
///  page ──▶ Reception ──▶ Membership            who is in the room: decides
///               │ effects
///               ├──▶ Publications ──▶ Subscriptions ──▶ SharedDesk ──▶ SessionControl     calls go to the right,
///               └──▶ Chat, Speakers, Delivery                              │              and all of them down to
///                        └──────────────────▶ Roster ◀─────────────────────┘              the Roster
/// ```
@SessionActor package final class Session {
    private let worker: Worker
    private let relay: ControlRelay
    private let link: DeskLink
    private let log: Logger
    private let turn: TURNServers
    private let events: RoomEvents

    let roster: Roster
    let door: JoinDoor
    package let audit: AuditLog
    /// Whether it goes on, is to end, or has ended.
    package let life: SessionLife
    private let transports: Transports
    private let control: SessionControl
    package let chat: Chat
    package let desk: SharedDesk
    private let clipboard: SharedClipboard
    private let files: SharedFiles
    private let pointing: Pointing
    private let sizing: DeskSizing
    private let ears: DeskEars
    package let activities: Activities
    private let speakers: Speakers
    private let delivery: Delivery
    private let delays: InputDelays
    private let reports: ConnectionReports
    private let subscriptions: Subscriptions
    private let publications: Publications
    let reception: Reception
    /// The test page's connections; `nil` where there is no such page.
    package let checks: CheckRoom?
    /// Lets people in by WHIP and WHEP.
    package let outside: OutsideDoor
    /// Lets programs in by mediasoup-demo's broadcaster API; `nil` where it is off.
    package let broadcasts: BroadcastDoor?

    /// - Parameters:
    ///   - grace: For pages that are lost.
    ///   - policy: Who may join, and with which rights.
    ///   - audit: Where what happens is recorded.
    ///   - tokens: What has to be shown to join; `nil`: nothing.
    ///   - events: Is told what is for others.
    ///   - memory: What the room before has left, and what this one leaves to the next.
    ///   - relay: What browsers show to the room's own TURN server; `nil`: there is none.
    ///   - shelf: What may be started on the desk, by `keeper`; without that nothing is.
    package init(
        _ configuration: Configuration,
        worker: Worker,
        relay: ControlRelay,
        link: DeskLink,
        log: Logger,
        grace: Membership.Grace = Membership.Grace(),
        policy: AdmissionPolicy = .everybody,
        tokens: TokenDoor? = nil,
        audit: AuditLog = AuditLog(),
        events: RoomEvents = RoomEvents(),
        memory: RoomMemory? = nil,
        relay credentials: TURNCredentials? = nil,
        shelf: ToldShelf = ToldShelf(),
        keeper: KeeperLink? = nil
    ) async throws {
        self.audit = audit
        self.events = events
        self.worker = worker
        self.relay = relay
        self.link = link
        self.log = log
        turn = TURNServers(configuration.turn, own: credentials)
        let (codecs, descriptions) = (RoomCodecs(configuration), DescriptionReader())
        let router = await worker.makeRouter()
        let streams = try await DeskStreams(configuration, on: router, of: worker)

        var membership = Membership(
            people: configuration.maximumPeople,
            sharing: configuration.maximumSharing,
            grace: grace,
            policy: policy
        )
        let left = memory?.content
        if let people = left?.people { membership.handleRoomLost(people, now: .now()) }
        roster = Roster(membership)
        if let restrictions = left?.restrictions {
            await relay.perform { $0.handleRoomLost(restrictions, now: $1) }
        }
        life = SessionLife(roster, configuration.life.limits, audit: audit, log: log)
        door = JoinDoor(tokens, memory: memory)
        transports = Transports(worker, on: router, log: log)
        let channels = RoomChannels(roster, worker)
        control = SessionControl(
            roster,
            relay: relay,
            worker: worker,
            audit: audit,
            idle: configuration.controlIdle,
            memory: memory
        )
        chat = Chat(roster, channels, memory: memory)
        let privacy = DeskPrivacy(
            configuration,
            roster,
            streams,
            worker: worker,
            relay: relay,
            audit: audit,
            memory: memory
        )
        desk = SharedDesk(
            streams,
            privacy,
            DeskLayout(configuration.keyboardLayout, roster, relay: relay),
            roster,
            channels,
            control,
            worker: worker,
            relay: relay,
            link: link,
            log: log
        )
        clipboard = try SharedClipboard(
            configuration,
            roster,
            privacy,
            worker: worker,
            relay: relay,
            audit: audit
        )
        files = try SharedFiles(
            configuration,
            roster,
            privacy,
            worker: worker,
            relay: relay,
            audit: audit
        )
        pointing = Pointing(roster, desk, channels)
        sizing = DeskSizing(configuration, roster, relay: relay, memory: memory, log: log)
        ears = DeskEars(
            configuration,
            roster,
            on: router,
            worker: worker,
            relay: relay,
            desk: link,
            audit: audit
        )
        activities = Activities(shelf, roster, desk, relay: relay, audit: audit, keeper: keeper)
        speakers = Speakers(roster)
        delivery = Delivery(roster, desk, events)
        delays = InputDelays(roster, streams, worker: worker)
        reports = ConnectionReports(roster, worker: worker, events: events, log: log)
        subscriptions = Subscriptions(
            roster,
            transports,
            desk,
            chat,
            pointing,
            speakers,
            worker: worker,
            codecs: codecs,
            descriptions: descriptions,
            log: log
        )
        publications = Publications(
            roster,
            transports,
            subscriptions,
            chat,
            clipboard,
            files,
            pointing,
            ears,
            worker: worker,
            relay: relay,
            codecs: codecs,
            descriptions: descriptions,
            log: log
        )
        reception = Reception(
            roster,
            publications,
            subscriptions,
            control,
            chat,
            desk,
            clipboard,
            files,
            pointing,
            sizing,
            ears,
            activities,
            speakers,
            reports,
            delays,
            relay: relay,
            door: door,
            audit: audit,
            life: life,
            memory: memory,
            camera: configuration.cameraCodec,
            turn: turn,
            log: log
        )
        broadcasts =
            configuration.broadcast.isOn
            ? BroadcastDoor(
                configuration.broadcast,
                Broadcasts(
                    configuration.broadcast,
                    roster,
                    subscriptions,
                    desk,
                    ears,
                    worker: worker,
                    router: router,
                    codecs: codecs
                ),
                reception,
                door,
                codecs: codecs
            ) : nil
        outside = OutsideDoor(
            configuration.outside,
            reception,
            desk,
            codecs: codecs,
            descriptions: descriptions,
            broadcasts: broadcasts
        )
        checks =
            configuration.check.isOn
            ? CheckRoom(
                worker,
                on: await worker.makeRouter(),
                door: door,
                descriptions: descriptions,
                turn: turn
            ) : nil
    }

    /// Whose transport it is, and whether for what they publish; `nil` for the desk's, and once it is being closed.
    package func owner(of transport: TransportID) -> (person: ParticipantID, publishes: Bool)? {
        switch transports.owner(of: transport) {
        case .publish(let connection): return (connection.owner, true)
        case .subscribe(let connection): return (connection.owner, false)
        case nil: return nil
        }
    }

    /// Whether somebody has control of the desk.
    package var isControlled: Bool { !control.drivers.isEmpty }

    /// Transports that the Worker holds for people, those that are being closed not included.
    package var ownedTransports: Int { transports.count }

    /// Follows what happens until the task is cancelled; then every page is let go.
    package func run() async {
        reception.setAlarm()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.audit.run() }
            group.addTask {
                for await isKept in self.audit.changes { await self.handleAudit(isKept: isKept) }
            }
            group.addTask { await self.renewServers() }
            group.addTask { await self.clipboard.run() }
            group.addTask { await self.files.run() }
            group.addTask { for await event in self.worker.events { await self.handle(event) } }
            group.addTask { for await event in self.relay.events { await self.handle(event) } }
            group.addTask { for await event in self.link.events { await self.handle(event) } }
            group.addTask { for await word in self.link.activities { await self.activities.handle(word) } }
            group.addTask { for await answer in self.link.answers { await self.relay.handle(answer) } }
            group.addTask { for await effect in self.relay.effects { await self.delays.handle(effect) } }
            group.addTask {
                for await answer in self.relay.answers {
                    await self.control.send(answer.content, to: answer.participant)
                }
            }
        }
        ears.stop()
        reception.close()
        sizing.stop()
    }

    /// Serves one page until its WebSocket ends.
    package func serve(_ connection: SignallingConnection) async { await reception.serve(connection) }

    // MARK: The audit

    /// Whoever lets people in is told when nobody can be.
    private func handleAudit(isKept: Bool) {
        guard !isKept, !audit.mayAdmit else { return }
        for person in roster.everybody where roster.rights(of: person.id).contains(.admit) {
            roster.send(.error(step: "audit", Refusal(.auditFails)), to: person.id)
        }
    }

    // MARK: TURN servers

    /// Tells everybody new passwords before theirs expire, for when they reconnect.
    private func renewServers() async {
        guard let renewal = turn.renewal else { return }
        while (try? await Task.sleep(for: renewal)) != nil {
            for person in roster.everybody {
                let now = RoomClock.milliseconds / 1_000
                guard let servers = turn.servers(for: person.id.rawValue, now: now) else { continue }
                roster.send(.iceServers(servers), to: person.id)
            }
        }
    }

    // MARK: People

    /// Who is in the room, as the clinic's back end is told.
    package var people: [Member] { roster.membership.everybody }

    // MARK: Control

    private func handle(_ event: FloorControl.Event) async {
        control.handle(event)
        guard case .state(let state) = event, state.mostHands > 1 else { return }
        // While only one drives, their pointer is the desk's own.
        pointing.setDrivers(state.hands.isEmpty ? [] : control.drivers)
        await desk.handleDrivers()
    }

    // MARK: The desk

    /// Events come one after the other: the next one waits until this is done.
    private func handle(_ event: DeskLink.Event) async {
        let hiding = desk.privacy.hidden.number
        await desk.handle(event)
        await sizing.handle(event)
        switch event {
        case .report(.cursor(.position(let point))):
            if let holder = control.holder { await pointing.showDriver(holder, at: point) }
        case .report(.handCursor(let hand, .position(let point))):
            if let driver = control.hands.first(where: { $0.value == hand })?.key {
                await pointing.showDriver(driver, at: point)
            }
        case .connected: events.tell(.deskConnected)
        case .disconnected: events.tell(.deskLost)
        case .report(.clipboardLink):
            if let end = await link.takeClipboard() { await clipboard.attach(end) }
        case .report(.filesLink):
            if let end = await link.takeFiles() { await files.attach(end) }
        case .report, .voices, .voicesClosed: break
        }
        await ears.handle(event)
        // Without the desk that was told what to hide, or with another size of it, more may be hidden.
        guard desk.privacy.hidden.number != hiding else { return }
        subscriptions.updatePrivacy()
        clipboard.tell()
        files.handleRights()
        pointing.update()
    }

    // MARK: The Worker

    /// Events come one after the other: the next one waits until this is done.
    private func handle(_ event: WorkerEvent) async {
        if await checks?.handle(event) == true { return }
        switch event {
        case .activeSpeakerChanged(_, let producer):
            speakers.handleActive(producer)
            reception.setAlarm()
            for person in roster.everybody { subscriptions.updateSight(of: person) }
        case .speakingChanged(_, let producers):
            speakers.handleSpeaking(producers)
            reception.setAlarm()
        case .dataProducerOpened(let transport, let channel, let parameters):
            guard case .publish(let connection) = transports.owner(of: transport) else { return }
            await publications.handleChannelOpened(channel, parameters, of: connection)
        case .dataProducerClosed(let transport, let channel):
            guard case .publish(let connection) = transports.owner(of: transport) else { return }
            await publications.handleChannelClosed(channel, of: connection)
        case .dataMessage(let transport, let channel, let message):
            guard case .publish(let connection) = transports.owner(of: transport) else { return }
            await publications.handleEarly(message, on: channel, of: connection)
        case .dataConsumerOpened(let transport, let channel):
            guard case .subscribe(let connection) = transports.owner(of: transport) else { return }
            await subscriptions.handleChannelOpened(channel, of: connection)
        case .dataConsumerClosed(let transport, let channel):
            guard case .subscribe(let connection) = transports.owner(of: transport) else { return }
            connection.channels.handleClosed(channel)
        case .iceStateChanged(let transport, let state):
            log.debug(
                "A path changed",
                metadata: ["transport": "\(transport.rawValue)", "state": "\(state)"]
            )
            guard let owner = transports.owner(of: transport) else { return }
            if case .publish(let connection) = owner {
                await publications.handleICE(state, of: connection)
            }
            if state == .failed {
                await reports.handleFailure(of: transport, owner: owner)
                roster.endOutside(owner.participant)
            }
        case .dtlsStateChanged(let transport, let state):
            log.debug("Keys changed", metadata: ["transport": "\(transport.rawValue)", "state": "\(state)"])
            await handleKeys(state, of: transport)
        case .consumerLimited(let consumer, let isPaused):
            delivery.handleLimit(consumer, isPaused: isPaused)
            reception.handle(consumer, spatial: nil, isPaused: isPaused)
        case .layersChanged(let consumer, let spatial, _):
            delivery.handleLayers(consumer, spatial: spatial)
            if let spatial { reception.handle(consumer, spatial: spatial, isPaused: false) }
        case .producerLimited(let producer):
            guard let id = delivery.handleExcess(of: producer) else { return }
            log.warning(
                "Somebody sends more media than is passed on",
                metadata: ["participant": "\(id.rawValue)"]
            )
        case .wantedLayersChanged(let producer, let layers):
            await delivery.handleWantedLayers(layers, of: producer)
        // What follows from a path's capacity, the Worker's allocator has done.
        case .availableBitrateChanged, .sctpStateChanged, .selectedAddressChanged: break
        }
    }

    private func handleKeys(_ state: DTLSState, of transport: TransportID) async {
        guard let owner = transports.owner(of: transport) else { return }
        switch state {
        case .connected:
            reception.handleProof(of: owner.participant)
            roster.handleSecured(owner.participant)
        case .closed:
            end(owner)
            await reception.handleFarewell(of: owner.participant)
        case .failed:
            await reports.handleFailure(of: transport, owner: owner)
            end(owner)
        case .connecting, .new: break
        }
    }

    /// The peer has ended the connection, or it cannot be trusted: it is of no use any more.
    private func end(_ owner: TransportOwner) {
        guard let person = roster[owner.participant] else { return }
        roster.endOutside(person.id)
        switch owner {
        case .publish(let connection): if person.publish === connection { publications.end(person) }
        case .subscribe(let connection): if person.subscribe === connection { subscriptions.end(person) }
        }
    }

    // MARK: Health

    /// Numbers for who watches over many rooms.
    package func health() async -> RoomHealth {
        let statistics = await worker.statistics()
        let control = await relay.statistics
        // The rest is read after these, in one piece.
        var health = RoomHealth()
        health.people = roster.membership.count
        health.isAuditKept = audit.isKept
        health.isDeskConnected = desk.isConnected
        health.desk = desk.status?.state
        health.mayAdmit = audit.mayAdmit
        health.deskStreams = desk.wantedStreams.sorted { $0.rawValue < $1.rawValue }.map { "\($0)" }
        health.control.forwarded = control.forwarded
        health.control.refused = control.refused.total
        health.control.undelivered = control.undelivered
        health.control.released = control.released
        health.control.delayMedian = control.delay.percentile(0.5).map { $0.nanoseconds / 1_000 }
        health.control.delay95 = control.delay.percentile(0.95).map { $0.nanoseconds / 1_000 }
        health.control.inputToPicture = delays.latest
        health.media.transports = statistics.transports
        health.media.datagramsReceived = statistics.datagramsReceived
        health.media.datagramsSent = statistics.datagramsSent
        health.media.datagramsUnclaimed = statistics.datagramsUnclaimed
        health.media.datagramsRebound = statistics.datagramsRebound
        health.media.datagramsUnsent = statistics.datagramsUnsent
        return health
    }
}
