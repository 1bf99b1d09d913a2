import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// What each event does to a person in each state, on a virtual clock.
@Suite struct MembershipTests {
    /// Ada's page is 1, and the one by which she comes next 2.
    private enum State: CaseIterable {
        /// Nobody has ever come.
        case absent
        /// With a page, and never seen to work.
        case unproved
        case here
        case goodbye
        /// The page is lost, for no known reason.
        case away
        /// The page is lost and said goodbye.
        case going
        case awayUnproved
        /// Time is up after a goodbye.
        case former
        /// And for as long as she is remembered.
        case forgotten
    }

    private static let join = "admitted 1, welcome 1 on 2, people, connect 1"
    private static let back = "welcome 1 on 2 as resumed, people, repeat 1"
    private static let anew = "welcome 1 on 2, people, connect 1"
    private static let other = "admitted 2, welcome 2 on 2, people, connect 2"

    @Test(arguments: [
        (State.absent, Self.join), (.unproved, "close 1 joinedElsewhere, \(anew)"),
        (.here, "close 1 joinedElsewhere, \(anew)"), (.goodbye, "close 1 joinedElsewhere, \(anew)"),
        (.away, anew), (.going, anew), (.awayUnproved, anew), (.former, Self.join), (.forgotten, other),
    ]) private func aPageWithTheTokenThatWasLoadedAnew(_ state: State, _ effects: String) throws {
        var room = try Room(state)
        #expect(room.join(token: true, isFresh: true) == effects)
    }

    @Test(arguments: [
        (State.absent, Self.join), (.unproved, "close 1 joinedElsewhere, \(back)"),
        (.here, "close 1 joinedElsewhere, \(back)"), (.goodbye, "close 1 joinedElsewhere, \(back)"),
        (.away, back), (.going, back), (.awayUnproved, back), (.former, Self.join), (.forgotten, other),
    ]) private func aPageWithTheTokenThatHasItsConnections(_ state: State, _ effects: String) throws {
        var room = try Room(state)
        #expect(room.join(token: true, isFresh: false) == effects)
    }

    /// Two live pages of one browser are two people.
    @Test(arguments: [
        (State.absent, Self.join), (.unproved, other), (.here, other), (.goodbye, other), (.away, anew),
        (.going, anew), (.awayUnproved, anew), (.former, Self.join), (.forgotten, other),
    ]) private func anotherPageOfTheBrowser(_ state: State, _ effects: String) throws {
        var room = try Room(state)
        #expect(room.join(token: false, isFresh: true) == effects)
    }

    @Test(arguments: [
        (State.absent, ""), (.unproved, "people, release 1"), (.here, "people, release 1"),
        (.goodbye, "people, release 1"), (.away, ""), (.going, ""), (.awayUnproved, ""), (.former, ""),
        (.forgotten, ""),
    ]) private func thePageIsLost(_ state: State, _ effects: String) throws {
        var room = try Room(state)
        #expect(room.carryOut { $0.handleLoss(of: PageID(1), now: $1) } == effects)
    }

    @Test(arguments: [
        (State.absent, ""), (.unproved, "close 1 left, departed 1, people"),
        (.here, "close 1 left, departed 1, people"), (.goodbye, "close 1 left, departed 1, people"),
        (.away, ""), (.going, ""), (.awayUnproved, ""), (.former, ""), (.forgotten, ""),
    ]) private func thePersonLeaves(_ state: State, _ effects: String) throws {
        var room = try Room(state)
        #expect(room.carryOut { $0.leave(by: PageID(1), now: $1) } == effects)
    }

    /// Seconds from the loss of the page to the departure; `nil`: none.
    @Test(arguments: [
        (State.absent, nil), (.unproved, 5), (.here, 60), (.goodbye, 5), (.away, 60), (.going, 5),
        (.awayUnproved, 5), (.former, nil), (.forgotten, nil),
    ]) private func whoDoesNotComeBackIsGivenUp(_ state: State, _ seconds: Int64?) throws {
        var room = try Room(state)
        _ = room.carryOut { $0.handleLoss(of: PageID(1), now: $1) }
        guard let seconds else {
            #expect(room.membership.everybody.isEmpty)
            return
        }
        #expect(room.membership.pollTimeout() == room.now + .seconds(seconds))
        #expect(room.wait() == "departed 1, people")
        #expect(room.membership.count == 0)
    }

