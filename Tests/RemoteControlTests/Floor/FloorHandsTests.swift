import RemoteControl
import Testing
import Wire

/// A clinician (Cleo) drives, and lets clients (Ada, Ben and Dia) drive beside her.
@Suite struct FloorHandsTests {
    static let (cleo, ada, ben, dia) = (
        ParticipantID(1), ParticipantID(2), ParticipantID(3), ParticipantID(4)
    )

    @Test func whereOnlyOneMayDriveNobodyIsLetDriveBeside() throws {
        var floor = room(1)
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        #expect(floor.letDrive(Self.ada, by: Self.cleo, now: at(1)) == .denied(.noHandFree))
        #expect(floor.state.mostHands == 1 && floor.state.hands.isEmpty)
    }

    @Test func eachDrivesUnderALeaseOfTheirOwnAndTheFirstGoesOn() throws {
        var floor = room(3)
        let first = try granted(floor.request(by: Self.cleo, now: at(0)))
        let second = try granted(floor.letDrive(Self.ada, by: Self.cleo, now: at(1)))
        let third = try granted(floor.letDrive(Self.ben, by: Self.cleo, now: at(1)))
        #expect(floor.holder == Self.cleo)
        #expect([first, second, third].map(\.hand) == [0, 1, 2])
        #expect(floor.state.hands.map(\.of) == [Self.ada, Self.ben])
        #expect(floor.letDrive(Self.dia, by: Self.cleo, now: at(2)) == .denied(.noHandFree))
        // Whoever drives has nothing more to ask for.
        #expect(floor.request(by: Self.ada, now: at(2)) == .granted(second))
        #expect(floor.letDrive(Self.cleo, by: Self.cleo, now: at(2)) == .granted(first))
        for (person, lease) in [(Self.cleo, first), (Self.ada, second), (Self.ben, third)] {
            #expect(isForwarded(&floor, under: lease, by: person, at: at(3)))
            #expect(floor.driver(under: lease) == person)
            #expect(floor.mayType(person, under: lease, now: at(3)))
            for other in [first, second, third] where other != lease {
                #expect(!isForwarded(&floor, under: other, by: person, at: at(3)))
                #expect(!floor.mayPoint(person, under: other, now: at(3)))
            }
        }
        #expect(!isForwarded(&floor, under: second, by: Self.dia, at: at(3)))
        #expect(floor.forwarded == 3)
        #expect(floor.refusals.total == 7)
    }

    @Test func whereNobodyDrivesWhoeverIsLetGetsControl() throws {
        var floor = room(2)
        let lease = try granted(floor.letDrive(Self.ada, by: Self.cleo, now: at(0)))
        #expect(lease.hand == 0)
        #expect(floor.holder == Self.ada)
    }

    @Test func onlyWhoMayGiveControlLetsDriveOrStopsIt() throws {
        var floor = room(2)
        _ = try granted(floor.request(by: Self.ada, now: at(0)))
        #expect(floor.letDrive(Self.ben, by: Self.ada, now: at(1)) == .denied(.mayNotGive))
        // Whoever is asked may.
        #expect(floor.request(by: Self.ben, now: at(2)) == .waiting(on: [Self.ada]))
        let lease = try granted(floor.letDrive(Self.ben, by: Self.ada, now: at(3)))
        #expect(lease.hand == 1)
        // They wait no longer.
        #expect(floor.state.requests.isEmpty)
        #expect(floor.stopDriving(Self.ben, by: Self.ada, now: at(4)) == false)
        #expect(floor.hand(of: Self.ben) != nil)
        #expect(floor.stopDriving(Self.ben, by: Self.cleo, now: at(5)) == true)
        #expect(floor.hand(of: Self.ben) == nil)
        #expect(floor.holder == Self.ada)
    }

