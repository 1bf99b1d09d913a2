import RemoteControl
import Testing
import Wire

/// A clinician (Cleo) has clients (Ada, Ben and Dia) take turns.
@Suite struct FloorTurnsTests {
    private static let cleo = ParticipantID(1)
    private static let ada = ParticipantID(2)
    private static let ben = ParticipantID(3)
    private static let dia = ParticipantID(4)
    private static let order = [ada, ben, dia]

    @Test func whoeverHasTheTurnHasControlAndPassesItOnInOrder() {
        var floor = inTurns()
        for (place, person) in (Self.order + Self.order).enumerated() {
            #expect(floor.holder == person)
            let next = Self.order[(place + 1) % 3]
            #expect(floor.state.turns?.current == person && floor.state.turns?.next == next)
            #expect(floor.passTurn(by: next, now: at(1)) == .mayNot)
            #expect(floor.passTurn(by: place == 2 ? Self.cleo : person, now: at(1)) == nil)
            floor.handleReleased(now: at(1))
        }
    }

    @Test func aDeskThatIsResetPausesThem() {
        var floor = inTurns()
        floor.handleDeskReset(by: Self.cleo, now: at(1))
        floor.handleReleased(now: at(2))
        #expect(floor.holder == nil)
        #expect(floor.state.turns?.isPaused == true)
        #expect(floor.resumeTurns(by: Self.cleo, now: at(3)) == nil)
        floor.handleReleased(now: at(3))
        #expect(floor.holder == Self.ada)
    }

    @Test func nobodyWaitsWhileTurnsAreTaken() {
        var floor = room()
        _ = floor.request(by: Self.dia, now: at(0))
        _ = floor.request(by: Self.ben, now: at(0))
        #expect(floor.takeTurns(Self.order, for: nil, by: Self.cleo, now: at(1)) == nil)
        floor.handleReleased(now: at(1))
        #expect(floor.holder == Self.ada)
        #expect(floor.state.requests == [])
        for other in [Self.ben, Self.cleo] {
            #expect(floor.request(by: other, now: at(2)) == .denied(.inTurns))
        }
        #expect(floor.request(by: Self.ada, now: at(2)) == .granted(LeaseID(2)))
    }

    @Test func eachTurnHasItsTimeAndTheHolderIsTold() {
        var floor = inTurns(for: .seconds(60))
        #expect(floor.state.until == at(60))
        floor.handleTimeout(now: at(30))
        #expect(events(&floor).contains(.expiring(LeaseID(1), of: Self.ada, at: at(60))))
        floor.handleTimeout(now: at(60))
        floor.handleReleased(now: at(61))
        #expect(floor.holder == Self.ben)
        #expect(floor.state.until == at(121))
    }

    @Test func theShorterOfTheClinicsLimitAndTheTurnsHolds() {
        var floor = inTurns(for: .seconds(60)) { $0.limit = .seconds(20) }
        #expect(floor.state.until == at(20))
    }

    @Test func whoeverLeavesIsSkippedAndSoIsWhoeverMayNotOrIsNotThere() {
        for (place, lose) in Self.losses.enumerated() {
            var floor = inTurns()
            // Of the next one nothing is heard; whose turn it is goes.
            lose(&floor, Self.ben, at(1))
            #expect(floor.state.turns?.next == Self.dia, "\(place)")
            lose(&floor, Self.ada, at(2))
            floor.handleTimeout(now: at(12))
            floor.handleReleased(now: at(12))
            #expect(floor.holder == Self.dia, "\(place)")
            // They are the only one left.
            #expect(floor.passTurn(by: Self.dia, now: at(13)) == .nobodyElse)
            #expect(floor.state.turns?.next == nil)
        }
    }

    private static let losses: [@Sendable (inout FloorControl, ParticipantID, Instant) -> Void] = [
        { $0.handleDeparture(of: $1, now: $2) },
        { $0.restrict(.lock, $1, to: true, by: cleo, now: $2) },
        { $0.setStanding(FloorStanding(rights: [], isClient: true), of: $1, now: $2) },
        { $0.setStanding(FloorStanding(rights: .all, isBlind: true), of: $1, now: $2) },
        { $0.handleDisconnect(of: $1, now: $2) },
    ]

    @Test func whoeverIsBackHasATurnAgain() {
        var floor = inTurns()
        floor.handleDisconnect(of: Self.ben, now: at(1))
        #expect(floor.state.turns?.next == Self.dia)
        floor.handleReconnect(of: Self.ben, now: at(2))
        #expect(floor.state.turns?.next == Self.ben)
        // A page that is back within the grace keeps its turn.
        floor.handleDisconnect(of: Self.ada, now: at(3))
        floor.handleReconnect(of: Self.ada, now: at(5))
        floor.handleTimeout(now: at(20))
        #expect(floor.holder == Self.ada)
        // While nobody is there it is nobody's turn; whoever is back first has it.
        for person in Self.order { floor.handleDisconnect(of: person, now: at(30)) }
        floor.handleTimeout(now: at(40))
        floor.handleReleased(now: at(40))
        #expect(floor.holder == nil && floor.state.turns?.current == nil)
        floor.handleReconnect(of: Self.dia, now: at(50))
        #expect(floor.holder == Self.dia)
    }

