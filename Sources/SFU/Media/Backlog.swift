internal import Wire

/// What a consumer is still to be sent of what the producer keeps since a key frame, and how fast.
///
/// Before anything is known of the path, so much at once as a large key frame takes, and then so much more as
/// fits through most paths: a second of the desk at one blow would fill the queue in front of a narrow link.
struct Backlog {
    /// The source's number of the next packet.
    var next: SequenceNumber
    /// When to go on.
    private(set) var due: Instant
    /// Bytes, at ``refilled``.
    private var allowance = largestBurst
    private var refilled: Instant

    init(from next: SequenceNumber, now: Instant) {
        self.next = next
        due = now
        refilled = now
    }

    /// Whether anything may be sent at `now`.
    mutating func allows(now: Instant) -> Bool {
        let elapsed = min(max(0, (now - refilled).nanoseconds), 1_000_000_000)
        allowance = min(allowance + Int(elapsed * Self.rate / 8_000_000_000), Self.largestBurst)
        refilled = now
        return allowance > 0
    }

    mutating func handleSent(_ bytes: Int) { allowance -= bytes }

    /// No more can be sent at `now`.
    mutating func putOff(now: Instant) { due = now + Self.step }

    /// Bytes.
    private static let largestBurst = 64 << 10
    /// Bits per second.
    private static let rate: Int64 = 40_000_000
    /// A dozen packets.
    private static let step = Interval.milliseconds(3)
}
