#if canImport(Wire)
public import Wire
#endif

/// How much of a transfer may be under way, so that it yields to everything else: LEDBAT (RFC 6817).
///
/// It measures how long what it sends takes, one way, and how long that took at best. What is more than that is what waits in queues,
/// its own share among it; it grows while that is less than ``target`` and shrinks while it is more. Whoever fills the queue with
/// something else therefore has all of the path, and who only types meets a queue of the target at most.
///
/// The clocks of both ends need not agree: only differences of delays count.
public struct DelayBasedWindow: Sendable {
    /// Bytes that may be under way.
    public private(set) var bytes: Int
    /// What waits in queues, at the last acknowledgement.
    public private(set) var queueing = Interval.zero
    /// The least delay of each of the last minutes, the latest last; modulo 2³² microseconds, as clocks are.
    private var history: [UInt32] = []
    private var minute: Instant?
    /// The last few delays: a single late one says nothing.
    private var recent: [UInt32] = []

    public init() {
        bytes = Self.first
    }

    /// - Parameters:
    ///   - count: Bytes that were acknowledged now.
    ///   - delay: The receiver's clock less the sender's, in microseconds, modulo 2³².
    ///   - flight: Bytes that were under way before: who does not use the window does not widen it.
    public mutating func handleAcknowledgement(
        of count: Int,
        delay: UInt32,
        flight: Int,
        now: Instant
    ) {
        note(delay, now: now)
        // Both are there: one was noted just now.
        let base = history.dropFirst().reduce(history.first ?? delay) { Self.earlier($0, $1) }
        let current = recent.dropFirst().reduce(recent.first ?? delay) { Self.earlier($0, $1) }
        queueing = .microseconds(Int64(max(0, Self.difference(current, base))))
        let room = Double((Self.target - queueing).nanoseconds) / Double(Self.target.nanoseconds)
        // Slowly up, and down by up to a half within a round trip: whoever comes must not wait for it.
        let change = room < 0 ? max(-0.5, room) : room * Double(Self.segment) / Double(bytes)
        guard change < 0 || flight + Self.segment >= bytes / 2 else { return }
        let wanted = Double(bytes) + max(change * Double(count), -Double(bytes) / 2)
        bytes = min(max(Int(wanted.rounded()), Self.least), Self.most)
    }

    /// Nothing was acknowledged for long: whatever was learnt may be of another path.
    public mutating func handleSilence() {
        bytes = Self.least
    }

    private mutating func note(_ delay: UInt32, now: Instant) {
        if let minute, now < minute + .seconds(60), let last = history.last {
            history[history.count - 1] = Self.earlier(last, delay)
        } else {
            minute = now
            history.append(delay)
            if history.count > Self.minutes { history.removeFirst() }
        }
        recent.append(delay)
        if recent.count > Self.filter { recent.removeFirst() }
    }

    private static func difference(_ one: UInt32, _ other: UInt32) -> Int32 {
        Int32(bitPattern: one &- other)
    }

    private static func earlier(_ one: UInt32, _ other: UInt32) -> UInt32 {
        difference(one, other) < 0 ? one : other
    }

    /// A fifth of what RFC 6817 §3.3 allows: keys share the queue.
    public static let target = Interval.milliseconds(20)
    /// Bytes: as much as a block, 8 MB/s at 32 ms, and what the room and each link hold for one transfer.
    public static let most = FileDigest.block
    /// One piece, or nothing would be measured.
    public static let least = FileMessage.maximumPieceLength
    private static let first = 4 * FileMessage.maximumPieceLength
    /// What a round trip may widen it by, as for a TCP connection.
    private static let segment = 1_200
    private static let minutes = 10
    private static let filter = 4
}
