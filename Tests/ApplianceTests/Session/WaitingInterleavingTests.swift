import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// Everything that a clinician's page and those of two clients can do before the door and behind it, in every order.
@Suite struct WaitingInterleavingTests {
    /// Every sequence of six events, beginning with nobody.
    @Test func noOrderOfSixEventsLetsAnybodyInWhomNobodyHas() throws {
        var search = Search(try Door())
        search.run(depth: 6)
        try search.finish(atLeast: 50_000)
    }

    /// Every sequence of four events, with a clinician, one client in the room and one who waits.
    @Test func norDoesAnyOrderOfFourEventsInARoomWithPeople() throws {
        var door = try Door()
        for event in [Event.join(0), .join(1), .admit(1), .join(2)] { door.apply(event) }
        var search = Search(door)
        search.run(depth: 4)
        try search.finish(atLeast: 20_000)
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func norDoesALongDay(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var door = try Door()
        for _ in 0..<3_000 {
            guard let event = Event.all.randomElement(using: &random) else { return }
            door.apply(event)
            guard door.failure == nil else { break }
        }
        door.end()
        #expect(door.failure == nil)
    }
}

/// What happens; 0 is the clinician, 1 and 2 are clients.
private enum Event: Hashable {
    case admit(Int)
    case allow(Int)
    case endSession
    /// Nobody but a clinician has rights to give; what is taken is speech.
    case give(Int), take(Int)
    case goodbye(Int)
    /// By a new page that has only its link.
    case join(Int)
    case leave(Int)
    case loss(Int)
    case remove(Int)
    /// By a page that has the person's secret as well.
    case resume(Int)
    case tell(Int)
    case turnAway(Int)
    /// Until something is due.
    case wait

    static let all: [Event] =
        [.endSession, .wait]
        + (0..<3).flatMap { [Event.goodbye($0), .join($0), .leave($0), .loss($0), .resume($0)] }
        + (1..<3).flatMap {
            [Event.admit($0), .allow($0), .give($0), .remove($0), .take($0), .tell($0), .turnAway($0)]
        }
}

private struct Search {
    private let start: Door
    private var path: [Event] = []
    private var failure: (path: [Event], words: String)?
    private var ends = 0

    init(_ start: Door) {
        self.start = start
    }

    mutating func run(depth: Int) { go(on: start, depth: depth) }

    private mutating func go(on door: Door, depth: Int) {
        guard failure == nil else { return }
        guard depth > 0 else {
            ends += 1
            return
        }
        var last = door
        last.end()
        if let words = last.failure { failure = (path, words) }
        for event in Event.all {
            var next = door
            // What cannot happen here is no way of its own.
            guard next.apply(event) else { continue }
            path.append(event)
            if let words = next.failure, failure == nil { failure = (path, words) }
            go(on: next, depth: depth - 1)
            path.removeLast()
        }
    }

    func finish(atLeast number: Int) throws {
        if let failure { Issue.record("\(failure.words), after \(failure.path)") }
        #expect(failure != nil || ends >= number)
    }
}

/// The room and its door, the pages around it, and what they were told.
private struct Door {
    private var membership: Membership
    private var now = Instant(nanoseconds: 0)
    private let names: [DisplayName]
    private let tokens: [JoinToken]
    private var lastPage: UInt64 = 0
    private var secrets: [String?] = [nil, nil, nil]
    /// Whose each page is.
    private var owners: [PageID: Int] = [:]
    /// Pages that have been welcomed, and those that have been told to wait; each until it is over.
    private var inside: Set<PageID> = []
    private var outside: Set<PageID> = []
    private var people: Set<ParticipantID> = []
    /// What has to be true, told apart from the machine: whom somebody has let in, who may not come, who may not speak.
    private var admitted: Set<Int> = []
    private var removed: [Int: ParticipantID] = [:]
    private var silent: Set<Int> = []
    private var hasEnded = false
    private(set) var failure: String?

