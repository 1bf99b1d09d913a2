import RemoteControl
import Testing
import Wire

/// Who gets control in a room with a clinician (Cleo) and clients (Ada and Ben).
@Suite struct FloorControlTests {
    private static let cleo = ParticipantID(1)
    private static let ada = ParticipantID(2)
    private static let ben = ParticipantID(3)

    @Test func whoMayGrantGivesToAnybodyAndTakesBack() throws {
        var floor = room()
        let first = try granted(floor.give(to: Self.ada, by: Self.cleo, now: at(0)))
        #expect(floor.holder == Self.ada)
        #expect(floor.give(to: Self.ben, by: Self.ada, now: at(1)) == .denied(.mayNotGive))
        #expect(floor.give(to: Self.cleo, by: Self.cleo, now: at(2)) == .pending)
        floor.handleReleased(now: at(2))
        #expect(floor.holder == Self.cleo)
        let news = events(&floor)
        #expect(news.contains(.granted(first, to: Self.ada, ControlTerms(), by: Self.cleo)))
        #expect(news.contains(.ended(first, of: Self.ada, .takenOver, by: Self.cleo)))
    }

    @Test func nobodyDrivesADeskThatIsMadeNewWhoHasNotAskedForItAnew() throws {
        var floor = room()
        let lease = try granted(floor.request(by: Self.ada, now: at(0)))
        #expect(floor.request(by: Self.ben, now: at(1)) == .waiting(on: [Self.ada]))
        _ = events(&floor)
        floor.handleDeskReset(by: Self.cleo, now: at(2))
        floor.handleReleased(now: at(2))
        #expect(floor.holder == nil)
        let news = events(&floor)
        #expect(news.contains(.declined(Self.ben, by: Self.cleo)))
        #expect(news.contains(.ended(lease, of: Self.ada, .deskRestarted, by: nil)))
        _ = try granted(floor.request(by: Self.ben, now: at(3)))
    }

    @Test func theHolderHandsOnToWhoAsksThem() {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        #expect(floor.request(by: Self.ben, now: at(1)) == .waiting(on: [Self.ada]))
        #expect(events(&floor).contains(.requested(by: Self.ben, of: [Self.ada])))
        #expect(floor.give(to: Self.ben, by: Self.ada, now: at(2)) == .pending)
        floor.handleReleased(now: at(2))
        #expect(floor.holder == Self.ben)
    }

    @Test func thePolicySaysWhoIsAsked() {
        for (ask, asked) in [
            (ControlPolicy.Ask.holder, [Self.ada]), (.clinician, [Self.cleo]),
            (.both, [Self.cleo, Self.ada]),
        ] {
            var floor = room { $0.ask = ask }
            _ = floor.request(by: Self.ada, now: at(0))
            #expect(floor.request(by: Self.ben, now: at(0)) == .waiting(on: asked))
            for other in [Self.cleo, Self.ada] where !asked.contains(other) {
                #expect(floor.decline(Self.ben, by: other, now: at(1)) == false)
            }
            #expect(floor.decline(Self.ben, by: asked[0], now: at(1)) == true)
            #expect(events(&floor).contains(.declined(Self.ben, by: asked[0])))
            #expect(floor.holder == Self.ada)
        }
    }

    @Test func withoutAClinicianTheHolderIsAsked() {
        var floor = room { $0.ask = .clinician }
        floor.handleDeparture(of: Self.cleo, now: at(0))
        _ = floor.request(by: Self.ada, now: at(0))
        #expect(floor.request(by: Self.ben, now: at(0)) == .waiting(on: [Self.ada]))
    }

    @Test func noAnswerIsANo() {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        _ = floor.request(by: Self.ben, now: at(0))
        #expect(floor.pollTimeout() == at(30))
        floor.handleTimeout(now: at(30))
        #expect(newest(&floor)?.requests == [])
        #expect(floor.give(to: Self.ben, by: Self.ada, now: at(31)) == .denied(.mayNotGive))
    }

    @Test func aFreeDeskIsTakenOrAskedForAsThePolicyHasIt() {
        var floor = room { $0.free = .ask }
        #expect(floor.request(by: Self.ada, now: at(0)) == .waiting(on: [Self.cleo]))
        #expect(floor.holder == nil)
        _ = floor.give(to: Self.ada, by: Self.cleo, now: at(1))
        #expect(floor.holder == Self.ada)
        floor.release(by: Self.ada, now: at(2))
        floor.handleReleased(now: at(2))
        #expect(floor.request(by: Self.cleo, now: at(3)) != .waiting(on: []))
        #expect(floor.holder == Self.cleo)
    }

