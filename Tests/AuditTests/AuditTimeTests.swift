import Audit
import Testing

@Suite struct AuditTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_795_894_754_123, "2026-11-28T19:39:14.123Z"), (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (.max, "9999-12-31T23:59:59.999Z"),
            (-1, "1970-01-01T00:00:00.000Z"),
        ] as [(Int64, String)]
    )
    func aMomentIsWrittenByTheCalendar(_ milliseconds: Int64, _ text: String) {
        #expect(AuditTime(milliseconds: milliseconds).description == text)
    }

    /// Day by day for four hundred years, after which everything repeats.
    @Test func eachDayFollowsTheOneBefore() {
        var (year, month, day) = (1970, 1, 1)
        for number in 0..<146_097 {
            let text = AuditTime(milliseconds: Int64(number) * 86_400_000).description
            let numbers = text.prefix(10).split(separator: "-").compactMap { Int($0) }
            #expect(numbers == [year, month, day])
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
            (day, month, year) = day < days ? (day + 1, month, year) : (1, month % 12 + 1, year + month / 12)
        }
    }
}