    init() throws {
        names = try ["Ada", "Ben", "Cem"].map { try DisplayName(parsing: $0) }
        let room = try #require(Identifier("room"))
        tokens = try ["a", "b", "c"].map {
            JoinToken(
                room: room,
                subject: try #require(Identifier($0)),
                role: $0 == "a" ? .clinician : .client,
                expires: 0
            )
        }
        membership = Membership(
            people: 3,
            sharing: 3,
            policy: AdmissionPolicy.tokens(RightsTable()).waiting(for: [.client])
        )
    }

    // MARK: Events

    /// Returns `false` for what cannot happen now.
    @discardableResult
    mutating func apply(_ event: Event) -> Bool {
        let before = Set(membership.everybody.map(\.id))
        switch event {
        case .admit(let person):
            guard let waiter = waiter(person) else { return false }
            admitted.insert(person)
            attempt { door, now throws(ModerationRefusal) in
                try door.admit(waiter.id, chatStart: 1, now: now)
            }
            settle()
            check(membership[waiter.id] != nil, "who was let in is not here by the same number")
        case .allow(let person):
            guard let id = removed.removeValue(forKey: person) else { return false }
            attempt { door, _ throws(ModerationRefusal) in try door.allow(id) }
        case .endSession:
            hasEnded = true
            admitted.removeAll()
            membership.endSession(now: now)
            settle()
            check(membership.count == 0 && membership.waiting.count == 0, "somebody stays after the end")
        case .give(let person):
            guard let member = member(person) else { return false }
            silent.remove(person)
            attempt { door, _ throws(ModerationRefusal) in
                try door.setRights(of: member.id, give: .speak, by: nil)
            }
        case .take(let person):
            guard let member = member(person) else { return false }
            silent.insert(person)
            attempt { door, _ throws(ModerationRefusal) in
                try door.setRights(of: member.id, take: .speak, by: nil)
            }
        case .goodbye(let person):
            guard let page = page(person) else { return false }
            membership.handleGoodbye(of: page)
        case .join(let person):
            // Two pages of one link are two people: here each has one at a time.
            guard member(person) == nil, waiter(person) == nil else { return false }
            join(person, resume: nil)
        case .leave(let person):
            guard let page = page(person) else { return false }
            membership.leave(by: page, now: now)
        case .loss(let person):
            guard let page = page(person) else { return false }
            inside.remove(page)
            outside.remove(page)
            membership.handleLoss(of: page, now: now)
            settle()
            check(Set(membership.everybody.map(\.id)) == before, "somebody has to go for a lost page")
        case .remove(let person):
            guard let member = member(person) else { return false }
            removed[person] = member.id
            attempt { door, now throws(ModerationRefusal) in
                try door.remove(member.id, reason: "", by: nil, now: now)
            }
        case .resume(let person):
            guard let secret = secrets[person] else { return false }
            join(person, resume: secret)
        case .tell(let person):
            guard let waiter = waiter(person) else { return false }
            attempt { door, _ throws(ModerationRefusal) in try door.tell("Soon.", to: waiter.id) }
        case .turnAway(let person):
            guard let waiter = waiter(person) else { return false }
            attempt { door, _ throws(ModerationRefusal) in try door.turnAway(waiter.id, reason: "") }
        case .wait:
            guard let due = membership.pollTimeout() else { return false }
            check(due >= now, "a deadline was passed over")
            now = due
            membership.handleTimeout(now: now)
            check(membership.pollTimeout().map { $0 > due } ?? true, "a deadline is left over")
        }
        settle()
        checkDoor()
        return true
    }

    /// Everybody's network fails, and time goes by: nothing may be left.
    mutating func end() {
        for page in inside.union(outside) {
            membership.handleLoss(of: page, now: now)
            inside.remove(page)
            outside.remove(page)
            settle()
        }
        for _ in 0..<100 {
            guard let due = membership.pollTimeout() else { break }
            now = due
            membership.handleTimeout(now: due)
            settle()
        }
        check(membership.pollTimeout() == nil, "a deadline is left over")
        check(membership.count == 0 && membership.waiting.count == 0, "somebody is left without a page")
    }

    private mutating func attempt(
        _ deed: (inout Membership, Instant) throws(ModerationRefusal) -> Void
    ) {
        do { try deed(&membership, now) } catch { check(false, "refused: \(error)") }
    }

