internal import Access
internal import IO
internal import RemoteControl
internal import SFU
internal import Wire

/// The people in the room, their pages, and how they are told something.
@SessionActor final class Roster {
    /// Only ``Reception`` changes it, and carries out at once what follows.
    var membership: Membership
    private var people: [ParticipantID: Person] = [:]
    private var pages: [PageID: SignallingConnection] = [:]
    private var lastPage: UInt64 = 0
    private var telling = StateTelling()

    init(_ membership: Membership) {
        self.membership = membership
    }

    // MARK: People

    /// Everybody, in the order in which they first came.
    var everybody: [Person] { people.values.sorted { $0.id.rawValue < $1.id.rawValue } }

    /// `nil` for somebody who is not in the room any more.
    subscript(id: ParticipantID) -> Person? { people[id] }

    func add(_ id: ParticipantID) { people[id] = Person(id) }
    func remove(_ id: ParticipantID) -> Person? { people.removeValue(forKey: id) }

    /// Nothing, for somebody who is not in the room.
    func rights(of id: ParticipantID) -> Rights { membership[id]?.grant.rights ?? [] }
    func standing(of id: ParticipantID) -> FloorStanding? { membership[id].map { FloorStanding($0.grant) } }
    func name(of id: ParticipantID) -> String? { membership[id]?.name.text }
    func isAway(_ id: ParticipantID) -> Bool { membership[id]?.page == nil }

    /// How somebody is sent what there is.
    func style(of id: ParticipantID) -> SubscribeStyle {
        membership[id]?.page.flatMap { pages[$0]?.outside?.style } ?? .page
    }

    func outside(_ id: ParticipantID) -> OutsideClient? { membership[id]?.outside }

    /// Whose pages show this person's view.
    func watchers(of id: ParticipantID) -> [Person] { everybody.filter { $0.watched == id } }

    /// Who sends a stream.
    func sender(of producer: ProducerID) -> (person: Person, mid: String, track: PublishConnection.Track)? {
        for person in people.values {
            guard let track = person.sources.first(where: { $0.producer == producer }) else { continue }
            return (person, track.media.mid, track)
        }
        return nil
    }

    /// As others are told of them.
    func description(of id: ParticipantID) -> RoomMessage.Person? {
        guard let member = membership[id], let person = people[id] else { return nil }
        return RoomMessage.Person(
            id: id.rawValue,
            name: member.name.text,
            audio: person.media.audio,
            video: person.media.video,
            away: member.page == nil,
            outside: member.outside
        )
    }

    var descriptions: [RoomMessage.Person] { everybody.compactMap { description(of: $0.id) } }

    // MARK: Pages

    func add(_ page: SignallingConnection) -> PageID {
        lastPage += 1
        let id = PageID(lastPage)
        pages[id] = page
        return id
    }

    /// Nothing more is taken from it, or said to it.
    func remove(_ page: PageID) { pages[page] = nil }
    func isOpen(_ page: PageID) -> Bool { pages[page] != nil }
    func closePages() { for page in pages.values { page.close() } }
    func connection(of page: PageID) -> SignallingConnection? { pages[page] }

    /// A connection of somebody's is secured.
    func handleSecured(_ id: ParticipantID) {
        membership[id]?.page.flatMap { pages[$0]?.outside }?.hear(.secured)
    }

    /// Somebody from outside has lost what they came for; what follows, whoever serves their page finds.
    func endOutside(_ id: ParticipantID) {
        guard let member = membership[id], member.outside != nil, let page = member.page else { return }
        pages[page]?.close()
    }

    // MARK: Telling

    func send(_ message: RoomMessage, to id: ParticipantID) {
        guard let page = membership[id]?.page else { return }
        pages[page]?.send(message)
    }

    func tellAll(_ message: RoomMessage) {
        // Written once, whoever reads it.
        let encoded = EncodedMessage(message)
        for id in people.keys {
            guard let member = membership[id], let page = member.page, member.outside == nil else { continue }
            pages[page]?.send(encoded)
        }
    }

    /// Tells everybody who is here, at once: what follows may speak of somebody new.
    func tellPeople() {
        telling.handleTold(now: .now())
        tellAll(.people(descriptions))
    }

    /// Tells everybody what people say of themselves, which they may say very often.
    func tellPeopleSoon() {
        if telling.handleChange(now: .now()) { tellPeople() }
    }

    func handleTimeout(now: Instant) {
        if telling.isDue(now: now) { tellPeople() }
    }

    func pollTimeout() -> Instant? { telling.pollTimeout() }
}
