package import Wire

/// When an egress's sender reports are due (RFC 3550 §6.4.1): each second in which something was sent, and every fifth
/// second otherwise.
///
/// Call ``begin(now:)`` when something has been sent, ``next(after:now:)`` when ``due`` has come.
package struct ReportSchedule: Sendable {
    /// `nil` before anything was sent.
    package private(set) var due: Instant?

    private var reported: UInt64 = 0
    /// Times in a row that nothing new had been sent.
    private var quiet = 0

    package init() {}

    /// The first report goes with the first packet; returns whether this is it.
    @inline(__always)
    package mutating func begin(now: Instant) -> Bool {
        guard due == nil else { return false }
        due = now
        return true
    }

    /// Whether to report at `now`; if it is due at all, the next time is `next`.
    ///
    /// - Parameter packets: Sent so far.
    package mutating func isDue(having packets: UInt64, next: Instant, now: Instant) -> Bool {
        guard let due, now >= due else { return false }
        self.due = next
        quiet = packets == reported ? quiet + 1 : 0
        reported = packets
        return quiet % Self.quietInterval == 0
    }

    private static let quietInterval = 5
}
