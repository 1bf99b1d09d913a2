import Appliance
import Testing
import Wire

@Suite struct StateTellingTests {
    @Test func aChangeAfterAPauseIsToldAtOnceAndAFloodTenTimesASecond() {
        var telling = StateTelling(period: .milliseconds(100))
        var told: [Int64] = []
        var due: Int64?
        for millisecond: Int64 in 0..<1_000 {
            let now = Instant(nanoseconds: millisecond * 1_000_000)
            if due == millisecond {
                telling.handleTold(now: now)
                told.append(millisecond)
                due = nil
            }
            // Three changes each millisecond.
            for _ in 0..<3 {
                guard let wait = telling.handleChange(now: now) else { continue }
                if wait == .zero {
                    telling.handleTold(now: now)
                    told.append(millisecond)
                } else {
                    due = millisecond + wait.milliseconds
                }
            }
        }
        #expect(told == Array(stride(from: 0, to: 1_000, by: 100)))
        // The last change is not lost.
        #expect(due == 1_000)
    }

    @Test func whatIsToldForAnotherReasonCounts() {
        var telling = StateTelling(period: .milliseconds(100))
        telling.handleTold(now: Instant(nanoseconds: 0))
        #expect(telling.handleChange(now: Instant(nanoseconds: 40_000_000)) == .milliseconds(60))
        #expect(telling.handleChange(now: Instant(nanoseconds: 50_000_000)) == nil)
        telling.handleTold(now: Instant(nanoseconds: 60_000_000))
        #expect(telling.handleChange(now: Instant(nanoseconds: 500_000_000)) == .zero)
    }
}