    /// The browser ends its connections (DTLS) when a page is closed, before or after the WebSocket.
    @Test(arguments: [
        (State.absent, nil), (.unproved, nil), (.here, nil), (.goodbye, nil), (.away, 5), (.going, 5),
        (.awayUnproved, 5), (.former, nil), (.forgotten, nil),
    ]) private func theBrowserEndsItsConnections(_ state: State, _ seconds: Int64?) throws {
        var room = try Room(state)
        let before = room.membership.pollTimeout()
        #expect(room.carryOut { $0.handleFarewell(of: ParticipantID(1), now: $1) } == "")
        #expect(room.membership.pollTimeout() == (seconds.map { room.now + .seconds($0) } ?? before))
        guard state == .here else { return }
        room.now += .seconds(4)
        _ = room.carryOut { $0.handleLoss(of: PageID(1), now: $1) }
        #expect(room.membership.pollTimeout() == room.now + .seconds(5))
    }

    /// Only whoever was seen to be there, and went as a page goes that is loaded anew.
    @Test(arguments: State.allCases) private func whoIsStillKnownAfterwards(_ state: State) throws {
        var room = try Room(state)
        _ = room.carryOut { $0.handleLoss(of: PageID(1), now: $1) }
        if room.membership.count > 0 { _ = room.wait() }
        let isKnown = state == .goodbye || state == .going || state == .former
        #expect((room.membership.oldestReadableLine == 7) == isKnown)
        #expect((room.membership.pollTimeout() != nil) == isKnown)
        let expected = isKnown || state == .absent ? Self.join : Self.other
        #expect(room.join(token: true, isFresh: true) == expected)
    }

    @Test func aPageThatHasJoinedCannotJoinAgain() throws {
        var room = try Room(.here)
        room.lastPage = 0
        #expect(room.join(token: true, isFresh: true) == "refuse 1 This page has joined already.")
        #expect(room.membership.count == 1)
    }

    /// The page that is gone, if it is not, comes as somebody of its own.
    @Test func whoWasKnownByTheBrowserHasANewToken() throws {
        var room = try Room(.away)
        #expect(room.join(token: false, isFresh: true) == Self.anew)
        let old = room.token
        #expect(room.membership[ParticipantID(1)]?.resumeToken.matches(old) == false)
        #expect(room.join(token: true, isFresh: false) == "admitted 2, welcome 2 on 3, people, connect 2")
    }

    /// A close that came before the person was back says nothing of the page they came back by.
    @Test func aFarewellIsForgottenWhenThePersonIsBack() throws {
        var room = try Room(.here)
        _ = room.carryOut { $0.handleFarewell(of: ParticipantID(1), now: $1) }
        _ = room.join(token: true, isFresh: true)
        _ = room.carryOut { $0.handleLoss(of: PageID(2), now: $1) }
        #expect(room.membership.pollTimeout() == room.now + .seconds(60))
    }

