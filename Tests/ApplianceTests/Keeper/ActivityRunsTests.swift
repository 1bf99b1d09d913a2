import Appliance
import Testing
import Wire

@Suite struct ActivityRunsTests {
    private static let start = Instant(nanoseconds: 0)

    private static func effects(_ runs: inout ActivityRuns) -> [ActivityRuns.Effect] {
        var effects: [ActivityRuns.Effect] = []
        while let effect = runs.pollEffect() { effects.append(effect) }
        return effects
    }

    private static func shelf(_ count: Int = 20) -> ActivityRuns {
        ActivityRuns(alwaysThere: Array(repeating: false, count: count))
    }

    @Test func aProgramIsStartedRunsAndIsStopped() {
        var runs = Self.shelf()
        runs.start(3, now: Self.start)
        #expect(Self.effects(&runs) == [.tell(3, .starting), .start(3)])
        runs.handleStarted(3)
        #expect(Self.effects(&runs) == [.tell(3, .running)])
        runs.stop(3)
        #expect(Self.effects(&runs) == [.tell(3, .stopping), .stop(3)])
        // However it ends then: it was to.
        runs.handleEnd(3, failure: .signalled(15))
        #expect(Self.effects(&runs) == [.tell(3, .stopped)])
    }

    @Test func howItEndsByItselfIsTold() {
        var runs = Self.shelf()
        for failure: ActivityState.Failure? in [.exited(3), .signalled(11), .notStarted, nil] {
            runs.start(0, now: Self.start)
            runs.handleEnd(0, failure: failure)
            #expect(Self.effects(&runs).last == .tell(0, failure.map { .failed($0) } ?? .stopped))
        }
    }

    @Test func eachRunsOnceAtMost() {
        var runs = Self.shelf()
        for _ in 0..<3 { runs.start(0, now: Self.start) }
        #expect(Self.effects(&runs).count { $0 == .start(0) } == 1)
        runs.stop(0)
        runs.start(0, now: Self.start)
        runs.stop(0)
        #expect(Self.effects(&runs) == [.tell(0, .stopping), .stop(0)])
    }

    @Test func numbersThatAreNoneDoNothing() {
        var runs = ActivityRuns(alwaysThere: [true, false])
        for number: UInt8 in [0, 2, 63, 255] {
            runs.start(number, now: Self.start)
            runs.stop(number)
        }
        #expect(Self.effects(&runs) == [], "and what runs all the time is not started again")
    }

    @Test func soManyAreStartedAtOnceAndInAWhile() {
        var runs = Self.shelf()
        for number in 0..<20 { runs.start(UInt8(number), now: Self.start) }
        #expect(Self.effects(&runs).count { if case .start = $0 { true } else { false } } == 4)
        for second in 1..<60 { runs.start(UInt8(second % 20), now: Self.start + .seconds(Int64(second))) }
        let more = Self.effects(&runs)
        #expect(more.count { if case .start = $0 { true } else { false } } == ActivityRuns.most - 4)
        // Whoever asked too much is told how it is.
        #expect(more.contains(.tell(19, .stopped)))
    }

    @Test func afterAResetNothingRunsOrHasFailed() {
        var runs = Self.shelf()
        for number: UInt8 in 0..<3 { runs.start(number, now: Self.start) }
        runs.handleEnd(1, failure: .exited(1))
        _ = Self.effects(&runs)
        runs.handleReset()
        #expect(Self.effects(&runs) == [.tell(0, .stopped), .tell(1, .stopped), .tell(2, .stopped)])
        // Its end comes in afterwards.
        runs.handleEnd(0, failure: .signalled(9))
        #expect(Self.effects(&runs) == [])
    }
}
