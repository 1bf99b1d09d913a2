import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// Everything that three people's pages can do, in every order.
@Suite struct MembershipInterleavingTests {
    /// Every sequence of six events in an empty room for two.
    @Test func noOrderOfSixEventsBreaksARoomForTwo() throws {
        var search = Search(try Simulation(people: 2))
        search.run(depth: 6)
        try search.finish(atLeast: 100_000)
    }

    /// Every sequence of five events in a full room, in which everybody was seen to be there.
    @Test func noOrderOfFiveEventsBreaksAFullRoom() throws {
        var room = try Simulation(people: 2)
        for event in [Event.join(0), .join(1), .proof(0), .proof(1)] { room.apply(event) }
        var search = Search(room)
        search.run(depth: 5)
        try search.finish(atLeast: 10_000)
    }

    /// Far longer ones, as they come, in a larger room.
    @Test(arguments: 0..<20 as Range<UInt64>) func noLongStayBreaksTheRoom(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var room = try Simulation(people: 3)
        for _ in 0..<3_000 {
            guard let event = Event.all.randomElement(using: &random) else { return }
            room.apply(event)
            guard room.failure == nil else { break }
        }
        room.end()
        #expect(room.failure == nil)
    }
}

/// What happens; the numbers are people, by the order of their names.
private enum Event: Hashable {
    case farewell(Int)
    case goodbye(Int)
    /// By a new page that knows nothing but the browser's secret.
    case join(Int)
    /// A page that the room has closed is gone for good.
    case lateLoss
    case leave(Int)
    case loss(Int)
    /// As long as nothing is due.
    case moment
    case proof(Int)
    /// By a page that has the person's token.
    case resume(Int, isFresh: Bool)
    /// Until something is due.
    case wait

    static let all: [Event] =
        [.lateLoss, .moment, .wait]
        + (0..<3).flatMap { person in
            [
                Event.join(person), .resume(person, isFresh: true), .resume(person, isFresh: false),
                .loss(person), .leave(person), .goodbye(person), .farewell(person), .proof(person),
            ]
        }
}

/// Goes through all sequences of events, as deep as it is told; a room is a value, so that each way goes on from a copy.
private struct Search {
    private let start: Simulation
    private var path: [Event] = []
    private var failure: (path: [Event], words: String)?
    private var ends = 0

    init(_ start: Simulation) {
        self.start = start
    }

    mutating func run(depth: Int) { go(on: start, depth: depth) }

