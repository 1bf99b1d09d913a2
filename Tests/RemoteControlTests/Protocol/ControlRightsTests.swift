import RemoteControl
import Testing
import Wire

/// Who may have the lease, and what they may do with it.
@Suite struct ControlRightsTests {
    private static let ada = ParticipantID(1)
    private static let ben = ParticipantID(2)
    private let now = Instant(nanoseconds: 0)

    @Test func whoMayNothingNeverGetsControl() {
        var lease = ControlLease(others: [])
        #expect(lease.request(by: Self.ada) == .denied(.notAllowed))
        #expect(lease.request(by: Self.ada, policy: .takeOver) == .denied(.notAllowed))
        #expect(lease.ask(by: Self.ada, now: now) == .denied(.notAllowed))
        #expect(lease.waiting.isEmpty && lease.pollEvent() == nil)
        lease.setRights(.pointer, of: Self.ada)
        guard case .granted = lease.request(by: Self.ada) else {
            Issue.record("one right is enough")
            return
        }
        // Whoever has left is nobody known.
        lease.handleDeparture(of: Self.ada)
        lease.handleReleased()
        #expect(lease.request(by: Self.ada) == .denied(.notAllowed))
    }

    @Test func whoLosesTheLastRightLosesControlAndTheirPlaceAmongThoseWhoWait() {
        var lease = ControlLease()
        _ = lease.request(by: Self.ada)
        _ = lease.ask(by: Self.ben, now: now)
        while lease.pollEvent() != nil {}
        lease.setRights([], of: Self.ben)
        #expect(lease.pollEvent() == .waiting([]))
        lease.setRights([], of: Self.ada)
        #expect(lease.pollEvent() == .releaseAll)
        #expect(lease.pollEvent() == .ended(LeaseID(1), of: Self.ada, .revoked))
        lease.handleReleased()
        lease.handleVacancy(now: now)
        #expect(lease.holder == nil && lease.pollEvent() == nil)
    }

    /// Who waits for the desk to let go has no lease yet, but it is coming.
    @Test func whoIsAboutToGetControlDoesNotGetItWithoutRights() {
        var lease = ControlLease()
        _ = lease.request(by: Self.ada)
        lease.release(by: Self.ada)
        #expect(lease.request(by: Self.ben) == .pending)
        lease.setRights([], of: Self.ben)
        lease.handleReleased()
        #expect(lease.holder == nil)
    }

    @Test func eachEventIsJudgedByItsOwnRight() throws {
        let point = DeskPoint(x: 1, y: 1)
        let key = try #require(Keysym("a"))
        let pointer: [ControlAction] = [
            .pointerMove(point), .pointerPath([point, point]), .buttonDown(.left, at: point),
            .wheel(dx: 0, dy: 120, at: point),
        ]
        let keyboard: [ControlAction] = [.keyDown(key), .text([key])]
        let free: [ControlAction] = [.buttonUp(.left, at: point), .keyUp(key), .releaseAll]
        for (rights, allowed) in [(ControlRights.pointer, pointer), (.keyboard, keyboard)] {
            for (number, action) in (pointer + keyboard + free).enumerated() {
                var lease = ControlLease()
                _ = lease.request(by: Self.ada)
                lease.setRights(rights, of: Self.ada)
                let sequence = UInt16(action.neededRights.isEmpty ? 0 : number + 10)
                let bytes = ControlEvent(lease: LeaseID(1), sequence: sequence, clientTime: 1, action: action)
                    .encoded()
                let verdict = lease.accept(bytes.span.bytes, from: Self.ada, now: now)
                let isForwarded = if case .forward = verdict { true } else { false }
                #expect(isForwarded == (allowed + free).contains(action), "\(action)")
                #expect(isForwarded || verdict == .refused(.notAllowed))
            }
        }
    }

    @Test func onlyWhoTypesUnderTheirLeaseDoesSo() throws {
        var floor = FloorControl()
        floor.setStanding(FloorStanding(rights: .all), of: Self.ada, now: now)
        floor.setStanding(FloorStanding(rights: .all), of: Self.ben, now: now)
        guard case .granted(let id) = floor.request(by: Self.ada, now: now) else {
            Issue.record("it is free")
            return
        }
        #expect(floor.mayType(Self.ada, under: id, now: now))
        #expect(!floor.mayType(Self.ben, under: id, now: now))
        #expect(!floor.mayType(Self.ada, under: LeaseID(id.rawValue + 1), now: now))
        // While their connection counts as lost.
        floor.handleDisconnect(of: Self.ada, now: now)
        #expect(!floor.mayType(Self.ada, under: id, now: now))
        floor.handleReconnect(of: Self.ada, now: now)
        #expect(floor.mayType(Self.ada, under: id, now: now))
        floor.setStanding(FloorStanding(rights: .pointer), of: Self.ada, now: now)
        #expect(!floor.mayType(Self.ada, under: id, now: now))
        floor.release(by: Self.ada, now: now)
        #expect(!floor.mayType(Self.ada, under: id, now: now))
    }

    /// A key that is down would stay down.
    @Test func whatSomebodyMayNotDoAnyMoreIsLetGo() {
        var lease = ControlLease()
        _ = lease.request(by: Self.ada)
        while lease.pollEvent() != nil {}
        lease.setRights(.all, of: Self.ada)
        #expect(lease.pollEvent() == nil)
        lease.setRights(.pointer, of: Self.ada)
        #expect(lease.pollEvent() == .releaseAll)
        #expect(lease.holder == Self.ada)
        lease.setRights(.all, of: Self.ada)
        #expect(lease.pollEvent() == nil)
    }
}
