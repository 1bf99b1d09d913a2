import RemoteControl
import Testing
import Wire

/// People who ask for control while somebody else has it.
@Suite struct ControlRequestsTests {
    static let ada = ParticipantID(1)
    static let ben = ParticipantID(2)
    static let cleo = ParticipantID(3)

    @Test func theHolderIsToldOnceForEachWhoAsksAndNotAgainForTenSeconds() throws {
        var lease = try held()
        #expect(lease.ask(by: Self.ben, now: at(0)) == .denied(.held(by: Self.ada)))
        #expect(events(&lease) == [.waiting([Self.ben]), .requested(by: Self.ben, of: Self.ada)])
        for second in 1..<4 { _ = lease.ask(by: Self.ben, now: at(Int64(second))) }
        #expect(events(&lease).isEmpty)
        _ = lease.ask(by: Self.cleo, now: at(4))
        #expect(
            events(&lease) == [.waiting([Self.ben, Self.cleo]), .requested(by: Self.cleo, of: Self.ada)]
        )
        _ = lease.ask(by: Self.ben, now: at(10))
        #expect(events(&lease) == [.requested(by: Self.ben, of: Self.ada)])
    }

    @Test func whoeverAsksForAFreeLeaseHasIt() {
        var lease = ControlLease()
        guard case .granted = lease.ask(by: Self.ada, now: at(0)) else {
            Issue.record("it was free")
            return
        }
        #expect(lease.waiting.isEmpty)
    }

    @Test func theHolderGivesControlToWhoeverTheyChoose() throws {
        var lease = try held()
        for (person, second) in [(Self.ben, Int64(0)), (Self.cleo, 1)] {
            _ = lease.ask(by: person, now: at(second))
        }
        _ = events(&lease)
        // Neither by somebody else, nor to somebody who did not ask.
        #expect(lease.grant(to: Self.cleo, by: Self.ben, now: at(2)) == false)
        #expect(lease.grant(to: ParticipantID(9), by: Self.ada, now: at(2)) == false)
        #expect(lease.grant(to: Self.cleo, by: Self.ada, now: at(2)) == true)
        lease.handleReleased()
        #expect(lease.holder == Self.cleo)
        #expect(lease.waiting == [Self.ben])
        // The new holder is told of whoever waits still.
        #expect(events(&lease).last == .requested(by: Self.ben, of: Self.cleo))
    }

    @Test func aHolderWhoDeclinesKeepsControlAndCountsAsThere() throws {
        var lease = try held()
        _ = lease.ask(by: Self.ben, now: at(0))
        #expect(lease.decline(Self.ben, by: Self.cleo, now: at(1)) == false)
        #expect(lease.decline(Self.ben, by: Self.ada, now: at(100)) == true)
        #expect(lease.waiting.isEmpty)
        _ = lease.ask(by: Self.ben, now: at(110))
        lease.handleTimeout(now: at(219))
        #expect(lease.holder == Self.ada)
        lease.handleTimeout(now: at(220))
        #expect(lease.holder == nil)
    }

    @Test func whatIsGivenBackGoesToWhoeverHasWaitedLongest() throws {
        var lease = try held()
        for person in [Self.ben, Self.cleo] { _ = lease.ask(by: person, now: at(0)) }
        lease.release(by: Self.ada)
        lease.handleVacancy(now: at(20))
        lease.handleReleased()
        #expect(lease.holder == Self.ben)
        #expect(lease.waiting == [Self.cleo])
        lease.handleDeparture(of: Self.ben)
        lease.handleVacancy(now: at(21))
        lease.handleReleased()
        #expect(lease.holder == Self.cleo)
        lease.handleVacancy(now: at(22))
        #expect(lease.holder == Self.cleo)
    }

    @Test func whoHasLeftOrWaitsNoLongerGetsNothing() throws {
        var lease = try held()
        for person in [Self.ben, Self.cleo] { _ = lease.ask(by: person, now: at(0)) }
        lease.withdraw(by: Self.ben)
        lease.handleDeparture(of: Self.cleo)
        #expect(lease.waiting.isEmpty)
        lease.release(by: Self.ada)
        lease.handleVacancy(now: at(1))
        #expect(lease.holder == nil)
    }

    @Test func aHolderWhoDoesNothingLosesControlToWhoeverAsks() throws {
        var lease = try held(idle: .seconds(120))
        #expect(use(&lease, at: at(30)))
        // Nobody waits: it is theirs for as long as they like.
        #expect(lease.pollTimeout() == nil)
        lease.handleTimeout(now: at(10_000))
        #expect(lease.holder == Self.ada)

        #expect(use(&lease, at: at(10_000)))
        _ = lease.ask(by: Self.ben, now: at(10_060))
        #expect(lease.pollTimeout() == at(10_120))
        #expect(use(&lease, at: at(10_100)))
        lease.handleTimeout(now: at(10_120))
        #expect(lease.holder == Self.ada)
        #expect(lease.pollTimeout() == at(10_220))
        _ = events(&lease)
        lease.handleTimeout(now: at(10_220))
        lease.handleVacancy(now: at(10_220))
        lease.handleReleased()
        #expect(lease.holder == Self.ben)
        let ended = events(&lease).contains {
            if case .ended(_, of: Self.ada, .idle) = $0 { true } else { false }
        }
        #expect(ended)
    }

    @Test func aHolderWhoHasBeenIdleForLongHasTenSecondsToAnswer() throws {
        var lease = try held(idle: .seconds(120))
        #expect(use(&lease, at: at(0)))
        _ = lease.ask(by: Self.ben, now: at(1_000))
        #expect(lease.pollTimeout() == at(1_010))
    }

    @Test func aPageOutOfSightIsIdleAfterFiveSecondsAndNotWhenItIsBack() throws {
        var lease = try held(idle: .seconds(120))
        #expect(use(&lease, at: at(0)))
        lease.handleVisibility(of: Self.ada, isHidden: true, now: at(1))
        _ = lease.ask(by: Self.ben, now: at(2))
        #expect(lease.pollTimeout() == at(12))
        lease.handleVisibility(of: Self.ada, isHidden: false, now: at(5))
        #expect(lease.pollTimeout() == at(120))
        lease.handleVisibility(of: Self.ada, isHidden: true, now: at(50))
        // Said again, it has been out of sight since the first time.
        lease.handleVisibility(of: Self.ada, isHidden: true, now: at(54))
        lease.handleVisibility(of: Self.ben, isHidden: true, now: at(0))
        #expect(lease.pollTimeout() == at(55))
    }

    @Test func lettingGoOfTheKeysIsNoSignOfUse() throws {
        var lease = try held(idle: .seconds(120))
        _ = lease.ask(by: Self.ben, now: at(0))
        let id = try #require(lease.lease)
        let event = ControlEvent(lease: id, clientTime: 0, action: .releaseAll).encoded()
        _ = lease.accept(event.span.bytes, from: Self.ada, now: at(60))
        #expect(lease.pollTimeout() == at(120))
    }

    @Test func withoutALimitNobodyLosesControl() throws {
        var lease = try held(idle: nil)
        _ = lease.ask(by: Self.ben, now: at(0))
        lease.handleVisibility(of: Self.ada, isHidden: true, now: at(0))
        lease.handleTimeout(now: at(299))
        #expect(lease.holder == Self.ada)
        #expect(lease.waiting == [Self.ben])
        // Five minutes later it would come as a surprise.
        #expect(lease.pollTimeout() == at(300))
        lease.handleTimeout(now: at(300))
        #expect(lease.waiting.isEmpty)
    }

    // MARK: Words of these tests

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    /// A lease that Ada has.
    private func held(idle: Interval? = .seconds(120)) throws -> ControlLease {
        var lease = ControlLease(idle: idle)
        _ = lease.request(by: Self.ada)
        _ = events(&lease)
        return lease
    }

    private func use(_ lease: inout ControlLease, at now: Instant) -> Bool {
        guard let id = lease.lease, let key = Keysym("a") else { return false }
        let bytes = ControlEvent(lease: id, clientTime: 0, action: .keyDown(key)).encoded()
        if case .forward = lease.accept(bytes.span.bytes, from: Self.ada, now: now) { return true }
        return false
    }

    private func events(_ lease: inout ControlLease) -> [ControlLease.Event] {
        var events: [ControlLease.Event] = []
        while let event = lease.pollEvent() { events.append(event) }
        return events
    }
}
