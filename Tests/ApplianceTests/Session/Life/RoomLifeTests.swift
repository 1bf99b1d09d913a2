import Appliance
import Testing
import Wire

/// When a room ends, on a virtual clock.
@Suite struct RoomLifeTests {
    @Test func aRoomWithPeopleGoesOnUntilTheTimeForThatIsOver() {
        var room = Room()
        room.enter(2, at: 1)
        room.drain(at: 100)
        #expect(room.told == ["100: door", "100: stopping in 25"])
        room.run(until: 200)
        #expect(room.told.suffix(2) == ["125: door", "125: asked"])
        #expect(room.machine.pollTimeout() == nil)
    }

    @Test func itEndsAsSoonAsEverybodyHasLeft() {
        var room = Room()
        room.enter(2, at: 1)
        room.drain(at: 100)
        room.enter(1, at: 103)
        #expect(room.told.count == 2)
        room.enter(0, at: 104)
        #expect(room.told.last == "104: asked")
    }

    @Test func anEmptyRoomEndsAtOnce() {
        var room = Room()
        room.drain(at: 5)
        #expect(room.told == ["5: door", "5: asked"])
    }

    @Test func withoutTimeForItTheSessionEndsAtOnce() {
        var room = Room { $0.grace = .zero }
        room.enter(3, at: 1)
        room.drain(at: 5)
        #expect(room.told == ["5: door", "5: asked"])
    }

    @Test func theSecondTimeItEndsAtOnce() {
        var room = Room()
        room.enter(1, at: 1)
        room.drain(at: 5)
        room.drain(at: 6)
        #expect(room.told.last == "6: interrupted")
        let count = room.told.count
        room.drain(at: 7)
        room.interrupt(at: 8)
        room.run(until: 1_000)
        #expect(room.told.count == count)
    }

    @Test func whoInterruptsItDoesNotWait() {
        var room = Room()
        room.enter(4, at: 1)
        room.interrupt(at: 5)
        #expect(room.told == ["5: door", "5: interrupted"])
    }

    @Test func nobodyMayBeThereForSoLong() {
        var room = Room { $0.empty = .seconds(60) }
        room.run(until: 59)
        #expect(room.told.isEmpty)
        // Whoever waits for somebody to come is somebody.
        room.enter(0, waiting: 1, at: 59)
        room.run(until: 200)
        room.enter(1, at: 200)
        room.enter(0, at: 300)
        room.run(until: 359)
        #expect(room.told.isEmpty)
        // That nobody came does not begin it anew.
        room.enter(0, at: 359)
        room.run(until: 500)
        #expect(room.told == ["360: door", "360: empty"])
    }

    @Test func withoutSuchATimeItWaitsForEver() {
        let room = Room()
        #expect(room.machine.pollTimeout() == nil)
    }

    @Test func theLongestTimeCountsFromWhenSomebodyFirstComesAndIsToldTwiceBefore() {
        var room = Room { $0.longest = .seconds(3_600) }
        room.run(until: 1_000)
        room.enter(1, at: 1_000)
        // Nobody is there for a while: it is the same session.
        room.enter(0, at: 2_000)
        room.enter(2, at: 2_500)
        room.run(until: 10_000)
        #expect(
            room.told == ["4300: longest in 300", "4540: longest in 60", "4600: door", "4600: longest"]
        )
    }

    @Test func ofAShortSessionOnlyWhatIsStillAheadIsTold() {
        var room = Room { $0.longest = .seconds(120) }
        room.enter(1, at: 10)
        room.run(until: 1_000)
        #expect(room.told == ["70: longest in 60", "130: door", "130: longest"])
    }

    @Test func afterTheMachineHasSleptTheLastNoticeSaysItAll() {
        var room = Room { $0.longest = .seconds(3_600) }
        room.enter(1, at: 0)
        room.wake(at: 3_570)
        #expect(room.told == ["3570: longest in 30"])
        room.wake(at: 9_000)
        #expect(room.told.last == "9000: longest")
    }

    @Test func whoComesLateIsToldWhatTheOthersKnow() {
        var room = Room { $0.longest = .seconds(3_600) }
        room.enter(1, at: 0)
        #expect(room.machine.notice(now: Room.time(3_000)) == nil)
        #expect(room.machine.notice(now: Room.time(3_400))?.left == .seconds(200))
        room.drain(at: 3_410)
        #expect(room.machine.notice(now: Room.time(3_420))?.left == .seconds(15))
        #expect(room.machine.notice(now: Room.time(3_420))?.approach == .stopping)
    }

    @Test func beingToldToEndDoesNotMakeASessionLonger() {
        var room = Room { $0.longest = .seconds(3_600) }
        room.enter(1, at: 0)
        room.drain(at: 3_590)
        #expect(room.told.last == "3590: stopping in 10")
        room.run(until: 4_000)
        #expect(room.told.last == "3600: asked")
    }

    @Test func anEndByItselfHasItsOwnCodeWhereThatIsWanted() {
        #expect(RoomExit(.asked, hasCodes: true) == .ended)
        #expect(RoomExit(.interrupted, hasCodes: true) == .ended)
        #expect(RoomExit(.empty, hasCodes: true) == .endedEmpty)
        #expect(RoomExit(.longest, hasCodes: true) == .endedLongest)
        // Otherwise whatever starts again what has failed would begin the session anew.
        for end in RoomLife.End.allCases { #expect(RoomExit(end, hasCodes: false).rawValue == 0) }
    }

    /// A machine, and what it has asked for: `SECOND: what`.
    private struct Room {
        var machine: RoomLife
        var told: [String] = []

        init(_ change: (inout RoomLife.Limits) -> Void = { _ in }) {
            var limits = RoomLife.Limits()
            change(&limits)
            machine = RoomLife(limits, now: Self.time(0))
        }

        static func time(_ second: Int64) -> Instant { Instant(nanoseconds: second * 1_000_000_000) }

        mutating func enter(_ people: Int, waiting: Int = 0, at second: Int64) {
            machine.handlePeople(people, waiting: waiting, now: Self.time(second))
            drain(effectsAt: second)
        }

        mutating func drain(at second: Int64) {
            machine.drain(now: Self.time(second))
            drain(effectsAt: second)
        }

        mutating func interrupt(at second: Int64) {
            machine.interrupt(now: Self.time(second))
            drain(effectsAt: second)
        }

        /// Time passes, and the timer goes off whenever it was set to.
        mutating func run(until second: Int64) {
            while let due = machine.pollTimeout(), due <= Self.time(second) {
                machine.handleTimeout(now: due)
                drain(effectsAt: due.nanoseconds / 1_000_000_000)
            }
        }

        /// The timer goes off late.
        mutating func wake(at second: Int64) {
            machine.handleTimeout(now: Self.time(second))
            drain(effectsAt: second)
        }

        private mutating func drain(effectsAt second: Int64) {
            while let effect = machine.pollEffect() {
                switch effect {
                case .closeDoor: told.append("\(second): door")
                case .end(let end): told.append("\(second): \(end)")
                case .tell(let notice):
                    let seconds = notice.left.nanoseconds / 1_000_000_000
                    told.append("\(second): \(notice.approach) in \(seconds)")
                }
            }
        }
    }
}
