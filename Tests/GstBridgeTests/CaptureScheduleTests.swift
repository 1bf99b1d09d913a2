import GstBridge
import Testing
import Wire

@Suite struct CaptureScheduleTests {
    @Test func aChangeAfterARestIsCapturedAtOnce() {
        var schedule = stillSchedule()
        schedule.handleChange()
        #expect(schedule.pollTimeout(now: at(5_000)) ?? at(0) <= at(5_000))
        #expect(schedule.pollAction(now: at(5_000), isSettled: true) == .capture)
        #expect(schedule.pollAction(now: at(5_000), isSettled: true) == nil)
    }

    @Test func aChangeSoonAfterAFrameWaitsForTheEarliestAllowedMoment() {
        var schedule = CaptureSchedule(framesPerSecond: 50)
        #expect(schedule.pollAction(now: at(0), isSettled: true) == .capture)
        // Half of the 20 ms early once, and from then on a twelfth early.
        for earliest in [8_333_334, 26_666_668, 45_000_002].map({ Instant(nanoseconds: $0) }) {
            let before = Instant(nanoseconds: earliest.nanoseconds - 1)
            schedule.handleChange()
            #expect(schedule.pollAction(now: before, isSettled: true) == nil)
            #expect(schedule.pollTimeout(now: before) == earliest)
            #expect(schedule.pollAction(now: earliest, isSettled: true) == .capture)
        }
    }

    @Test func aStrictScheduleKeepsItsRate() {
        var schedule = CaptureSchedule(framesPerSecond: 10, isStrict: true)
        var frames = 0
        for millisecond in 0..<10_000 {
            schedule.handleChange()
            if schedule.pollAction(now: at(millisecond), isSettled: true) == .capture { frames += 1 }
        }
        #expect((100...101).contains(frames))
    }

    @Test func aClientThatDrawsAtTheFrameRateWithJitterIsNotMadeToWait() {
        var schedule = CaptureSchedule(framesPerSecond: 25)
        for frame in 0..<100 {
            schedule.handleChange()
            let drawn = at(5_000 + frame * 40 + frame * 7 % 15)
            #expect(schedule.pollAction(now: drawn, isSettled: true) == .capture, "frame \(frame)")
        }
    }

    @Test func aSettledPictureIsRepeatedAFewTimesAndThenThereIsSilence() {
        #expect(repeats { _ in true } == CaptureSchedule.calmRefinements)
    }

    /// As what happens in a hidden place: nothing may tell that, and nothing may be lost by it.
    @Test func aCaptureThatBroughtNothingChangesNothing() {
        var schedule = stillSchedule()
        schedule.handleChange()
        #expect(schedule.pollAction(now: at(5_000), isSettled: true) == .capture)
        schedule.handleNothingNew()
        #expect(schedule.pollTimeout(now: at(5_000)) == nil)

        schedule.handleChange()
        schedule.handleRefresh()
        #expect(schedule.pollAction(now: at(6_000), isSettled: true) == .capture)
        schedule.handleNothingNew()
        #expect(
            schedule.pollAction(now: at(6_000), isSettled: true) == .repeat,
            "somebody waits for a key frame"
        )

        // And the picture before goes on being refined.
        let due = schedule.pollTimeout(now: at(6_040))
        schedule.handleChange()
        #expect(schedule.pollAction(now: at(6_040), isSettled: false) == .capture)
        schedule.handleNothingNew()
        #expect(schedule.pollTimeout(now: at(6_040)) == due)
    }

    @Test func anEncoderThatPausesGoesOnRefining() {
        // Settled once at the 5th, and twice from the 20th on, and for good after 40.
        let repeats = repeats { $0 == 5 || $0 == 20 || $0 == 21 || $0 > 40 }
        #expect(repeats == 40 + CaptureSchedule.calmRefinements)
    }

    @Test func aPauseOfTheEncoderIsNotWaitedOut() {
        var schedule = CaptureSchedule(framesPerSecond: 30)
        #expect(schedule.pollAction(now: at(0), isSettled: false) == .capture)
        #expect(schedule.pollAction(now: at(50), isSettled: false) == .repeat)
        #expect(schedule.pollAction(now: at(100), isSettled: true) == .repeat)
    }

    @Test func aCoarsePictureIsRepeatedABoundedNumberOfTimes() {
        #expect(repeats { _ in false } == CaptureSchedule.maximumRefinements)
    }

    @Test func aCoarsePictureIsRefinedSoonAndASettledOneLater() {
        for (isSettled, due) in [(false, CaptureSchedule.shortestRefinement), (true, .milliseconds(160))] {
            var schedule = CaptureSchedule(framesPerSecond: 30)
            #expect(schedule.pollAction(now: at(0), isSettled: isSettled) == .capture)
            var first: Int?
            for millisecond in 1...200 where first == nil {
                if schedule.pollAction(now: at(millisecond), isSettled: isSettled) == .repeat {
                    first = millisecond
                }
            }
            #expect(first.map(Int64.init) == due.milliseconds)
        }
    }

    @Test func aRefreshOfAStillScreenRepeatsTheFrameAtOnce() {
        var schedule = stillSchedule()
        #expect(schedule.pollTimeout(now: at(9_000)) == nil)
        schedule.handleRefresh()
        #expect(schedule.pollTimeout(now: at(9_000)) == at(9_000))
        #expect(schedule.pollAction(now: at(9_000), isSettled: true) == .repeat)
        #expect(schedule.pollAction(now: at(9_000), isSettled: true) == nil)
    }

    @Test func aRefreshDuringAChangeIsOneFrame() {
        var schedule = stillSchedule()
        schedule.handleChange()
        schedule.handleRefresh()
        #expect(schedule.pollAction(now: at(9_000), isSettled: true) == .capture)
        #expect(schedule.pollAction(now: at(9_000), isSettled: true) == nil)
    }

    /// How often a frame is repeated if the encoders are settled before the repeats for which `isSettled` says
    /// so, counted from 1.
    private func repeats(isSettled: (Int) -> Bool) -> Int {
        var schedule = CaptureSchedule(framesPerSecond: 30)
        #expect(schedule.pollAction(now: at(0), isSettled: false) == .capture)
        var repeats = 0
        var now = at(0)
        while let timeout = schedule.pollTimeout(now: now), repeats < 1_000 {
            now = timeout
            if schedule.pollAction(now: now, isSettled: isSettled(repeats + 1)) == .repeat { repeats += 1 }
        }
        return repeats
    }

    /// A schedule whose first frame and refinements are long over.
    private func stillSchedule() -> CaptureSchedule {
        var schedule = CaptureSchedule(framesPerSecond: 30)
        for time in stride(from: 0, to: 4_000, by: 200) {
            _ = schedule.pollAction(now: at(time), isSettled: true)
        }
        return schedule
    }

    private func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }
}