    /// Nobody drives on after the key that ends it, not even whoever waited.
    @Test func aRevokeEndsEverything() {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        _ = floor.request(by: Self.ben, now: at(0))
        #expect(floor.revoke(by: Self.ben, now: at(1)) == false)
        #expect(floor.revoke(by: Self.cleo, now: at(1)) == true)
        floor.handleReleased(now: at(1))
        #expect(floor.holder == nil)
        let news = events(&floor)
        #expect(news.contains(.ended(LeaseID(1), of: Self.ada, .revoked, by: Self.cleo)))
        #expect(news.contains(.declined(Self.ben, by: Self.cleo)))
    }

    @Test(arguments: FloorRestrictions.Kind.allCases)
    func whoIsToWatchDoesNotGetControlAndDoesNotKeepIt(_ kind: FloorRestrictions.Kind) {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        #expect(floor.restrict(kind, Self.ada, to: true, by: Self.ben, now: at(1)) == false)
        #expect(floor.restrict(kind, Self.cleo, to: true, by: Self.cleo, now: at(1)) == false)
        #expect(floor.restrict(kind, Self.ada, to: true, by: Self.cleo, now: at(1)) == true)
        #expect(events(&floor).contains(.ended(LeaseID(1), of: Self.ada, .locked, by: Self.cleo)))
        floor.handleReleased(now: at(1))
        #expect(floor.request(by: Self.ada, now: at(2)) == .denied(.locked))
        #expect(floor.give(to: Self.ada, by: Self.cleo, now: at(2)) == .denied(.locked))
        // The others may.
        floor.restrict(kind, nil, to: true, by: Self.cleo, now: at(3))
        #expect(floor.request(by: Self.ben, now: at(3)) == .denied(.locked))
        #expect(newest(&floor)?.locked == [Self.ada, Self.ben])
        floor.restrict(kind, Self.ben, to: false, by: Self.cleo, now: at(4))
        let state = newest(&floor)
        #expect(state?.locked == [Self.ada])
        #expect(state?.eyesOnMe == (kind == .eyesOnMe ? [Self.ada] : []))
        _ = floor.request(by: Self.ben, now: at(5))
        #expect(floor.holder == Self.ben)
        // Who comes later is meant as well, who may grant is not.
        floor.setStanding(FloorStanding(rights: .all), of: ParticipantID(4), now: at(6))
        #expect(floor.request(by: ParticipantID(4), now: at(6)) == .denied(.locked))
        floor.restrict(kind, nil, to: false, by: Self.cleo, now: at(7))
        #expect(newest(&floor)?.locked == [])
    }

    @Test func whoDoesNotSeeTheDeskDoesNotDriveIt() {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        let blind = FloorStanding(rights: .all, isBlind: true)
        floor.setStanding(blind, of: Self.ada, now: at(1))
        #expect(events(&floor).contains(.ended(LeaseID(1), of: Self.ada, .locked, by: nil)))
        floor.handleReleased(now: at(1))
        #expect(floor.request(by: Self.ada, now: at(2)) == .denied(.locked))
        #expect(floor.give(to: Self.ada, by: Self.cleo, now: at(2)) == .denied(.locked))
        floor.setStanding(FloorStanding(rights: .all), of: Self.ada, now: at(3))
        #expect(floor.holder == nil, "what has ended is asked for anew")
        _ = floor.request(by: Self.ada, now: at(4))
        #expect(floor.holder == Self.ada)
    }

    @Test func nobodyStaysLockedWhenNobodyIsLeftToUnlockThem() {
        var floor = room()
        floor.restrict(.lock, nil, to: true, by: Self.cleo, now: at(0))
        floor.restrict(.eyesOnMe, Self.ada, to: true, by: Self.cleo, now: at(0))
        floor.handleDeparture(of: Self.cleo, now: at(1))
        #expect(newest(&floor)?.locked == [])
        _ = floor.request(by: Self.ada, now: at(2))
        #expect(floor.holder == Self.ada)
    }

