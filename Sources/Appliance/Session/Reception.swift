internal import Access
internal import Audit
internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import Wire

/// Serves pages: brings what they say before ``Membership`` or whoever it concerns, and has carried out what follows.
@SessionActor final class Reception {
    private let roster: Roster
    private let publications: Publications
    private let subscriptions: Subscriptions
    private let control: SessionControl
    private let turns: SessionTurns
    private let chat: Chat
    private let desk: SharedDesk
    private let clipboard: SharedClipboard
    private let files: SharedFiles
    private let pointing: Pointing
    private let sizing: DeskSizing
    private let ears: DeskEars
    private let activities: Activities
    private let speakers: Speakers
    private let moderation: Moderation
    private let oversight: Oversight
    private let watching: Watching
    private let hiding: Hiding
    private let reports: ConnectionReports
    private let delays: InputDelays
    private let effects: MembershipEffects
    private let relay: ControlRelay
    private let door: JoinDoor
    private let audit: AuditLog
    private let life: SessionLife
    /// Where it is left to the next room what this one knows of people, and up to which change that is.
    private let memory: RoomMemory?
    private var leftChanges: UInt64 = 0
    /// For what the machines wait for.
    private let alarm = Alarm()
    private var isClosed = false

    init(
        _ roster: Roster,
        _ publications: Publications,
        _ subscriptions: Subscriptions,
        _ control: SessionControl,
        _ chat: Chat,
        _ desk: SharedDesk,
        _ clipboard: SharedClipboard,
        _ files: SharedFiles,
        _ pointing: Pointing,
        _ sizing: DeskSizing,
        _ ears: DeskEars,
        _ activities: Activities,
        _ speakers: Speakers,
        _ reports: ConnectionReports,
        _ delays: InputDelays,
        relay: ControlRelay,
        door: JoinDoor,
        audit: AuditLog,
        life: SessionLife,
        memory: RoomMemory?,
        camera: Configuration.CameraCodec,
        turn: TURNServers,
        log: Logger
    ) {
        self.roster = roster
        self.publications = publications
        self.subscriptions = subscriptions
        self.control = control
        self.chat = chat
        self.desk = desk
        self.clipboard = clipboard
        self.files = files
        self.pointing = pointing
        self.sizing = sizing
        self.ears = ears
        self.activities = activities
        self.speakers = speakers
        self.reports = reports
        self.delays = delays
        turns = SessionTurns(roster, relay: relay)
        moderation = Moderation(roster, publications, chat, audit: audit)
        oversight = Oversight(roster)
        watching = Watching(roster, subscriptions)
        hiding = Hiding(desk, subscriptions)
        effects = MembershipEffects(
            roster,
            publications,
            subscriptions,
            control,
            desk,
            clipboard,
            files,
            pointing,
            sizing,
            ears,
            activities,
            oversight,
            watching,
            life,
            audit: audit,
            camera: camera,
            turn: turn,
            log: log
        )
        self.relay = relay
        self.memory = memory
        self.door = door
        self.audit = audit
        self.life = life
    }

    /// Serves one page until its WebSocket ends, or it is not anybody's any more.
    func serve(_ connection: SignallingConnection) async {
        let page = roster.add(connection)
        for await message in connection.messages {
            switch message {
            case .failure(let bad): connection.send(.error(step: bad.step, bad.refusal))
            case .success(.ping): connection.send(.pong)
            case .success(.join(let join)): await handle(join, from: page, on: connection)
            case .success(let message): await handle(message, from: page, on: connection)
            }
            // Meanwhile it may have been refused, its person have left, or another page have taken its place.
            guard roster.isOpen(page) else { break }
        }
        // A place is kept for a page that was lost, and for whoever waits; a connection from outside is all there is of somebody.
        if connection.outside != nil, roster.membership.owner(of: page) != nil {
            roster.membership.leave(by: page, now: .now())
        } else {
            roster.membership.handleLoss(of: page, now: .now())
        }
        roster.remove(page)
        await settle()
    }

    /// Lets every page go; the relay is not called any more, for it ends after this.
    func close() {
        isClosed = true
        audit.append(endFor: roster.membership.everybody)
        alarm.stop()
        pointing.stop()
        roster.closePages()
    }

    func change(_ deed: @SessionActor (SessionLife) -> Void) async {
        deed(life)
        await settle()
    }

    // MARK: What is done to people

