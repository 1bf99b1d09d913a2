import Appliance
import IO
import Testing

@Suite struct RoomKeepingTests {
    private static let crash = ProcessEnding.Reason.signalled(11)

    @Test(arguments: RoomExit.allCases)
    func aRoomThatWasNeverReadyTakesEverythingAlongWithItsStatus(_ exit: RoomExit) {
        var keeping = RoomKeeping()
        let verdict = keeping.handleEnd(.exited(exit.rawValue), wasReady: false, after: .seconds(1))
        #expect(verdict == .end(exit.rawValue))
    }

    @Test(arguments: [RoomExit.ended, .endedEmpty, .endedLongest])
    func aSessionThatIsOverIsNotBegunAnew(_ exit: RoomExit) {
        var keeping = RoomKeeping()
        #expect(
            keeping.handleEnd(Self.crash, wasReady: true, after: .seconds(60))
                == .again(after: .milliseconds(100))
        )
        let verdict = keeping.handleEnd(.exited(exit.rawValue), wasReady: true, after: .seconds(60))
        #expect(verdict == .end(exit.rawValue))
    }

    @Test(arguments: [crash, .signalled(9), .exited(RoomExit.internalError.rawValue), .exited(1)])
    func aRoomThatWasReadyIsStartedAgain(_ reason: ProcessEnding.Reason) {
        var keeping = RoomKeeping()
        for _ in 0..<100 {
            let verdict = keeping.handleEnd(reason, wasReady: true, after: .seconds(10))
            #expect(verdict == .again(after: .milliseconds(100)))
        }
    }

    @Test func oneThatDoesNotStayUpIsGivenUpAfterSomeAttempts() {
        var keeping = RoomKeeping()
        var delays: [Duration] = []
        var last: RoomKeeping.Verdict?
        for _ in 0..<RoomKeeping.mostFailures {
            last = keeping.handleEnd(Self.crash, wasReady: true, after: .milliseconds(200))
            if case .again(let delay)? = last { delays.append(delay) }
        }
        #expect(delays == [100, 200, 400, 800].map { .milliseconds($0) })
        #expect(last == .end(RoomExit.internalError.rawValue))
    }

    @Test func whatStandsInTheWayOfTheNextRoomIsTriedAgainAndThenTold() {
        var keeping = RoomKeeping()
        _ = keeping.handleEnd(Self.crash, wasReady: true, after: .seconds(60))
        let status = RoomExit.noPort.rawValue
        let verdicts = (0..<4).map { _ in
            keeping.handleEnd(.exited(status), wasReady: false, after: .milliseconds(100))
        }
        #expect(verdicts.last == .end(status))
        #expect(verdicts.dropLast().allSatisfy { if case .again = $0 { true } else { false } })
    }

    @Test func oneThatStaysUpMakesUpForThoseThatDidNot() {
        var keeping = RoomKeeping()
        for _ in 0..<20 {
            for _ in 0..<2 {
                let verdict = keeping.handleEnd(Self.crash, wasReady: true, after: .seconds(1))
                #expect(verdict != .end(RoomExit.internalError.rawValue))
            }
            _ = keeping.handleEnd(Self.crash, wasReady: true, after: .seconds(11))
        }
    }

    @Test func afterARoomThatWasToEndNoOtherOneComes() {
        var keeping = RoomKeeping()
        keeping.handleAsked()
        #expect(
            keeping.handleEnd(Self.crash, wasReady: true, after: .seconds(60))
                == .end(RoomExit.internalError.rawValue)
        )
        // It could not listen yet.
        #expect(keeping.handleEnd(.signalled(15), wasReady: false, after: .seconds(1)) == .end(0))
        #expect(keeping.handleEnd(.exited(0), wasReady: true, after: .seconds(1)) == .end(0))
    }
}
