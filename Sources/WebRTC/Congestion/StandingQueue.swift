package import Wire

/// Finds a queue that stands: a delay gradient tells only of one that grows, and a sender that then keeps to
/// what the link carries never lets it drain.
///
/// The shortest one-way time of late, compared with the shortest in half a minute, is what the queue makes
/// every packet wait. While that is long, less is sent than the link was seen to carry. A queue that does not
/// drain is somebody else's, and is left alone for a while.
package struct StandingQueue: Sendable {
    /// What the queue makes a packet wait at least.
    package private(set) var delay = Interval.zero

    /// The shortest one-way times, on clocks whose difference is unknown, of this window and of the one
    /// before.
    private var window: (since: Instant, shortest: Interval)?
    private var previous: Interval?
    /// Of the packets since the last feedback.
    private var latest: Interval?
    private var long = 0
    private var drain: (since: Instant, capacity: Int)?
    private var restUntil = Instant(nanoseconds: .min)

    package init() {}

    package mutating func handle(sent: Instant, arrival: Interval, now: Instant) {
        let time = arrival - Interval(nanoseconds: sent.nanoseconds)
        latest = latest.map { min($0, time) } ?? time
        guard let window, now - window.since < Self.windowLength else {
            previous = window?.shortest
            window = (now, time)
            return
        }
        if time < window.shortest { self.window = (window.since, time) }
    }

    /// Returns what to send at most, in bits per second; `nil`: the queue asks for nothing.
    ///
    /// - Parameter throughput: What arrives, bits per second.
    package mutating func handleFeedback(throughput: Int?, now: Instant) -> Int? {
        guard let window, let latest else { return limit }
        delay = latest - min(window.shortest, previous ?? window.shortest)
        self.latest = nil
        if let drain {
            // What arrived before the queue was there tells too much; what is sent to drain it tells too
            // little.
            if now - drain.since < Self.settling, let throughput {
                self.drain?.capacity = min(drain.capacity, throughput)
            }
            if delay < Self.short {
                self.drain = nil
            } else if now - drain.since > Self.longestDrain {
                self.drain = nil
                restUntil = now + Self.rest
            }
            return limit
        }
        long = delay > Self.long ? long + 1 : 0
        if long >= Self.confirmations, now >= restUntil, let throughput { drain = (now, throughput) }
        return limit
    }

    /// Less, the longer the queue is: half a second of it is gone in about one second.
    private var limit: Int? {
        guard let drain else { return nil }
        let percent = delay > .milliseconds(400) ? 40 : delay > .milliseconds(200) ? 55 : 75
        return drain.capacity * percent / 100
    }

    private static let long = Interval.milliseconds(120)
    private static let short = Interval.milliseconds(40)
    private static let settling = Interval.milliseconds(700)
    private static let confirmations = 2
    private static let windowLength = Interval.seconds(15)
    private static let longestDrain = Interval.seconds(6)
    private static let rest = Interval.seconds(5)
}
