import RemoteControl
import Testing
import Wire

@Suite struct ControlLeaseTests {
    static let ada = ParticipantID(1)
    static let ben = ParticipantID(2)

    @Test func aFreeLeaseIsGrantedAndAHeldOneDeniedWithTheHolder() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        #expect(lease.request(by: Self.ben) == .denied(.held(by: Self.ada)))
        #expect(lease.request(by: Self.ada) == .granted(id))
        #expect(events(&lease) == [.granted(id, to: Self.ada)])
    }

    @Test func thePolicyDecidesWhoMayHaveIt() throws {
        var lease = ControlLease()
        let first = try granted(lease.request(by: Self.ada))
        #expect(lease.request(by: Self.ben, policy: .takeOver) == .pending)
        lease.handleReleased()
        let second = try #require(lease.lease)
        #expect(second > first)
        #expect(
            events(&lease) == [
                .granted(first, to: Self.ada), .releaseAll, .ended(first, of: Self.ada, .takenOver),
                .granted(second, to: Self.ben),
            ]
        )
    }

    @Test func everyEndReleasesWhatIsHeld() throws {
        let ends: [(ControlLease.EndReason, (inout ControlLease) -> Void)] = [
            (.released, { $0.release(by: Self.ada) }),
            (.revoked, { $0.revoke() }),
            (.departed, { $0.handleDeparture(of: Self.ada) }),
        ]
        for (reason, end) in ends {
            var lease = ControlLease()
            let id = try granted(lease.request(by: Self.ada))
            _ = events(&lease)
            end(&lease)
            #expect(lease.holder == nil)
            #expect(events(&lease) == [.releaseAll, .ended(id, of: Self.ada, reason)])
            end(&lease)
            #expect(events(&lease).isEmpty)
        }
    }

    @Test func nobodyGetsItBeforeTheDeskHasLetGo() throws {
        var lease = ControlLease()
        let first = try granted(lease.request(by: Self.ada))
        lease.release(by: Self.ada)
        #expect(lease.request(by: Self.ben) == .pending)
        #expect(lease.request(by: Self.ben) == .pending)
        #expect(lease.request(by: Self.ada) == .denied(.held(by: Self.ben)))
        #expect(lease.holder == nil)
        #expect(
            events(&lease) == [
                .granted(first, to: Self.ada), .releaseAll, .ended(first, of: Self.ada, .released),
            ]
        )
        lease.handleReleased()
        let second = try #require(lease.lease)
        #expect(events(&lease) == [.granted(second, to: Self.ben)])
        lease.handleReleased()
        #expect(events(&lease).isEmpty)
    }

    @Test func whoWaitsMayChangeTheirMindLeaveOrBeTakenOver() throws {
        let ends: [(inout ControlLease) -> Void] = [
            { $0.release(by: Self.ben) }, { $0.handleDeparture(of: Self.ben) },
            { _ = $0.request(by: Self.ada, policy: .takeOver) },
        ]
        for (index, end) in ends.enumerated() {
            var lease = ControlLease()
            _ = try granted(lease.request(by: Self.ada))
            lease.release(by: Self.ada)
            #expect(lease.request(by: Self.ben) == .pending)
            end(&lease)
            lease.handleReleased()
            #expect(lease.holder == (index == 2 ? Self.ada : nil))
        }
    }

    @Test func aPathIsOneMoveWithoutThePointsThatHaveBeen() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        let points = (0..<10).map { DeskPoint(x: $0, y: $0) }
        func path(_ sequences: ClosedRange<UInt16>) -> [UInt8] {
            let some = sequences.map { points[Int($0)] }
            return ControlEvent(
                lease: id,
                sequence: sequences.upperBound,
                clientTime: 0,
                action: .pointerPath(some)
            )
            .encoded()
        }
        func action(_ bytes: [UInt8]) -> ControlAction? {
            guard case .forward(let event) = lease.accept(bytes, Self.ada, 0) else { return nil }
            return event.action
        }
        #expect(action(path(1...3)) == .pointerPath(Array(points[1...3])))
        #expect(action(path(2...5)) == .pointerPath(Array(points[4...5])))
        #expect(action(path(3...6)) == .pointerMove(points[6]))
        // 7 was lost: it comes with those after it.
        #expect(action(path(7...9)) == .pointerPath(Array(points[7...9])))
        #expect(action(path(7...8)) == nil)
        #expect(lease.refusals[.stale] == 1)
    }

    @Test func everyPointOfAFastMousePasses() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        let points = [DeskPoint](repeating: DeskPoint(x: 1, y: 1), count: 32)
        // Two thousand points a second for a minute, in messages of 32.
        for message in 1...3_750 {
            let event = ControlEvent(
                lease: id,
                sequence: UInt16(truncatingIfNeeded: message * 32),
                clientTime: 0,
                action: .pointerPath(points)
            )
            #expect(isForwarded(&lease, event.encoded(), at: Int64(message * 16)))
        }
    }

    @Test func textIsBoundedByItsKeys() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        let keys = [Keysym](repeating: try #require(Keysym("a")), count: 32)
        let text = ControlEvent(lease: id, clientTime: 0, action: .text(keys)).encoded()
        let passed = (0..<1_000).count { _ in isForwarded(&lease, text) }
        #expect(passed == 1_000 / 32)
        #expect(lease.refusals[.tooFast] == UInt64(1_000 - 1_000 / 32))
    }

    @Test func othersCannotGiveItBackOrLoseIt() throws {
        var lease = ControlLease()
        _ = try granted(lease.request(by: Self.ada))
        lease.release(by: Self.ben)
        lease.handleDeparture(of: Self.ben)
        lease.handleDisconnect(of: Self.ben, now: at(0))
        #expect(lease.holder == Self.ada)
        #expect(lease.pollTimeout() == nil)
    }

    @Test func aDisconnectedHolderKeepsTheLeaseForTheGrace() throws {
        var lease = ControlLease(grace: .seconds(10))
        let id = try granted(lease.request(by: Self.ada))
        _ = events(&lease)
        lease.handleDisconnect(of: Self.ada, now: at(0))
        #expect(events(&lease) == [.releaseAll])
        #expect(lease.accept(move(id, 1), Self.ada, 1) == .refused(.disconnected))
        lease.handleReconnect(of: Self.ada)
        #expect(lease.pollTimeout() == nil)
        #expect(lease.accept(move(id, 2), Self.ada, 2) != .refused(.disconnected))

        lease.handleDisconnect(of: Self.ada, now: at(5_000))
        #expect(lease.pollTimeout() == at(15_000))
        lease.handleTimeout(now: at(14_999))
        #expect(lease.holder == Self.ada)
        lease.handleTimeout(now: at(15_000))
        #expect(events(&lease) == [.releaseAll, .releaseAll, .ended(id, of: Self.ada, .expired)])
    }

    @Test func onlyTheHolderWithTheirLeaseIsForwardedAndTheRestCounted() throws {
        var lease = ControlLease()
        #expect(lease.accept(move(LeaseID(0), 1), Self.ada, 0) == .refused(.notHolder))
        let id = try granted(lease.request(by: Self.ada))
        #expect(lease.accept(move(id, 1), Self.ben, 0) == .refused(.notHolder))
        #expect(lease.accept(move(LeaseID(id.rawValue + 1), 1), Self.ada, 0) == .refused(.wrongLease))
        #expect(lease.accept([1, 2, 3], Self.ada, 0) == .refused(.malformed))
        guard case .forward(let event) = lease.accept(move(id, 1), Self.ada, 0) else {
            Issue.record("the holder's event was refused")
            return
        }
        #expect(event.action == .pointerMove(DeskPoint(x: 1, y: 1)))
        #expect(lease.forwarded == 1)
        #expect(lease.refusals[.notHolder] == 2)
        #expect(lease.refusals[.wrongLease] == 1)
        #expect(lease.refusals[.malformed] == 1)
        #expect(lease.refusals.total == 4)
    }

    @Test func aMoveOlderThanTheLastIsDroppedAcrossTheWrap() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        #expect(isForwarded(&lease, move(id, 0xfffe)))
        #expect(isForwarded(&lease, move(id, 1)))
        for late: UInt16 in [0xffff, 0, 1] { #expect(!isForwarded(&lease, move(id, late))) }
        #expect(isForwarded(&lease, move(id, 2)))
        #expect(lease.refusals[.stale] == 3)
    }

    @Test func aMoveSentBeforeAButtonEventCannotPullThePointerBackAfterIt() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        let press = ControlEvent(
            lease: id,
            clientTime: 100,
            action: .buttonDown(.left, at: DeskPoint(x: 9, y: 9))
        )
        #expect(isForwarded(&lease, press.encoded()))
        #expect(!isForwarded(&lease, move(id, 5, time: 99)))
        #expect(isForwarded(&lease, move(id, 6, time: 100)))
    }

    @Test func aPageLoadedAnewMayCountFromTheStart() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        #expect(isForwarded(&lease, move(id, 1_000, time: 1_000_000)))
        lease.handleReconnect(of: Self.ada)
        #expect(isForwarded(&lease, move(id, 1, time: 1)))
    }

    @Test func aFloodIsBoundedAndReleasesStillPass() throws {
        var lease = ControlLease()
        let id = try granted(lease.request(by: Self.ada))
        let key = try #require(Keysym("a"))
        let down = ControlEvent(lease: id, clientTime: 0, action: .keyDown(key)).encoded()
        let up = ControlEvent(lease: id, clientTime: 0, action: .keyUp(key)).encoded()
        let presses = (0..<10_000).count { _ in isForwarded(&lease, down) }
        #expect(presses == 500)
        let releases = (0..<500).count { _ in isForwarded(&lease, up) }
        #expect(releases == 500)
        let moves = (0..<10_000).count { isForwarded(&lease, move(id, UInt16($0)), at: Int64($0 / 10)) }
        #expect((3_400...3_600).contains(moves))
    }

    // MARK: Model

    /// Any order of requests, ends, disconnections, time and events from anybody: what is forwarded was
    /// sent by the holder of that very lease, and nothing stays held when a lease ends.
    @Test(arguments: 0..<40) func noInterleavingLetsAnybodyElseDrive(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var lease = ControlLease(grace: .seconds(1))
        var model = Model()
        var time: Int64 = 0

        for step in 0..<2_000 {
            time += .random(in: 0...200, using: &random)
            let someone = ParticipantID(.random(in: 1...4, using: &random))
            switch Int.random(in: 0..<26, using: &random) {
            case 0...1: _ = lease.request(by: someone)
            case 2: _ = lease.request(by: someone, policy: .takeOver)
            case 3: lease.setRights(ControlRights(rawValue: UInt8(time % 4)), of: someone)
            case 4: lease.release(by: someone)
            case 5: if step % 7 == 0 { lease.revoke() }
            case 6: lease.handleDisconnect(of: someone, now: at(time))
            case 7...8: lease.handleReconnect(of: someone)
            case 9: if step % 5 == 0 { lease.handleDeparture(of: someone) }
            case 10: lease.handleTimeout(now: at(time))
            case 11...12:
                lease.handleReleased()
                model.isReleased = true
            case 20...21: _ = lease.ask(by: someone, now: at(time))
            case 22: lease.grant(to: someone, by: ParticipantID(1), now: at(time))
            case 23: lease.decline(someone, by: ParticipantID(1), now: at(time))
            case 24: lease.handleVacancy(now: at(time))
            case 25: lease.handleVisibility(of: someone, isHidden: time % 2 == 0, now: at(time))
            default:
                let id = LeaseID(UInt32(max(0, Int64(model.last) + .random(in: -1...1, using: &random))))
                let event = ControlEvent(lease: id, clientTime: 0, action: model.anyAction(&random))
                let verdict = lease.accept(event.encoded(), someone, time)
                // The model must know of an expiry before it judges.
                model.apply(events(&lease))
                model.check(verdict, of: event, from: someone)
            }
            model.apply(events(&lease))
            #expect(lease.holder == model.holder)
        }
        lease.revoke()
        model.apply(events(&lease))
        #expect(model.held.isEmpty)
        #expect(model.forwarded > 0)
    }

    private struct Model {
        var holder: ParticipantID?
        var last: UInt32 = 0
        var held: Set<UInt32> = []
        var forwarded = 0
        /// Whether the desk has answered the last release.
        var isReleased = true

        mutating func apply(_ events: [ControlLease.Event]) {
            for event in events {
                switch event {
                case .granted(let id, let participant):
                    #expect(holder == nil, "two holders")
                    #expect(id.rawValue > last, "a lease id used twice")
                    #expect(held.isEmpty, "held over from another lease")
                    #expect(isReleased, "the desk may still hold something")
                    last = id.rawValue
                    holder = participant
                case .releaseAll:
                    held.removeAll()
                    isReleased = false
                case .ended(let id, let participant, _):
                    #expect(id.rawValue == last)
                    #expect(participant == holder)
                    #expect(held.isEmpty, "something stays held")
                    holder = nil
                case .requested(let asker, let holder):
                    #expect(holder == self.holder && asker != holder, "told somebody else")
                case .waiting(let waiting):
                    #expect(Set(waiting).count == waiting.count)
                }
            }
        }

        mutating func check(_ verdict: ControlLease.Verdict, of event: ControlEvent, from: ParticipantID) {
            guard case .forward(let forwarded) = verdict else { return }
            #expect(forwarded == event)
            #expect(from == holder)
            #expect(event.lease.rawValue == last)
            self.forwarded += 1
            switch event.action {
            case .keyDown(let keysym, _): held.insert(keysym.rawValue)
            case .keyUp(let keysym, _): held.remove(keysym.rawValue)
            case .releaseAll: held.removeAll()
            default: break
            }
        }

        func anyAction(_ random: inout SplitMix64) -> ControlAction {
            let keysym = Keysym(rawValue: .random(in: 0x61...0x7a, using: &random))
            return switch (Int.random(in: 0..<4, using: &random), keysym) {
            case (0, let keysym?): .keyUp(keysym)
            case (1...2, let keysym?): .keyDown(keysym)
            default: .releaseAll
            }
        }
    }

    // MARK: Words of these tests

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    private func granted(_ answer: ControlLease.Answer) throws -> LeaseID {
        guard case .granted(let id) = answer else { throw Denied() }
        return id
    }

    private struct Denied: Error {}

    private func events(_ lease: inout ControlLease) -> [ControlLease.Event] {
        var events: [ControlLease.Event] = []
        while let event = lease.pollEvent() { events.append(event) }
        return events
    }

    private func move(_ lease: LeaseID, _ sequence: UInt16, time: UInt32 = 0) -> [UInt8] {
        let action = ControlAction.pointerMove(DeskPoint(x: sequence, y: sequence))
        return ControlEvent(lease: lease, sequence: sequence, clientTime: time, action: action).encoded()
    }

    private func isForwarded(_ lease: inout ControlLease, _ bytes: [UInt8], at time: Int64 = 0) -> Bool {
        if case .forward = lease.accept(bytes, Self.ada, time) { true } else { false }
    }
}

extension ControlLease {
    fileprivate mutating func accept(
        _ bytes: [UInt8],
        _ participant: ParticipantID,
        _ milliseconds: Int64
    ) -> Verdict {
        accept(bytes.span.bytes, from: participant, now: Instant(nanoseconds: milliseconds * 1_000_000))
    }
}
