internal import Wire

/// When a flight that nobody has answered is sent again (RFC 6347 §4.2.4).
struct DTLSRepetition {
    /// `nil` if nothing waits for an answer.
    private(set) var deadline: Instant?
    /// Of the current flight.
    private(set) var count = 0

    private var timeout = firstTimeout

    /// A flight has been sent for the first time.
    mutating func start(now: Instant) {
        count = 0
        timeout = Self.firstTimeout
        deadline = now + timeout
    }

    mutating func stop() {
        deadline = nil
    }

    /// The deadline has passed; returns whether the flight is to be sent once more, which is `false` when there
    /// is no more sense in it.
    mutating func advance(now: Instant) -> Bool {
        guard count < Self.most else { return false }
        count += 1
        timeout = min(timeout * 2, Self.longestTimeout)
        deadline = now + timeout
        return true
    }

    /// RFC 6347 §4.2.4.1 starts at one second, but somebody is waiting here.
    ///
    /// On a slower path than this a flight is sent twice, which costs 1 kB.
    private static let firstTimeout = Interval.milliseconds(150)
    private static let longestTimeout = Interval.seconds(2)
    /// With these timeouts twenty seconds.
    private static let most = 12
}