    @Test func whoWasToWatchStillIsAfterTheRoomHasCrashedThoughWhoeverSaidSoIsNotBack() {
        var before = room()
        before.restrict(.lock, nil, to: true, by: Self.cleo, now: at(0))
        before.restrict(.eyesOnMe, Self.ben, to: true, by: Self.cleo, now: at(0))
        let left = newest(&before)?.restrictions ?? FloorRestrictions()
        var floor = FloorControl()
        floor.handleRoomLost(left, now: at(10))
        for client in [Self.ada, Self.ben] {
            floor.setStanding(FloorStanding(rights: .all, isClient: true), of: client, now: at(11))
            #expect(floor.request(by: client, now: at(11)) == .denied(.locked))
        }
        #expect(newest(&floor)?.eyesOnMe == [Self.ben])
        #expect(floor.pollTimeout() == at(70))
        var other = floor
        // Who has said so is back, and it is theirs again.
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: Self.cleo, now: at(20))
        floor.handleTimeout(now: at(70))
        #expect(floor.request(by: Self.ada, now: at(71)) == .denied(.locked))
        floor.handleDeparture(of: Self.cleo, now: at(80))
        #expect(newest(&floor)?.locked == [])
        // Or is not, in the time that a lost page has.
        other.handleTimeout(now: at(70))
        #expect(newest(&other)?.locked == [])
        _ = other.request(by: Self.ada, now: at(71))
        #expect(other.holder == Self.ada)
    }

    @Test func eyesAreNotKeptOnSomebodyWhoHasLeft() {
        var floor = room()
        let dora = ParticipantID(4)
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: dora, now: at(0))
        floor.restrict(.eyesOnMe, nil, to: true, by: dora, now: at(1))
        #expect(newest(&floor)?.restrictions.presenter == dora)
        floor.handleDeparture(of: dora, now: at(2))
        #expect(newest(&floor)?.eyesOnMe == [])
    }

    @Test func timeEndsWithAWarningBefore() throws {
        var floor = room { $0.limit = .seconds(100) }
        let id = try granted(floor.request(by: Self.ada, now: at(0)))
        #expect(newest(&floor)?.until == at(100))
        #expect(floor.pollTimeout() == at(70))
        floor.handleTimeout(now: at(70))
        #expect(events(&floor) == [.expiring(id, of: Self.ada, at: at(100))])
        #expect(floor.pollTimeout() == at(100))
        #expect(isForwarded(&floor, .keyDown(try key()), under: id, by: Self.ada, at: at(99)))
        // Also when the timer comes late.
        #expect(!isForwarded(&floor, .keyDown(try key()), under: id, by: Self.ada, at: at(100)))
        #expect(events(&floor).contains(.ended(id, of: Self.ada, .timeIsUp, by: nil)))
        floor.handleReleased(now: at(100))
        // Who may grant has no end.
        _ = floor.request(by: Self.cleo, now: at(101))
        #expect(newest(&floor)?.until == nil)
    }

    @Test func aLeaseMayBeForPartOfWhatSomebodyMayDo() throws {
        var floor = room()
        let id = try granted(
            floor.give(to: Self.ada, by: Self.cleo, ControlTerms(rights: .pointer), now: at(0))
        )
        #expect(newest(&floor)?.rights == .pointer)
        let move = ControlAction.pointerMove(DeskPoint(x: 1, y: 1))
        #expect(isForwarded(&floor, move, under: id, by: Self.ada, at: at(1)))
        #expect(!isForwarded(&floor, .keyDown(try key()), under: id, by: Self.ada, at: at(1)))
        // Changed while it runs; what may not be held any more is let go.
        _ = floor.give(to: Self.ada, by: Self.cleo, ControlTerms(), now: at(2))
        #expect(isForwarded(&floor, .keyDown(try key()), under: id, by: Self.ada, at: at(2)))
        _ = events(&floor)
        _ = floor.give(to: Self.ada, by: Self.cleo, ControlTerms(rights: .pointer), now: at(3))
        #expect(events(&floor).contains(.releaseAll))
        // And handed on with no more, but the next time is another one.
        _ = floor.request(by: Self.ben, now: at(4))
        _ = floor.give(to: Self.ben, by: Self.ada, now: at(4))
        floor.handleReleased(now: at(4))
        #expect(newest(&floor)?.rights == .pointer)
        floor.release(by: Self.ben, now: at(5))
        floor.handleReleased(now: at(5))
        _ = floor.request(by: Self.ada, now: at(6))
        #expect(newest(&floor)?.rights == .all)
    }

    @Test func aDeskThatRestartsIsNobodys() {
        var floor = room()
        _ = floor.request(by: Self.ada, now: at(0))
        floor.handleDeskRestart(now: at(1))
        #expect(events(&floor).contains(.ended(LeaseID(1), of: Self.ada, .deskRestarted, by: nil)))
        #expect(floor.holder == nil)
    }

    // MARK: Consent

    @Test func everyClientConsentsBeforeSomebodyElseDrives() throws {
        var floor = room { $0.consent = .client }
        // A client needs nobody's.
        _ = floor.request(by: Self.ada, now: at(0))
        #expect(floor.holder == Self.ada)
        #expect(floor.give(to: Self.cleo, by: Self.cleo, now: at(1)) == .consenting)
        let asked = try #require(newest(&floor)?.consents)
        #expect(asked.map(\.of) == [Self.ada, Self.ben] && asked.allSatisfy { $0.driver == Self.cleo })
        #expect(floor.consent(asked[0].id, isGiven: true, by: Self.ada, now: at(2)) == true)
        #expect(floor.holder == Self.ada)
        #expect(floor.consent(asked[0].id, isGiven: true, by: Self.cleo, now: at(2)) == false)
        #expect(floor.consent(asked[0].id, isGiven: true, by: Self.ben, now: at(3)) == true)
        floor.handleReleased(now: at(3))
        #expect(floor.holder == Self.cleo)
        // It holds until it is taken back.
        floor.release(by: Self.cleo, now: at(4))
        floor.handleReleased(now: at(4))
        _ = floor.request(by: Self.cleo, now: at(5))
        #expect(floor.holder == Self.cleo)
        _ = events(&floor)
        #expect(floor.consent(asked[0].id, isGiven: false, by: Self.ben, now: at(6)) == true)
        #expect(floor.holder == nil)
        #expect(events(&floor).contains(.ended(LeaseID(3), of: Self.cleo, .revoked, by: Self.ben)))
    }

    @Test func oneNoOrNoAnswerIsANo() throws {
        for isLate in [false, true] {
            var floor = room { $0.consent = .client }
            _ = floor.request(by: Self.cleo, now: at(0))
            let id = try #require(newest(&floor)?.consents.first?.id)
            floor.consent(id, isGiven: true, by: Self.ada, now: at(1))
            if isLate {
                #expect(floor.pollTimeout() == at(30))
                floor.handleTimeout(now: at(30))
            } else {
                floor.consent(id, isGiven: false, by: Self.ben, now: at(2))
            }
            #expect(floor.holder == nil)
            #expect(events(&floor).contains(.consentRefused(id, by: isLate ? nil : Self.ben, for: Self.cleo)))
            // Too late.
            #expect(floor.consent(id, isGiven: true, by: Self.ben, now: at(31)) == false)
            #expect(floor.holder == nil)
        }
    }

    @Test func whoHasLeftNeedNotConsentAndHasNotConsentedWhenBack() throws {
        var floor = room { $0.consent = .client }
        floor.handleDeparture(of: Self.ben, now: at(0))
        _ = floor.request(by: Self.cleo, now: at(0))
        #expect(floor.holder == nil)
        floor.handleDeparture(of: Self.ada, now: at(1))
        #expect(floor.holder == Self.cleo)
        floor.release(by: Self.cleo, now: at(2))
        floor.handleReleased(now: at(2))
        floor.setStanding(FloorStanding(rights: .all, isClient: true), of: Self.ada, now: at(3))
        #expect(floor.request(by: Self.cleo, now: at(3)) == .consenting)
    }

    // MARK: Words of these tests

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func key() throws -> Keysym { try #require(Keysym("a")) }

    private func room(_ change: (inout ControlPolicy) -> Void = { _ in }) -> FloorControl {
        var policy = ControlPolicy()
        change(&policy)
        var floor = FloorControl(policy: policy)
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: Self.cleo, now: at(0))
        for client in [Self.ada, Self.ben] {
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
        return events
    }

    /// What people are told last.
    private func newest(_ floor: inout FloorControl) -> FloorState? {
        events(&floor).reversed().lazy.compactMap { if case .state(let state) = $0 { state } else { nil } }
            .first
    }

    private func isForwarded(
        _ floor: inout FloorControl,
        _ action: ControlAction,
        under lease: LeaseID,
        by participant: ParticipantID,
        at now: Instant
    ) -> Bool {
        let bytes = ControlEvent(lease: lease, clientTime: 1, action: action).encoded()
        if case .forward = floor.accept(bytes.span.bytes, from: participant, now: now) { return true }
        return false
    }
}
