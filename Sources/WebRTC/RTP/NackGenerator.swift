public import Wire

/// Decides which lost RTP packets of one stream to ask for again, and when.
///
/// Drive it with ``handle(_:isKeyFrame:now:)`` and ``handleTimeout(now:)``. After either call, drain
/// ``pollRequest(now:)`` until it returns `nil`, then arm a timer for ``pollTimeout()``.
///
/// ```
///   received ─▶ handle ─▶ missing: [number, due, tries] ─▶ pollRequest ─▶ Generic NACK
///   timer ────▶ handleTimeout ─▶ due again, or given up ─▶ needsKeyFrame
/// ```
///
/// See RFC 4585 §6.2.1 for the message the requests travel in.
public struct NackGenerator: Sendable {
    /// How long to wait for an answer before asking again.
    ///
    /// The owner sets this to the measured round-trip time; less than 20 ms is taken as 20 ms, so that ten
    /// tries outlast a short outage of a fast path.
    public var retryInterval = Interval.milliseconds(100)

    /// Set once a packet is given up on; the owner clears it when it has requested a key frame.
    public var needsKeyFrame = false

    /// Packets that came after they had been asked for.
    public private(set) var recovered = 0

    /// How long an answer takes, from the first request on; `nil` before the first answer.
    ///
    /// Where a request or its answer is lost this is too long, for a while: shorter times are believed sooner
    /// than longer ones.
    public private(set) var roundTrip: Interval?

    private var missing: [Missing] = []
    private var newest: SequenceNumber?

    private struct Missing {
        var number: SequenceNumber
        var due: Instant
        var tries = 0
        /// When it was asked for first.
        var asked: Instant?
    }

    public init() {
        missing.reserveCapacity(Self.maximumMissing)
    }

    // MARK: Input

    /// Takes note that the packet `number` arrived at `now`, in the stream or as its retransmission.
    ///
    /// - Parameter isKeyFrame: Whether a key frame begins with it: nothing before it is needed any more.
    public mutating func handle(_ number: SequenceNumber, isKeyFrame: Bool = false, now: Instant) {
        if isKeyFrame { missing.removeAll { !$0.number.isNewer(than: number) } }
        guard let newest else {
            self.newest = number
            return
        }
        let distance = newest.distance(to: number)
        if isKeyFrame, distance > 0 {
            // Whatever was lost or given up on before it, the decoder starts anew here.
            self.newest = number
            needsKeyFrame = false
            return
        }
        guard distance > 0 else {
            if let index = missing.firstIndex(where: { $0.number == number }) {
                if let asked = missing[index].asked {
                    recovered += 1
                    handleAnswer(after: now - asked)
                }
                missing.remove(at: index)
            }
            return
        }
        self.newest = number
        guard missing.count + distance - 1 <= Self.maximumMissing else {
            giveUp()
            return
        }
        for step in 1..<distance {
            // A packet overtaken on the way often comes by itself within a few milliseconds.
            missing.append(Missing(number: newest.advanced(by: step), due: now + Self.reorderingTolerance))
        }
    }

    /// Drops the packets that were asked for too often without an answer.
    public mutating func handleTimeout(now: Instant) {
        if missing.contains(where: { $0.tries >= Self.maximumTries && $0.due <= now }) { giveUp() }
    }

    /// Forgets the stream: its source was restarted.
    public mutating func reset() {
        missing.removeAll(keepingCapacity: true)
        newest = nil
        needsKeyFrame = false
    }

    // MARK: Output

    /// The next packet to ask for at `now`, in ascending order, or `nil` once there is none left.
    public mutating func pollRequest(now: Instant) -> SequenceNumber? {
        let next = missing.firstIndex { $0.due <= now && $0.tries < Self.maximumTries }
        guard let index = next else { return nil }
        missing[index].tries += 1
        missing[index].asked = missing[index].asked ?? now
        missing[index].due = now + max(retryInterval, Self.shortestRetry)
        return missing[index].number
    }

    /// When to call ``handleTimeout(now:)`` next, or `nil` if nothing is pending.
    public func pollTimeout() -> Instant? {
        missing.lazy.map(\.due).min()
    }

    private mutating func handleAnswer(after elapsed: Interval) {
        guard let roundTrip else {
            self.roundTrip = elapsed
            return
        }
        self.roundTrip = roundTrip + (elapsed - roundTrip) / (elapsed < roundTrip ? 2 : 8)
    }

    private mutating func giveUp() {
        missing.removeAll(keepingCapacity: true)
        needsKeyFrame = true
    }

    /// Beyond this many gaps a key frame is cheaper than the retransmissions.
    private static let maximumMissing = 256
    private static let maximumTries = 10
    private static let shortestRetry = Interval.milliseconds(20)
    private static let reorderingTolerance = Interval.milliseconds(5)
}
