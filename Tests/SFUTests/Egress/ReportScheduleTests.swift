import SFU
import Testing
import Wire

@Suite struct ReportScheduleTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func nothingIsDueBeforeSomethingWasSent() {
        var schedule = ReportSchedule()
        #expect(schedule.due == nil)
        let isDue = schedule.isDue(having: 0, next: start + .seconds(1), now: start)
        #expect(!isDue)
    }

    @Test func theFirstReportGoesWithTheFirstPacket() {
        var schedule = ReportSchedule()
        let isFirst = schedule.begin(now: start)
        let isSecond = schedule.begin(now: start + .milliseconds(1))
        #expect(isFirst && !isSecond)
        #expect(schedule.due == start)
        let isDue = schedule.isDue(having: 1, next: start + .seconds(1), now: start)
        #expect(isDue)
        #expect(schedule.due == start + .seconds(1))
    }

    @Test func reportsComeEachSecondWhileSomethingIsSentAndEachFifthOtherwise() {
        var schedule = ReportSchedule()
        _ = schedule.begin(now: start)
        var reported: [Int64] = []
        for second in Int64(0)..<20 {
            let now = start + .seconds(second)
            // Packets come until the fifth second.
            if schedule.isDue(having: UInt64(min(second, 5)) + 1, next: now + .seconds(1), now: now) {
                reported.append(second)
            }
        }
        #expect(reported == [0, 1, 2, 3, 4, 5, 10, 15])
    }

    @Test func itIsDueOnlyWhenItsTimeHasCome() {
        var schedule = ReportSchedule()
        _ = schedule.begin(now: start)
        _ = schedule.isDue(having: 1, next: start + .seconds(1), now: start)
        let isDue = schedule.isDue(having: 2, next: start + .seconds(9), now: start + .milliseconds(999))
        #expect(!isDue)
        #expect(schedule.due == start + .seconds(1))
    }
}