    private func subject(_ person: Int) -> Identifier { tokens[person].subject }
    private func member(_ person: Int) -> Member? {
        membership.everybody.first { $0.grant.token?.subject == subject(person) }
    }
    private func waiter(_ person: Int) -> WaitingRoom.Person? {
        membership.waiting.everybody.first { $0.grant.token?.subject == subject(person) }
    }
    private func page(_ person: Int) -> PageID? { member(person)?.page ?? waiter(person)?.page }

    private mutating func join(_ person: Int, resume: String?) {
        lastPage += 1
        let page = PageID(lastPage)
        owners[page] = person
        let since = waiter(person)?.since
        let mayEnter = removed[person] == nil && !(hasEnded && person != 0)
        let isIn = member(person) != nil
        membership.join(
            ClientMessage.Join(name: names[person], resume: resume),
            by: page,
            from: nil,
            showing: tokens[person],
            token: Secret("secret-\(lastPage)"),
            chatStart: 1,
            now: now
        )
        settle()
        if inside.contains(page) {
            check(mayEnter, "let in though they may not come")
            check(person == 0 || isIn || admitted.contains(person), "in, though nobody has let them in")
            if person == 0 { hasEnded = false }
            secrets[person] = membership.owner(of: page).flatMap { membership[$0]?.resumeToken.text }
        } else if outside.contains(page) {
            check(mayEnter, "waits though they may not come")
            check(person != 0 && !admitted.contains(person), "waits who need not")
            check(since == nil || waiter(person)?.since == since, "has lost their place in the line")
            secrets[person] = waiter(person)?.resumeToken.text
        } else {
            check(!mayEnter, "refused without a reason")
        }
    }

    // MARK: What the room says

    private mutating func settle() {
        while let effect = membership.pollEffect() {
            switch effect {
            case .admitted(let id): check(people.insert(id).inserted, "admitted twice")
            case .departed(let id, _): check(people.remove(id) != nil, "departed twice")
            case .close(let page, _), .end(let page, _):
                let isNew = page.rawValue == lastPage
                let wasThere = inside.remove(page) != nil || outside.remove(page) != nil
                check(wasThere || isNew, "told twice, or though it was gone, that it is over")
            case .welcome(let page, let id, _):
                check(people.contains(id), "welcomed as somebody who is not here")
                check(membership.waiting[id] == nil, "welcomed and waits")
                outside.remove(page)
                check(inside.insert(page).inserted, "welcomed twice")
            case .wait(let page, let id, _):
                check(membership.waiting[id] != nil && !people.contains(id), "told to wait, and is here")
                check(!inside.contains(page), "a page in the room is told to wait")
                outside.insert(page)
            case .refuse: check(false, "there is room for three")
            case .connect(let id), .releaseHeld(let id), .repeatOffer(let id), .rightsChanged(let id):
                check(people.contains(id), "somebody who is not here is given something")
            case .tellPeople, .tellWaiting: break
            }
        }
    }

    private mutating func checkDoor() {
        let members = membership.everybody
        let waiting = membership.waiting.everybody
        check(Set(members.map(\.id)) == people, "somebody is here whom nobody was told of")
        check(Set(members.map(\.id)).isDisjoint(with: waiting.map(\.id)), "here and before the door")
        check(Set(members.compactMap(\.page)) == inside, "a page in the room without a person")
        check(Set(waiting.compactMap(\.page)) == outside, "a page before the door without a person")
        for person in 0..<3 {
            guard let member = member(person) else { continue }
            check(removed[person] == nil, "removed and here")
            check(
                member.grant.rights.contains(.speak) != silent.contains(person),
                "a switch is not as it was left"
            )
        }
        for person in waiting {
            check((person.page == nil) == (person.due != nil), "nobody waits for them, or somebody for ever")
            check(person.grant.role != .clinician, "a clinician waits")
            check(
                membership.owner(of: person.page ?? PageID(0)) == nil,
                "an owner of the room before its door"
            )
        }
    }

    private mutating func check(_ condition: Bool, _ words: String) {
        if !condition, failure == nil { failure = words }
    }
}
