import RemoteControl
import Testing
import Wire

/// Who is told where somebody points, and when.
@Suite struct PointersTests {
    private static let ada = ParticipantID(1)
    private static let ben = ParticipantID(2)
    private static let cleo = ParticipantID(3)
    private static let everybody = [ada, ben, cleo].map { Pointers.Viewer($0) }
    private static let desk = (width: 1_280, height: 720)

    @Test func whoPointsIsSeenAtOnceByAllOthersAndNotByThemselves() {
        var room = Room()
        room.point(Self.ada, 100, 200, at: 0)
        let told = room.poll(at: 0)
        #expect(told.map(\.viewer) == [Self.ben, Self.cleo])
        for (_, message) in told {
            #expect(message.pointers == [.init(person: Self.ada, point: DeskPoint(x: 100, y: 200))])
        }
    }

    @Test func nothingIsSaidWhileNobodyPoints() {
        var room = Room()
        #expect(room.pointers.pollTimeout() == nil)
        #expect(room.poll(at: 0).isEmpty)
        room.pointers.handleSight(now: at(1))
        room.pointers.handleViewer(Self.ben, now: at(1))
        #expect(room.pointers.pollTimeout() == nil)
        room.point(Self.ada, 1, 1, at: 1_000)
        // What was told is repeated twice, then it is quiet; and again when the pointer has gone.
        var times: [Int64] = []
        while let due = room.pointers.pollTimeout() {
            let milliseconds = due.nanoseconds / 1_000_000
            if !room.poll(at: milliseconds).isEmpty { times.append(milliseconds) }
            guard times.count < 100 else { break }
        }
        #expect(times == [1_000, 1_100, 1_200, 4_000, 4_100, 4_200])
    }

    @Test func fourteenWhoPointAllTheTimeAreOneMessageForEachViewerAndPeriod() {
        var room = Room()
        let people = (1...14).map { ParticipantID($0) }
        room.viewers = people.map { Pointers.Viewer($0) }
        var messages = 0
        for step in 0..<200 {
            let now = Int64(step) * 10
            for person in people where step % 3 == Int(person.rawValue % 3) {
                room.point(person, step, Int(person.rawValue), at: now)
            }
            guard let due = room.pointers.pollTimeout(), due <= at(now) else { continue }
            let told = room.poll(at: now)
            #expect(told.count == 14)
            for (viewer, message) in told {
                #expect(!message.pointers.contains { $0.person == viewer })
            }
            messages += told.count
        }
        // Two seconds at 30 a second.
        #expect((14 * 45...14 * 61).contains(messages))
    }

    @Test func aPointerGoesThreeSecondsAfterItsLastMove() {
        var room = Room()
        room.point(Self.ada, 1, 1, at: 0)
        _ = room.poll(at: 0)
        room.point(Self.ada, 2, 2, at: 2_000)
        _ = room.poll(at: 2_000)
        #expect(room.poll(at: 4_900).allSatisfy { !$0.message.pointers.isEmpty })
        let gone = room.poll(at: 5_000)
        #expect(gone.map(\.viewer) == [Self.ben, Self.cleo])
        #expect(gone.allSatisfy { $0.message.pointers.isEmpty })
        #expect(room.pointers.people.isEmpty)
    }

    @Test func aPointerGoesAtOnceWithWhoeverStopsOrLeaves() {
        for isLeaving in [false, true] {
            var room = Room()
            room.point(Self.ada, 1, 1, at: 0)
            _ = room.poll(at: 0)
            if isLeaving {
                room.pointers.handleDeparture(of: Self.ada, now: at(100))
            } else {
                room.say(
                    Self.ada,
                    PointingMessage(isShown: false, sequence: 9, point: DeskPoint(x: 1, y: 1)),
                    at: 100
                )
            }
            #expect(room.poll(at: 100).allSatisfy { $0.message.pointers.isEmpty })
            #expect(room.pointers.people.isEmpty)
        }
    }

    @Test func whoDoesNotSeeTheDeskSeesNoPointers() {
        var room = Room()
        room.viewers[1].seesDesk = false
        room.point(Self.ada, 1, 1, at: 0)
        #expect(room.poll(at: 0).map(\.viewer) == [Self.cleo])
        // The curtain falls for Cleo, and rises for Ben.
        room.viewers[1].seesDesk = true
        room.viewers[2].seesDesk = false
        room.pointers.handleSight(now: at(500))
        let told = room.poll(at: 500)
        #expect(told.map(\.viewer) == [Self.ben, Self.cleo])
        #expect(told[0].message.pointers.count == 1)
        #expect(told[1].message.pointers.isEmpty)
    }

    @Test func whoeverComesLaterIsShownWhatThereIs() {
        var room = Room()
        room.viewers = [Pointers.Viewer(Self.ada)]
        room.press(Self.ada, 5, 5, presses: 1, at: 0)
        #expect(room.poll(at: 0).isEmpty)
        room.viewers = Self.everybody
        room.pointers.handleViewer(Self.ben, now: at(1_000))
        let told = room.poll(at: 1_000)
        #expect(told.map(\.viewer) == [Self.ben, Self.cleo])
        #expect(told[0].message.pointers.map(\.press) == [nil], "an old press is not marked anew")
    }