    /// Does something to somebody, and carries out what follows.
    func moderate(
        _ deed: @SessionActor (Moderation) throws(ModerationRefusal) -> Void
    ) async throws(ModerationRefusal) {
        var refusal: ModerationRefusal?
        do { try deed(moderation) } catch { refusal = error }
        // Some of it may have been done.
        await settle()
        if let refusal { throw refusal }
    }

    /// Who waits, and who may not come back.
    var waitingList: WaitingList { oversight.waitingList }

    /// How much of a stream a viewer is sent has changed.
    func handle(_ consumer: ConsumerID, spatial: Int?, isPaused: Bool) {
        watching.handle(consumer, spatial: spatial, isPaused: isPaused)
    }

    // MARK: What people's connections show

    func handleProof(of id: ParticipantID) { roster.membership.handleProof(of: id) }

    func handleFarewell(of id: ParticipantID) async {
        roster.membership.handleFarewell(of: id, now: .now())
        await settle()
    }

    /// Ends the connections of whoever is here by a token that has been withdrawn.
    func dismiss(_ people: [ParticipantID]) async {
        for id in people { roster.membership.dismiss(id, .tokenWithdrawn, .tokenWithdrawn, now: .now()) }
        await settle()
    }

    // MARK: What pages say

    private func handle(
        _ asked: ClientMessage.Join,
        from page: PageID,
        on connection: SignallingConnection
    ) async {
        let now = Instant.now()
        let (join, shown): (ClientMessage.Join, JoinToken?)
        do throws(Refusal) {
            let before = asked.resume.flatMap { roster.membership.token(ofResume: $0, now: now) }
            (join, shown) = try door.enter(asked, from: connection.share, before: before, now: now)
        } catch {
            audit.append(error)
            connection.send(.error(step: "join", error))
            return roster.remove(page)
        }
        roster.membership.closure = audit.mayAdmit ? nil : Refusal(.notRecorded)
        roster.membership.join(
            join,
            by: page,
            from: connection.share,
            as: connection.outside?.client,
            showing: shown,
            token: .random(),
            chatStart: chat.next,
            now: now
        )
        await settle()
    }

    private func handle(
        _ message: ClientMessage,
        from page: PageID,
        on connection: SignallingConnection
    ) async {
        guard let id = roster.membership.owner(of: page), let person = roster[id] else {
            return await handle(message, fromOutside: page, on: connection)
        }
        if let refusal = roster.rights(of: id).refusal(of: .message(message)) {
            if message == .requestControl { return control.refuse(id, refusal) }
            return connection.send(.error(step: nil, refusal))
        }
        /// Asked again after each `await`.
        let isCurrent: @SessionActor () -> Bool = { self.roster.membership.owner(of: page) == id }
        switch message {
        case .join, .ping: break  // Answered before.
        case .connections: await reports.tell(person)
        case .publishOffer(let sdp):
            guard await person.mayOffer(while: { isCurrent() && !connection.isOver }) else { return }
            await publications.handleOffer(sdp, from: person, isCurrent: isCurrent)
        case .subscribeAnswer(let sdp, let offer):
            await subscriptions.handleAnswer(sdp, offer: offer, from: person, isCurrent: isCurrent)
        case .subscribeFailed(let offer): await subscriptions.handleFailure(offer: offer, from: person)
        case .restartSubscribe:
            guard await person.mayOffer(while: { isCurrent() && !connection.isOver }) else { return }
            await subscriptions.restart(person)
        case .setMedia(let media): handleMedia(media, from: person)
        case .views(let views): await handleViews(views, from: person)
        case .leave:
            roster.membership.leave(by: page, now: .now())
            await settle()
        case .consent, .declineControl, .eyesOnMe, .grantControl, .letDrive, .lock, .releaseControl,
            .requestControl, .revokeControl:
            await control.handle(message, from: id)
        case .turns(let command): await turns.handle(command, from: id)
        case .visibility(let isHidden): await control.handleVisibility(of: id, isHidden: isHidden)
        case .goodbye: roster.membership.handleGoodbye(of: page)
        case .admit, .allow, .endSession, .mute, .refuse, .remove, .setRights, .tell:
            do {
                try await moderate { moderation throws(ModerationRefusal) in
                    try moderation.handle(message, by: id)
                }
            } catch {
                connection.send(.error(step: "moderate", Refusal(error)))
            }
        case .pageState(let state):
            oversight.handle(state, of: person)
            setAlarm()
        case .inputDelay(let delay): delays.handle(delay, isHolder: control.drives(id))
        case .watch(let other): watching.watch(other.map { ParticipantID($0) }, by: person)
        case .setLayout(let request):
            await desk.layout.handle(request, from: id, drives: control.holder == id)
        case .resetDesk, .startActivity, .stopActivity:
            guard let refusal = await activities.handle(message, from: id) else { break }
            connection.send(.error(step: "activities", refusal))
        case .curtain, .listWindows, .mask:
            await hiding.handle(message, from: id, on: connection)
            clipboard.tell()
            files.handleRights()
            pointing.update()
        case .setDeskSize(let width, let height):
            guard let refusal = await sizing.choose(width: width, height: height, by: id) else { break }
            connection.send(.error(step: "setDeskSize", refusal))
        case .setDeskEars(let people):
            if let refusal = ears.choose(people, by: id) {
                connection.send(.error(step: "setDeskEars", refusal))
            }
        }
    }

