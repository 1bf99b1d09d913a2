import Appliance
import Testing
import Wire

@Suite struct StateTellingTests {
    @Test func aChangeAfterAPauseIsToldAtOnceAndAFloodTenTimesASecond() {
        var telling = StateTelling(period: .milliseconds(100))
        var told: [Int64] = []
        for millisecond: Int64 in 0..<1_000 {
            let now = Instant(nanoseconds: millisecond * 1_000_000)
            if telling.isDue(now: now) {
                telling.handleTold(now: now)
                told.append(millisecond)
            }
            // Three changes each millisecond.
            for _ in 0..<3 where telling.handleChange(now: now) {
                telling.handleTold(now: now)
                told.append(millisecond)
            }
        }
        #expect(told == Array(stride(from: 0, to: 1_000, by: 100)))
        // The last change is not lost.
        #expect(telling.pollTimeout() == Instant(nanoseconds: 1_000_000_000))
    }

    @Test func whatIsToldForAnotherReasonCounts() {
        var telling = StateTelling(period: .milliseconds(100))
        telling.handleTold(now: Instant(nanoseconds: 0))
        #expect(telling.handleChange(now: Instant(nanoseconds: 40_000_000)) == false)
        #expect(telling.pollTimeout() == Instant(nanoseconds: 100_000_000))
        #expect(telling.handleChange(now: Instant(nanoseconds: 50_000_000)) == false)
        telling.handleTold(now: Instant(nanoseconds: 60_000_000))
        #expect(telling.pollTimeout() == nil)
        let isTold = telling.handleChange(now: Instant(nanoseconds: 500_000_000))
        #expect(isTold)
    }
}