    @Test func whatLiesOutsideTheDeskIsTakenToItsEdge() {
        var room = Room()
        room.press(Self.ada, 65_535, 65_535, presses: 1, at: 0)
        let edge = DeskPoint(x: 1_279, y: 719)
        #expect(room.poll(at: 0)[0].message.pointers[0].point == edge)
        #expect(room.pressesSeen == [edge])
        // Without a desk there is nothing to point at.
        var none = Pointers()
        let message = PointingMessage(sequence: 1, point: edge)
        none.handle(message, from: Self.ada, on: (0, 0), now: at(0))
        #expect(none.people.isEmpty)
    }

    @Test func messagesThatComeLateAreLeftOut() {
        var room = Room()
        room.say(Self.ada, PointingMessage(sequence: 65_535, point: DeskPoint(x: 1, y: 1)), at: 0)
        room.say(Self.ada, PointingMessage(sequence: 1, point: DeskPoint(x: 3, y: 3)), at: 10)
        room.say(Self.ada, PointingMessage(sequence: 0, point: DeskPoint(x: 2, y: 2)), at: 20)
        room.say(Self.ada, PointingMessage(sequence: 1, point: DeskPoint(x: 4, y: 4)), at: 25)
        #expect(room.poll(at: 40)[0].message.pointers[0].point == DeskPoint(x: 3, y: 3))
        // After a silence, and on a new channel, any number counts.
        _ = room.poll(at: 3_200)
        room.say(Self.ada, PointingMessage(sequence: 0, point: DeskPoint(x: 5, y: 5)), at: 3_300)
        #expect(room.poll(at: 3_400)[0].message.pointers[0].point == DeskPoint(x: 5, y: 5))
        room.pointers.handleOpened(of: Self.ada)
        room.say(Self.ada, PointingMessage(sequence: 65_000, point: DeskPoint(x: 6, y: 6)), at: 3_500)
        #expect(room.poll(at: 3_600)[0].message.pointers[0].point == DeskPoint(x: 6, y: 6))
    }

    @Test func aPressIsMarkedOnceHoweverOftenItIsSaidAndThoughTheFirstMessageIsLost() {
        var room = Room()
        room.point(Self.ada, 1, 1, at: 0)
        // Two presses, of which only what comes after them arrives.
        room.press(Self.ada, 7, 8, presses: 2, at: 50)
        room.press(Self.ada, 7, 8, presses: 2, at: 100)
        for time in stride(from: Int64(0), through: 2_000, by: 40) { _ = room.poll(at: time) }
        #expect(room.pressesSeen == [DeskPoint(x: 7, y: 8)])
        room.press(Self.ada, 9, 9, presses: 3, at: 2_100)
        _ = room.poll(at: 2_200)
        #expect(room.pressesSeen == [DeskPoint(x: 7, y: 8), DeskPoint(x: 9, y: 9)])
    }

    @Test func nobodyFloodsTheOthers() {
        var room = Room()
        for step in 0..<5_000 {
            room.press(Self.ada, step % 1_000, 1, presses: UInt16(step + 1), at: Int64(step / 5))
            if let due = room.pointers.pollTimeout(), due <= at(Int64(step / 5)) {
                _ = room.poll(at: Int64(step / 5))
            }
        }
        // In a second: five, and five at once.
        #expect(room.pressesSeen.count <= 11)
        #expect(room.polls <= 32)
        // Others are not kept from pointing, and neither are they for long.
        room.point(Self.ben, 1, 1, at: 1_100)
        #expect(room.poll(at: 1_200)[0].message.pointers.contains { $0.person == Self.ben })
        room.point(Self.ada, 4, 4, at: 3_000)
        #expect(room.poll(at: 3_100)[1].message.pointers.contains { $0.point == DeskPoint(x: 4, y: 4) })
    }

    /// A room of these viewers, and what those of them see who do not point.
    private struct Room {
        var pointers = Pointers()
        var viewers = PointersTests.everybody
        var polls = 0
        /// As Ben's page shows them: each number once.
        var pressesSeen: [DeskPoint] = []
        private var numbers: Set<UInt16> = []
        private var sequence: UInt16 = 0

        mutating func point(_ person: ParticipantID, _ x: Int, _ y: Int, at time: Int64) {
            sequence &+= 1
            say(
                person,
                PointingMessage(sequence: sequence, point: DeskPoint(x: UInt16(x), y: UInt16(y))),
                at: time
            )
        }

        mutating func press(_ person: ParticipantID, _ x: Int, _ y: Int, presses: UInt16, at time: Int64) {
            sequence &+= 1
            let point = DeskPoint(x: UInt16(x), y: UInt16(y))
            say(
                person,
                PointingMessage(sequence: sequence, point: point, presses: presses, press: point),
                at: time
            )
        }

        mutating func say(_ person: ParticipantID, _ message: PointingMessage, at time: Int64) {
            pointers.handle(message, from: person, on: PointersTests.desk, now: PointersTests.at(time))
        }

        mutating func poll(at time: Int64) -> [(viewer: ParticipantID, message: PointersMessage)] {
            let told = pointers.pollMessages(for: viewers, now: PointersTests.at(time))
            if !told.isEmpty { polls += 1 }
            for (viewer, message) in told where viewer == PointersTests.ben || viewers.count == 1 {
                for press in message.pointers.compactMap(\.press) where numbers.insert(press.number).inserted
                {
                    pressesSeen.append(press.point)
                }
            }
            return told
        }
    }

    private static func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }
    private func at(_ milliseconds: Int64) -> Instant { Self.at(milliseconds) }
}