    @Test func aFullRoomRefusesAndGivesUpWhoNeverSawIt() throws {
        var room = try Room(.here, people: 1)
        #expect(room.join(name: "Ben") == "refuse 2 The room is full.")
        #expect(room.membership.count == 1)
        var flooded = try Room(.awayUnproved, people: 1)
        let effects = "departed 1, people, admitted 2, welcome 2 on 2, people, connect 2"
        #expect(flooded.join(name: "Ben") == effects)
        // Who has a page and does nothing for long enough.
        flooded.now += .seconds(15)
        #expect(
            flooded.join(name: "Cem")
                == "close 2 evicted, departed 2, people, admitted 3, welcome 3 on 3, people, connect 3"
        )
    }

    // MARK: Admission

    @Test func thePolicyDecidesWhoComesInAndAsWhat() throws {
        var room = try Room(.absent) { applicant in
            switch applicant.name.text {
            case "Ada": .admitted(.client, [.see, .hear])
            case "Ben": .waiting(.client, .chat)
            default: .refused(Refusal(.mayNot))
            }
        }
        #expect(room.join(name: "Eve") == "refuse 2 You may not do this in this room.")
        #expect(room.join(name: "Ben") == "wait 1 on 3, waiting")
        #expect(room.membership.count == 0)
        #expect(room.join(name: "Ada") == "admitted 2, welcome 2 on 4, people, connect 2")
        let grant = Grant(role: .client, rights: [.see, .hear])
        #expect(room.membership[ParticipantID(2)]?.grant == grant)
    }

    /// What the policy says at a return is what holds from then on; and a page that it refuses takes nobody's place.
    @Test func whoComesBackIsJudgedAnew() throws {
        var room = try Room(.here) { applicant in
            guard applicant.before != nil else { return .admitted(.clinician, .all) }
            return applicant.name.text == "Ada" ? .admitted(.observer, .see) : .refused(Refusal(.roomFull))
        }
        #expect(room.join(token: true, isFresh: false, name: "Eve") == "refuse 2 The room is full.")
        #expect(room.membership.owner(of: PageID(1)) == ParticipantID(1))
        #expect(
            room.join(token: true, isFresh: false)
                == "close 1 joinedElsewhere, rights 1, welcome 1 on 3 as resumed, people, repeat 1"
        )
        #expect(room.membership[ParticipantID(1)]?.grant == Grant(role: .observer, rights: .see))
    }

    // MARK: A room

    private struct Room {
        var membership: Membership
        var now = Instant(nanoseconds: 1_000_000_000_000)
        var lastPage: UInt64 = 1
        let token = "token-1"
        private let browser = "browser-0123456789"

        /// - Parameter people: Most in the room.
        init(
            _ state: State,
            people: Int = 10,
            policy: @escaping @Sendable (Applicant) -> Admission = { _ in .admitted(.clinician, .all) }
        ) throws {
            membership = Membership(people: people, sharing: people, policy: AdmissionPolicy(policy))
            guard state != .absent else { return }
            lastPage = 0
            _ = join()
            let (ada, page) = (ParticipantID(1), PageID(1))
            if state != .unproved, state != .awayUnproved { membership.handleProof(of: ada) }
            switch state {
            case .absent, .here, .unproved: break
            case .away, .awayUnproved: membership.handleLoss(of: page, now: now)
            case .goodbye: membership.handleGoodbye(of: page)
            case .forgotten, .former, .going:
                membership.handleGoodbye(of: page)
                membership.handleLoss(of: page, now: now)
                if state != .going { _ = wait() }
                if state == .forgotten { _ = wait() }
            }
            _ = effects()
        }

        mutating func join(token: Bool = false, isFresh: Bool = true, name: String = "Ada") -> String {
            lastPage += 1
            let page = lastPage
            let browser = name == "Ada" ? browser : nil
            let old = token ? self.token : nil
            let name = try? DisplayName(parsing: name)
            return carryOut { membership, now in
                guard let name else { return }
                membership.join(
                    ClientMessage.Join(name: name, resume: old, isFresh: isFresh, browser: browser),
                    by: PageID(page),
                    from: nil,
                    token: Secret("token-\(page)"),
                    chatStart: page == 1 ? 7 : 9,
                    now: now
                )
            }
        }

        /// Until the next deadline.
        mutating func wait() -> String {
            now = membership.pollTimeout() ?? now
            return carryOut { $0.handleTimeout(now: $1) }
        }

        mutating func carryOut(_ body: (inout Membership, Instant) -> Void) -> String {
            body(&membership, now)
            return effects()
        }

        private mutating func effects() -> String {
            var words: [String] = []
            while let effect = membership.pollEffect() {
                switch effect {
                case .admitted(let id): words.append("admitted \(id.rawValue)")
                case .close(let page, let code): words.append("close \(page.rawValue) \(code)")
                case .connect(let id): words.append("connect \(id.rawValue)")
                case .departed(let id, _): words.append("departed \(id.rawValue)")
                case .end(let page, let refusal):
                    words.append("end \(page.rawValue) \(refusal.code?.rawValue ?? "")")
                case .refuse(let page, let text, _): words.append("refuse \(page.rawValue) \(text)")
                case .releaseHeld(let id): words.append("release \(id.rawValue)")
                case .repeatOffer(let id): words.append("repeat \(id.rawValue)")
                case .rightsChanged(let id): words.append("rights \(id.rawValue)")
                case .tellPeople: words.append("people")
                case .tellWaiting: words.append("waiting")
                case .wait(let page, let id, _): words.append("wait \(id.rawValue) on \(page.rawValue)")
                case .welcome(let page, let id, let isResumed):
                    let text = "welcome \(id.rawValue) on \(page.rawValue)"
                    words.append(isResumed ? text + " as resumed" : text)
                }
            }
            return words.joined(separator: ", ")
        }
    }
}
