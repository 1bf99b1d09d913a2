public import Wire

/// Spreads what goes to one receiver over time, so that a key frame does not fill the queue in front of a
/// narrow link.
///
/// A leaky bucket: what is sent fills it, and it drains at the pacing rate. Ask ``allows(now:)`` before each
/// packet that may wait. If it must wait, tell ``handleHeld(_:)`` and ask again when ``pollTimeout(now:)``
/// has come. What may not wait (audio, retransmissions) simply goes. ``handleSent(_:now:)`` counts
/// everything.
///
/// The bucket holds five milliseconds at the pacing rate, and never less than a small frame: a frame that
/// answers a keystroke passes at once, whatever the rate. What waits is gone within ``maximumDelay``, even if
/// the rate has to rise.
public struct Pacer: Sendable {
    /// Bits per second; `nil`: nothing waits, and nothing is counted.
    public private(set) var rate: Int?
    /// Whether nothing that can wait may go: the path is a TCP connection, and what was sent before waits for room.
    public private(set) var isBlocked = false
    /// Whether the path is a TCP connection, which is never so wide that nothing has to wait.
    public private(set) var isGated = false

    /// Bytes that wait with the owner.
    public private(set) var waiting = 0

    /// Bytes in the bucket at ``updated``.
    private var level = 0.0
    private var updated = Instant(nanoseconds: 0)
    /// What empties the queue in time, bits per second; 0 while nothing waits.
    private var drain = 0

    public init() {}

    /// Paces at 2.5 times `target`, so that the queue here is short and the estimate is still kept to over a
    /// second.
    ///
    /// - Parameters:
    ///   - target: What the path carries, bits per second; `nil` if it is wide enough for anything.
    public mutating func setTarget(_ target: Int?, now: Instant) {
        settle(now: now)
        if rate == nil {
            level = 0
            updated = now
        }
        rate = target.map { max(Self.lowest, $0 * 5 / 2) } ?? (isGated ? Self.gate : nil)
    }

    /// Whether the path is a TCP connection from now on.
    ///
    /// What would go at once goes a few packets at a time then, so that as little as possible is ahead of what comes up once
    /// the connection is full. Without a target it is as wide as can be.
    public mutating func setGated(_ isGated: Bool, now: Instant) {
        self.isGated = isGated
        isBlocked = false
        if isGated, rate == nil { setTarget(nil, now: now) }
        if !isGated, rate == Self.gate { rate = nil }
    }

    /// The connection takes no more at the moment, or takes something again.
    public mutating func setBlocked(_ isBlocked: Bool) { self.isBlocked = isBlocked && isGated }

    /// Whether a packet may go at `now`.
    ///
    /// The last one may overfill the bucket.
    public func allows(now: Instant) -> Bool {
        guard let effective else { return true }
        return !isBlocked && level(at: now, effective) < Self.depth(effective)
    }

    /// `bytes` were sent, whether or not they had to ask.
    public mutating func handleSent(_ bytes: Int, now: Instant) {
        guard rate != nil else { return }
        settle(now: now)
        level += Double(bytes)
        if waiting > 0 { hurry() }
    }

    /// `bytes` wait.
    public mutating func handleHeld(_ bytes: Int) {
        waiting += bytes
        hurry()
    }

    /// `bytes` that waited have been sent or dropped.
    public mutating func handleReleased(_ bytes: Int) {
        waiting = max(0, waiting - bytes)
        if waiting == 0 { drain = 0 }
    }

    /// When the next packet that waits may go; `nil` if none waits.
    public func pollTimeout(now: Instant) -> Instant? {
        guard waiting > 0, !isBlocked else { return nil }
        guard let effective else { return now }
        let excess = level(at: now, effective) - Self.depth(effective)
        guard excess >= 0 else { return now }
        // A little more, so that each wake-up sends a few packets.
        let bytes = excess + Self.depth(effective) / 2
        return now + Interval(nanoseconds: Int64(bytes * 8e9 / Double(effective)) + 1)
    }

    private var effective: Int? { rate.map { max($0, drain) } }

    /// Raises the rate to what lets everything go in time: what waits, and what has filled the bucket without
    /// waiting and so comes before it.
    private mutating func hurry() {
        drain = max(drain, (waiting + Int(level)) * 8 * 1_000 / Self.maximumDelayMilliseconds)
    }

    private mutating func settle(now: Instant) {
        guard let effective else { return }
        level = level(at: now, effective)
        updated = max(updated, now)
    }

    private func level(at now: Instant, _ rate: Int) -> Double {
        max(0, level - Double((now - updated).nanoseconds) * Double(rate) / 8e9)
    }

    private static func depth(_ rate: Int) -> Double { max(smallFrame, Double(rate) * 0.005 / 8) }

    /// The longest that anything waits after the last packet joined the queue.
    public static let maximumDelay = Interval.milliseconds(Int64(maximumDelayMilliseconds))
    private static let maximumDelayMilliseconds = 250
    /// Bytes: four packets.
    private static let smallFrame = 4_800.0
    private static let lowest = 100_000
    /// Bits per second: some 25 KB at a time.
    private static let gate = 40_000_000
}