    /// Somebody who waits can only go; whoever has not joined can do nothing.
    private func handle(
        _ message: ClientMessage,
        fromOutside page: PageID,
        on connection: SignallingConnection
    ) async {
        guard roster.membership.waiting.owner(of: page) != nil else {
            return connection.send(.error(step: "join", Refusal(.notJoined)))
        }
        switch message {
        case .goodbye: roster.membership.handleGoodbye(of: page)
        case .leave:
            roster.membership.leave(by: page, now: .now())
            await settle()
        default: connection.send(.error(step: nil, Refusal(.mustBeLetIn)))
        }
    }

    /// What a person says of their microphone and camera, for the others to see.
    private func handleMedia(_ told: RoomMessage.Media, from person: Person) {
        let media = told.limited(by: roster.rights(of: person.id))
        if media.audio == .on { publications.unmute(person) }
        guard person.media != media else { return }
        person.media = media
        ears.update()
        roster.tellPeopleSoon()
        setAlarm()
        // Where not everybody has a section, whoever is to be heard comes first.
        if subscriptions.tracks(for: person).count > PageSight.maximumTracks { subscriptions.updateTracks() }
    }

    private func handleViews(_ views: [ClientMessage.View], from person: Person) async {
        person.views = views.reduce(into: [:]) { bySource, view in
            bySource[view.person == 0 ? .deskPicture : .camera(ParticipantID(view.person))] = view
        }
        // The page's next message waits until this is done.
        await subscriptions.updateSight(of: person)?.value
    }

    // MARK: What follows

    /// Carries out what the membership asks for.
    ///
    /// All of it at once, so that nobody meets half of it; and what concerns control in one call at the end, so that
    /// the relay hears of it in the order in which it happened.
    private func settle() async {
        var changes: [ControlRelay.Change] = []
        repeat {
            leave()
            while let effect = roster.membership.pollEffect() {
                if let change = effects.carryOut(effect) { changes.append(change) }
            }
        } while life.settle()
        oversight.settle()
        ears.update()
        chat.forgetUnreadable()
        setAlarm()
        let isOver = life.takeEnd()
        // Nothing is decided after this.
        if !isClosed {
            if !changes.isEmpty { await relay.handle(changes) }
            await desk.updateWantedStreams()
        }
        guard isOver else { return }
        // Whose control has ended with it is recorded before.
        if !isClosed { await control.catchUp() }
        life.finish()
    }

    /// Leaves to the next room what this one knows of people, before anybody is told of it.
    private func leave() {
        guard let memory, roster.membership.changes != leftChanges else { return }
        let isLeft = memory.update { [left = roster.membership.left] in $0.people = left }
        if isLeft { leftChanges = roster.membership.changes }
    }

    // MARK: Time

    /// To be called after whatever may have changed what is waited for.
    func setAlarm() {
        let times = [
            roster.membership.pollTimeout(), roster.pollTimeout(), speakers.pollTimeout(),
            oversight.pollTimeout(), life.pollTimeout(),
        ]
        alarm.set(times.compactMap(\.self).min()) { await self.handleTimeout() }
    }

    private func handleTimeout() async {
        let now = Instant.now()
        roster.membership.handleTimeout(now: now)
        roster.handleTimeout(now: now)
        speakers.handleTimeout(now: now)
        oversight.handleTimeout(now: now)
        life.handleTimeout(now: now)
        await settle()
    }
}