    @Test func nobodyGetsAHandBeforeTheDeskHasLetGoOfWhatItHeld() throws {
        var floor = room(2)
        let hand = try #require(FurtherHand(rawValue: 1))
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        let lease = try granted(floor.letDrive(Self.ada, by: Self.cleo, now: at(1)))
        _ = events(&floor)
        #expect(floor.stopDriving(Self.ada, by: Self.cleo, now: at(2)) == true)
        let news = events(&floor)
        #expect(
            news.starts(with: [.releaseHand(hand), .ended(lease, of: Self.ada, .revoked, by: Self.cleo)])
        )
        #expect(!news.contains(.releaseAll))
        #expect(floor.letDrive(Self.ben, by: Self.cleo, now: at(3)) == .pending)
        // What the first hand has let go of is another matter.
        floor.handleReleased(now: at(4))
        #expect(floor.hand(of: Self.ben) == nil)
        floor.handleReleased(hand, now: at(5))
        #expect(floor.hand(of: Self.ben) == hand)
        let next = try #require(floor.leaseID(of: Self.ben))
        #expect(next > lease)
    }

    @Test(arguments: [
        "release", "departure", "rights", "lock", "curtain", "revoke", "restart", "reset", "turns", "time",
    ])
    func aHandEndsWithWhatEndsControl(_ way: String) throws {
        var floor = room(2)
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        let terms = ControlTerms(limit: way == "time" ? .seconds(60) : nil)
        let lease = try granted(floor.letDrive(Self.ada, by: Self.cleo, terms, now: at(1)))
        #expect(isForwarded(&floor, under: lease, by: Self.ada, at: at(2)))
        _ = events(&floor)
        switch way {
        case "release": floor.release(by: Self.ada, now: at(3))
        case "departure": floor.handleDeparture(of: Self.ada, now: at(3))
        case "rights": floor.setStanding(FloorStanding(rights: [], isClient: true), of: Self.ada, now: at(3))
        case "lock": floor.restrict(.lock, Self.ada, to: true, by: Self.cleo, now: at(3))
        case "curtain":
            let blind = FloorStanding(rights: .all, isClient: true, isBlind: true)
            floor.setStanding(blind, of: Self.ada, now: at(3))
        case "revoke": floor.revoke(by: Self.cleo, now: at(3))
        case "restart": floor.handleDeskRestart(now: at(3))
        case "reset": floor.handleDeskReset(by: Self.cleo, now: at(3))
        case "turns":
            #expect(floor.takeTurns([Self.cleo, Self.ben], for: nil, by: Self.cleo, now: at(3)) == nil)
        default:
            #expect(floor.pollTimeout() == at(31))
            floor.handleTimeout(now: at(31))
            #expect(events(&floor).contains(.expiring(lease, of: Self.ada, at: at(61))))
            // Late as the timer may be, nothing goes through.
            #expect(!isForwarded(&floor, under: lease, by: Self.ada, at: at(61)))
        }
        #expect(floor.hand(of: Self.ada) == nil)
        #expect(!isForwarded(&floor, under: lease, by: Self.ada, at: at(62)))
        let news = events(&floor)
        let hand = try #require(FurtherHand(rawValue: 1))
        #expect(news.contains(.releaseHand(hand)))
        #expect(news.contains { if case .ended(lease, of: Self.ada, _, by: _) = $0 { true } else { false } })
    }

    @Test func whoIsLostKeepsTheirHandForAWhileAndNothingIsHeld() throws {
        var floor = room(2)
        let hand = try #require(FurtherHand(rawValue: 1))
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        let lease = try granted(floor.letDrive(Self.ada, by: Self.cleo, now: at(1)))
        _ = events(&floor)
        floor.handleDisconnect(of: Self.ada, now: at(2))
        #expect(events(&floor) == [.releaseHand(hand)])
        #expect(!isForwarded(&floor, under: lease, by: Self.ada, at: at(3)))
        floor.handleReconnect(of: Self.ada, now: at(4))
        #expect(isForwarded(&floor, under: lease, by: Self.ada, at: at(5)))
        floor.handleDisconnect(of: Self.ada, now: at(6))
        floor.handleTimeout(now: at(16))
        #expect(events(&floor).contains(.ended(lease, of: Self.ada, .expired, by: nil)))
        #expect(floor.holder == Self.cleo)
    }

    @Test func everyClientConsentsBeforeAndWhoTakesItBackEndsIt() throws {
        var floor = room(2) { $0.consent = .client }
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: Self.dia, now: at(0))
        _ = try granted(floor.request(by: Self.ada, now: at(0)))
        #expect(floor.letDrive(Self.dia, by: Self.cleo, now: at(1)) == .consenting)
        for client in [Self.ada, Self.ben] {
            let question = try #require(floor.state.consents.first { $0.of == client && !$0.isGiven })
            #expect(floor.hand(of: Self.dia) == nil)
            #expect(floor.consent(question.id, isGiven: true, by: client, now: at(2)) == true)
        }
        #expect(floor.hand(of: Self.dia) != nil)
        #expect(floor.holder == Self.ada)
        let given = try #require(floor.state.consents.first { $0.of == Self.ben && $0.isGiven })
        #expect(floor.consent(given.id, isGiven: false, by: Self.ben, now: at(3)) == true)
        #expect(floor.hand(of: Self.dia) == nil)
        #expect(floor.holder == Self.ada)
        // Stopped while it is asked: a late Yes gives nothing.
        #expect(floor.letDrive(Self.dia, by: Self.cleo, now: at(4)) == .consenting)
        let open = try #require(floor.state.consents.first { $0.of == Self.ben && !$0.isGiven })
        #expect(floor.stopDriving(Self.dia, by: Self.cleo, now: at(5)) == true)
        #expect(floor.consent(open.id, isGiven: true, by: Self.ben, now: at(6)) == false)
        #expect(floor.hand(of: Self.dia) == nil)
    }

    @Test func whoGetsControlLetsGoOfTheirHandAndWhoStaysGoesOnWithoutAHolder() throws {
        var floor = room(3)
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        let ada = try granted(floor.letDrive(Self.ada, by: Self.cleo, now: at(1)))
        let ben = try granted(floor.letDrive(Self.ben, by: Self.cleo, now: at(1)))
        _ = events(&floor)
        _ = floor.give(to: Self.ada, by: Self.cleo, now: at(2))
        floor.handleReleased(now: at(2))
        let order = events(&floor).compactMap { event -> String? in
            switch event {
            case .ended(let id, _, _, _): id == ada ? "hand ends" : "control ends"
            case .granted(let id, to: Self.ada, _, _): "control of hand \(id.hand)"
            default: nil
            }
        }
        #expect(order == ["hand ends", "control ends", "control of hand 0"])
        #expect(floor.hand(of: Self.ada) == nil && floor.holder == Self.ada)
        floor.release(by: Self.ada, now: at(3))
        #expect(floor.holder == nil)
        #expect(isForwarded(&floor, under: ben, by: Self.ben, at: at(4)))
    }

    @Test func theTermsOfOneHandAreTheirs() throws {
        var floor = room(2)
        _ = try granted(floor.request(by: Self.cleo, now: at(0)))
        let lease = try granted(
            floor.letDrive(Self.ada, by: Self.cleo, ControlTerms(rights: .pointer), now: at(1))
        )
        #expect(!isForwarded(&floor, under: lease, by: Self.ada, at: at(2)))
        #expect(floor.mayPoint(Self.ada, under: lease, now: at(2)))
        #expect(!floor.mayType(Self.ada, under: lease, now: at(2)))
        #expect(floor.state.hands.first?.rights == .pointer)
        #expect(floor.state.rights == .all)
    }

    @Test func notWhileTheyTakeTurns() throws {
        var floor = room(2)
        #expect(floor.takeTurns([Self.ada, Self.ben], for: nil, by: Self.cleo, now: at(0)) == nil)
        #expect(floor.letDrive(Self.cleo, by: Self.cleo, now: at(1)) == .denied(.inTurns))
        #expect(floor.endTurns(by: Self.cleo, now: at(2)) == nil)
        _ = try granted(floor.letDrive(Self.cleo, by: Self.cleo, now: at(3)))
    }

    // MARK: Words of these tests

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func room(_ hands: Int, _ change: (inout ControlPolicy) -> Void = { _ in }) -> FloorControl {
        var policy = ControlPolicy()
        policy.hands = hands
        change(&policy)
        var floor = FloorControl(policy: policy)
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: Self.cleo, now: at(0))
        for client in [Self.ada, Self.ben, Self.dia] {
            floor.setStanding(FloorStanding(rights: .all, isClient: true), of: client, now: at(0))
        }
        _ = events(&floor)
        return floor
    }

    private func granted(_ answer: FloorControl.Answer) throws -> LeaseID {
        guard case .granted(let id) = answer else { throw NotGranted(answer: answer) }
        return id
    }

    private struct NotGranted: Error { let answer: FloorControl.Answer }

    private func events(_ floor: inout FloorControl) -> [FloorControl.Event] {
        var events: [FloorControl.Event] = []
        while let event = floor.pollEvent() { events.append(event) }
        return events.filter { if case .state = $0 { false } else { true } }
    }

    /// A key.
    private func isForwarded(
        _ floor: inout FloorControl,
        under lease: LeaseID,
        by participant: ParticipantID,
        at now: Instant
    ) -> Bool {
        guard let key = Keysym("a") else { return false }
        let bytes = ControlEvent(lease: lease, clientTime: 1, action: .keyDown(key)).encoded()
        if case .forward = floor.accept(bytes.span.bytes, from: participant, now: now) { return true }
        return false
    }
}
