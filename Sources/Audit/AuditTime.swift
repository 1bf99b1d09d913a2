/// A moment of the wall clock, in milliseconds since 1970 (UTC).
package struct AuditTime: Hashable, Sendable, CustomStringConvertible {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.latest)
    }

    /// As ISO 8601 writes it, such as `2026-11-28T19:39:14.123Z`.
    package var description: String {
        let day = Int(milliseconds / 86_400_000)
        let (year, month, dayOfMonth) = Self.date(ofDay: day)
        let time = Int(milliseconds % 86_400_000)
        return Self.digits(year, 4) + "-" + Self.digits(month, 2) + "-" + Self.digits(dayOfMonth, 2) + "T"
            + Self.digits(time / 3_600_000, 2) + ":" + Self.digits(time / 60_000 % 60, 2) + ":"
            + Self.digits(time / 1_000 % 60, 2) + "." + Self.digits(time % 1_000, 3) + "Z"
    }

    /// The date of a day that is counted from 1970-01-01.
    ///
    /// Years are taken to begin in March, so that the day that some years have more is their last one.
    private static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let sinceMarch0 = day + 719_468  // from 0000-03-01 to 1970-01-01
        let (era, dayOfEra) = sinceMarch0.quotientAndRemainder(dividingBy: 146_097)  // 400 years
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153  // 0 is March
        return (
            era * 400 + yearOfEra + (month < 10 ? 0 : 1), month < 10 ? month + 3 : month - 9,
            dayOfYear - (153 * month + 2) / 5 + 1
        )
    }

    private static func digits(_ number: Int, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// The end of the year 9999.
    private static let latest: Int64 = 253_402_300_799_999
}
