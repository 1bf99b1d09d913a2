internal import Access
internal import Audit
internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import Wire

/// Carries out what ``Membership`` asks for; ``Reception`` has it do all of it before anybody meets half of it.
@SessionActor final class MembershipEffects {
    private let roster: Roster
    private let publications: Publications
    private let subscriptions: Subscriptions
    private let control: SessionControl
    private let desk: SharedDesk
    private let clipboard: SharedClipboard
    private let files: SharedFiles
    private let pointing: Pointing
    private let sizing: DeskSizing
    private let ears: DeskEars
    private let activities: Activities
    private let oversight: Oversight
    private let watching: Watching
    private let life: SessionLife
    private let audit: AuditLog
    private let camera: Configuration.CameraCodec
    private let turn: TURNServers
    private let log: Logger

    init(
        _ roster: Roster,
        _ publications: Publications,
        _ subscriptions: Subscriptions,
        _ control: SessionControl,
        _ desk: SharedDesk,
        _ clipboard: SharedClipboard,
        _ files: SharedFiles,
        _ pointing: Pointing,
        _ sizing: DeskSizing,
        _ ears: DeskEars,
        _ activities: Activities,
        _ oversight: Oversight,
        _ watching: Watching,
        _ life: SessionLife,
        audit: AuditLog,
        camera: Configuration.CameraCodec,
        turn: TURNServers,
        log: Logger
    ) {
        self.roster = roster
        self.publications = publications
        self.subscriptions = subscriptions
        self.control = control
        self.desk = desk
        self.clipboard = clipboard
        self.files = files
        self.pointing = pointing
        self.sizing = sizing
        self.ears = ears
        self.activities = activities
        self.oversight = oversight
        self.watching = watching
        self.life = life
        self.audit = audit
        self.camera = camera
        self.turn = turn
        self.log = log
    }

    /// - Returns: What the relay is to hear of it.
    func carryOut(_ effect: Membership.Effect) -> ControlRelay.Change? {
        switch effect {
        case .admitted(let id):
            roster.add(id)
            oversight.handleRights()
            note("Somebody joined", id)
            audit.append(joinOf: roster.membership[id])
            return desk.privacy.standing(of: id).map { .standing($0, of: id) }
        case .close(let page, let code):
            roster.connection(of: page)?.close(code)
            roster.remove(page)
        case .connect(let id):
            guard let person = roster[id] else { break }
            publications.end(person)
            ears.forget(id)
            // A page that was opened anew shows nobody's view.
            person.watched = nil
            subscriptions.begin(person)
        case .departed(let id, let departure):
            audit.append(.left(person: id.rawValue, departure))
            if let person = roster.remove(id) {
                publications.end(person)
                subscriptions.end(person)
            }
            files.handleGone(id)
            pointing.handleDeparture(of: id)
            oversight.handleRights()
            watching.updateAll()
            note("Somebody left", id)
            return .departed(id)
        case .end(let page, let refusal):
            roster.connection(of: page)?.send(.ended(refusal))
            roster.connection(of: page)?.close(.ended)
            roster.remove(page)
        case .refuse(let page, let refusal, let mayStay):
            audit.append(refusal)
            roster.connection(of: page)?.send(.error(step: "join", refusal))
            if !mayStay { roster.remove(page) }
        case .releaseHeld(let id): return .pageLost(id)
        case .repeatOffer(let id): if let person = roster[id] { subscriptions.repeatOffer(to: person) }
        case .rightsChanged(let id):
            guard let person = roster[id] else { break }
            person.media = person.media.limited(by: roster.rights(of: id))
            // Whoever may not be here by what they are here by is not here any more.
            if let outside = roster.outside(id), !roster.rights(of: id).contains(outside.needed) {
                roster.endOutside(id)
            }
            publications.updateRights(of: person)
            subscriptions.updateTracks(for: person)
            // Who may hide something of the desk is told where, and may see behind it.
            subscriptions.updateSight(of: person)
            roster.send(.privacy(desk.privacy.state(for: id)), to: id)
            clipboard.tell()
            files.handleRights()
            pointing.update()
            desk.layout.tell(id)
            watching.updateAll()
            oversight.handleRights()
            oversight.tellAll(to: id)
            activities.tell(id)
            roster.tellPeople()
            return desk.privacy.standing(of: id).map { .standing($0, of: id) }
        case .tellPeople: roster.tellPeople()
        case .tellWaiting: oversight.handleWaiting()
        case .wait(let page, let id, let isNew):
            if isNew { audit.append(waitOf: roster.membership.waiting[id]) }
            oversight.tellWaiting(id, on: page)
        case .welcome(let page, let id, let isResumed):
            if isResumed { note("Somebody is back", id) }
            welcome(id, on: page, isResumed: isResumed)
            ears.welcome(id)
            desk.layout.tell(id)
            oversight.tellAll(to: id)
            sizing.tell(id)
            activities.tell(id)
            life.tell(id)
        }
        return nil
    }

    private func welcome(_ id: ParticipantID, on page: PageID, isResumed: Bool) {
        guard let connection = roster.connection(of: page), let you = roster.description(of: id),
            let token = roster.membership[id]?.resumeToken
        else { return }
        connection.handleJoin()
        connection.send(
            .welcome(
                RoomMessage.Welcome(
                    you: you,
                    resume: token.text,
                    resumed: isResumed,
                    desk: desk.state,
                    control: control.state(for: id),
                    privacy: desk.privacy.state(for: id),
                    clipboard: clipboard.welcome(id),
                    files: files.welcome(id),
                    people: roster.descriptions,
                    camera: camera,
                    ice: turn.servers(for: id.rawValue, now: RoomClock.milliseconds / 1_000),
                    now: RoomClock.steady
                )
            )
        )
    }

    private func note(_ event: Logger.Message, _ id: ParticipantID) {
        log.info(event, metadata: ["participant": "\(id.rawValue)", "people": "\(roster.membership.count)"])
    }
}