    @Test func theClinicianTakesBackAndTurnsWaitUntilTheyGoOn() {
        var floor = inTurns(for: .seconds(60))
        #expect(floor.give(to: Self.cleo, by: Self.cleo, now: at(10)) == .pending)
        floor.handleReleased(now: at(10))
        #expect(floor.holder == Self.cleo)
        #expect(floor.state.turns?.isPaused == true && floor.state.turns?.next == Self.ada)
        #expect(floor.request(by: Self.ben, now: at(11)) == .denied(.inTurns))
        #expect(floor.passTurn(by: Self.ada, now: at(11)) == .notOn)
        #expect(floor.resumeTurns(by: Self.ada, now: at(12)) == .mayNot)
        #expect(floor.resumeTurns(by: Self.cleo, now: at(12)) == nil)
        floor.handleReleased(now: at(12))
        #expect(floor.holder == Self.ada)
        #expect(floor.state.until == at(72), "their time begins anew")
        // Ending control ends nobody's turns either.
        floor.revoke(by: Self.cleo, now: at(20))
        floor.handleReleased(now: at(20))
        #expect(floor.holder == nil && floor.state.turns?.isPaused == true)
        #expect(floor.request(by: Self.ada, now: at(21)) == .denied(.inTurns))
        #expect(floor.request(by: Self.cleo, now: at(21)) == .granted(LeaseID(4)))
    }

    @Test func whoeverOfThemIsGivenControlHasTheTurn() {
        var floor = inTurns()
        _ = floor.give(to: Self.dia, by: Self.cleo, now: at(1))
        floor.handleReleased(now: at(1))
        #expect(floor.holder == Self.dia)
        #expect(floor.state.turns?.current == Self.dia && floor.state.turns?.next == Self.ada)
    }

    @Test func whoeverGivesTheLastTurnBackMayHaveItAgain() {
        var floor = inTurns()
        for person in [Self.ben, Self.dia] { floor.handleDeparture(of: person, now: at(0)) }
        floor.release(by: Self.ada, now: at(1))
        floor.handleReleased(now: at(1))
        #expect(floor.holder == nil && floor.state.turns?.isPaused == false)
        _ = floor.request(by: Self.ada, now: at(2))
        #expect(floor.holder == Self.ada)
    }

    @Test func aDeskThatStartsAgainIsStillTheirTurn() {
        var floor = inTurns()
        floor.handleDeskRestart(now: at(1))
        #expect(floor.holder == nil)
        floor.handleReleased(now: at(2))
        #expect(floor.holder == Self.ada)
    }

    @Test func aClientWhoDoesNotConsentIsNotAskedAgainAndAgain() throws {
        var floor = room { $0.consent = .client }
        // Cleo drives only by their leave.
        #expect(floor.takeTurns([Self.cleo, Self.ada], for: nil, by: Self.cleo, now: at(0)) == nil)
        #expect(floor.holder == nil)
        let id = try #require(floor.state.consents.first?.id)
        floor.consent(id, isGiven: false, by: Self.ben, now: at(1))
        #expect(floor.holder == Self.ada)
        #expect(floor.state.turns?.next == nil)
        #expect(floor.passTurn(by: Self.ada, now: at(2)) == .nobodyElse)
    }

    @Test func turnsAreOnlyForThoseWhoMayAndAreHere() {
        var floor = room()
        floor.setStanding(FloorStanding(rights: []), of: ParticipantID(9), now: at(0))
        #expect(floor.takeTurns(Self.order, for: nil, by: Self.ada, now: at(0)) == .mayNot)
        let alone = [Self.ada, Self.ada, ParticipantID(9), ParticipantID(77)]
        #expect(floor.takeTurns(alone, for: nil, by: Self.cleo, now: at(0)) == .tooFew)
        for refusal in [
            floor.endTurns(by: Self.cleo, now: at(0)), floor.resumeTurns(by: Self.cleo, now: at(0)),
            floor.passTurn(by: Self.cleo, now: at(0)),
        ] {
            #expect(refusal == .notOn)
        }
        #expect(floor.holder == nil)
    }

    @Test func anotherOrderKeepsThePresentTurn() {
        var floor = inTurns(for: .seconds(60))
        #expect(floor.takeTurns([Self.dia, Self.ada], for: .seconds(9), by: Self.cleo, now: at(1)) == nil)
        #expect(floor.holder == Self.ada && floor.state.turns?.next == Self.dia)
        #expect(floor.takeTurns([Self.ben, Self.dia], for: nil, by: Self.cleo, now: at(2)) == nil)
        floor.handleReleased(now: at(2))
        #expect(floor.holder == Self.ben)
    }

    @Test func whoeverHasControlKeepsItWhenTurnsEnd() {
        var floor = inTurns()
        #expect(floor.endTurns(by: Self.ben, now: at(1)) == .mayNot)
        #expect(floor.endTurns(by: Self.cleo, now: at(1)) == nil)
        #expect(floor.holder == Self.ada && floor.state.turns == nil)
        #expect(floor.request(by: Self.ben, now: at(2)) == .waiting(on: [Self.ada]))
        // Nobody stays in turns that nobody could end.
        var other = inTurns()
        other.handleDeparture(of: Self.cleo, now: at(1))
        #expect(other.holder == Self.ada && other.state.turns == nil)
    }

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func room(_ change: (inout ControlPolicy) -> Void = { _ in }) -> FloorControl {
        var policy = ControlPolicy()
        change(&policy)
        var floor = FloorControl(policy: policy)
        floor.setStanding(FloorStanding(rights: .all, mayGrant: true), of: Self.cleo, now: at(0))
        for client in Self.order {
            floor.setStanding(FloorStanding(rights: .all, isClient: true), of: client, now: at(0))
        }
        return floor
    }

    private func inTurns(
        for time: Interval? = nil,
        _ change: (inout ControlPolicy) -> Void = { _ in }
    ) -> FloorControl {
        var floor = room(change)
        #expect(floor.takeTurns(Self.order, for: time, by: Self.cleo, now: at(0)) == nil)
        return floor
    }

    private func events(_ floor: inout FloorControl) -> [FloorControl.Event] {
        var events: [FloorControl.Event] = []
        while let event = floor.pollEvent() { events.append(event) }
        return events
    }
}