    private mutating func go(on room: Simulation, depth: Int) {
        guard failure == nil else { return }
        guard depth > 0 else {
            ends += 1
            return
        }
        // Whatever has happened so far may be the last that does.
        var last = room
        last.end()
        if let words = last.failure { failure = (path, words) }
        for event in Event.all {
            var next = room
            // What changes nothing, or cannot happen here, is no way of its own.
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

/// A room, the pages around it, and what they were told.
private struct Simulation {
    private var membership: Membership
    private var now = Instant(nanoseconds: 0)
    private let limit: Int
    private let names: [DisplayName]
    private var lastPage: UInt64 = 0
    private var lastToken = 0
    /// The token that each person's newest page was given.
    private var tokens: [String?] = [nil, nil, nil]
    /// Who each person was to the room, last.
    private var ids: [ParticipantID?] = [nil, nil, nil]
    /// Pages that were welcomed, are there, and have not been told that they are over.
    private var live: Set<PageID> = []
    /// Those that were told, and are still there.
    private var told: Set<PageID> = []
    private var people: Set<ParticipantID> = []
    private(set) var failure: String?

    init(people: Int) throws {
        limit = people
        membership = Membership(people: people, sharing: people)
        names = try ["Ada", "Ben", "Cem"].map { try DisplayName(parsing: $0) }
    }

    // MARK: Events

    /// Returns `false` for what cannot happen now, or is no news.
    @discardableResult
    mutating func apply(_ event: Event) -> Bool {
        switch event {
        case .farewell(let person):
            guard let id = here(person)?.id else { return false }
            membership.handleFarewell(of: id, now: now)
        case .goodbye(let person):
            guard let member = here(person), let page = member.page, !member.hasSaidGoodbye else {
                return false
            }
            membership.handleGoodbye(of: page)
        case .join(let person):
            // Cem is like Ada, and comes after her.
            guard person != 2 || ids[0] != nil else { return false }
            join(person, resume: nil, isFresh: true)
        case .lateLoss:
            guard let page = told.min(by: { $0.rawValue < $1.rawValue }) else { return false }
            told.remove(page)
            let before = membership.pollTimeout()
            membership.handleLoss(of: page, now: now)
            check(membership.pollTimeout() == before, "a page that is over changes something")
            check(membership.pollEffect() == nil, "a page that is over changes something")
        case .leave(let person):
            guard let page = here(person)?.page else { return false }
            membership.leave(by: page, now: now)
            settle()
            check(!live.contains(page), "a page goes on that has left")
        case .loss(let person):
            guard let page = here(person)?.page else { return false }
            live.remove(page)
            membership.handleLoss(of: page, now: now)
        case .moment:
            guard let due = membership.pollTimeout(), now + .seconds(1) < due else { return false }
            now += .seconds(1)
        case .proof(let person):
            guard let member = here(person), !member.isProved else { return false }
            membership.handleProof(of: member.id)
        case .resume(let person, let isFresh):
            guard let token = tokens[person] else { return false }
            join(person, resume: token, isFresh: isFresh)
        case .wait:
            guard let due = membership.pollTimeout() else { return false }
            check(due >= now, "a deadline was passed over")
            now = due
            let before = membership.pollTimeout()
            membership.handleTimeout(now: now)
            check(membership.pollTimeout() != before, "a deadline is left over")
        }
        settle()
        checkRoom()
        return true
    }

    /// Everybody's network fails, and time goes by: nothing may be left.
    mutating func end() {
        for page in live {
            membership.handleLoss(of: page, now: now)
            live.remove(page)
            settle()
            checkRoom()
        }
        for _ in 0..<100 {
            guard let due = membership.pollTimeout() else { break }
            now = due
            membership.handleTimeout(now: due)
            settle()
            checkRoom()
        }
        check(membership.pollTimeout() == nil, "a deadline is left over")
        check(membership.count == 0, "somebody is left without a page")
        check(membership.oldestReadableLine == nil, "lines are kept for nobody")
    }

    private func here(_ person: Int) -> Member? { ids[person].flatMap { membership[$0] } }

    private mutating func join(_ person: Int, resume: String?, isFresh: Bool) {
        lastPage += 1
        lastToken += 1
        let known = membership.everybody.first { $0.resumeToken.text == resume }?.id
        let page = PageID(lastPage)
        membership.join(
            ClientMessage.Join(
                name: names[person],
                resume: resume,
                isFresh: isFresh,
                // Ben's browser keeps nothing.
                browser: person == 1 ? nil : "browser-of-\(person)-0123456789"
            ),
            by: page,
            from: nil,
            token: Secret("token-\(lastToken)"),
            chatStart: Int(lastPage),
            now: now
        )
        settle()
        guard let id = membership.owner(of: page), let member = membership[id] else { return }
        check(known == nil || known == id, "taken for somebody else")
        ids[person] = id
        tokens[person] = member.resumeToken.text
    }

    // MARK: What the room says

    private mutating func settle() {
        while let effect = membership.pollEffect() {
            switch effect {
            case .admitted(let id): check(people.insert(id).inserted, "admitted twice")
            case .departed(let id, _): check(people.remove(id) != nil, "departed twice")
            case .close(let page, _):
                check(live.remove(page) != nil, "told twice, or though it was gone, that it is over")
                told.insert(page)
            case .welcome(let page, let id, _):
                check(page.rawValue == lastPage, "another page is welcomed")
                check(people.contains(id), "welcomed as somebody who is not here")
                check(live.insert(page).inserted, "welcomed twice")
            case .refuse(let page, _, _):
                check(page.rawValue == lastPage && !live.contains(page), "another page is refused")
            case .connect(let id), .releaseHeld(let id), .repeatOffer(let id), .rightsChanged(let id):
                check(people.contains(id), "somebody who is not here is given something")
            case .tellPeople: break
            case .end, .tellWaiting, .wait: check(false, "somebody waits, or is ended, whom nobody has")
            }
        }
    }

    private mutating func checkRoom() {
        let members = membership.everybody
        check(members.count <= limit, "more people than places")
        check(Set(members.map(\.id)) == people && members.count == people.count, "somebody is here twice")
        check(Set(members.map(\.resumeToken.text)).count == members.count, "two with one token")
        check(Set(members.compactMap(\.page)) == live, "a page without a person, or not told that it is over")
        for member in members {
            if let page = member.page {
                check(membership.owner(of: page) == member.id, "somebody else's page")
                check(member.departure == nil, "a deadline of somebody who is here")
            } else {
                check(member.departure != nil, "somebody without a page who is not waited for")
            }
        }
        let due = members.compactMap { $0.departure?.due }.min()
        check(due == nil || membership.pollTimeout().map { $0 <= due ?? $0 } == true, "a forgotten deadline")
    }

    private mutating func check(_ condition: Bool, _ words: String) {
        if !condition, failure == nil { failure = words }
    }
}
