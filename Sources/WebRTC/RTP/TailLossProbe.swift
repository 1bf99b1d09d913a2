public import Wire

/// Finds out about a lost last packet, which no later packet would reveal.
///
/// A desktop that becomes still sends nothing after its last frame, so a receiver that misses the end of it
/// does not know that anything is missing, and shows an old picture for as long as nothing changes. When the
/// stream falls silent, the sender repeats its newest packet a few times, until the receiver reports that it
/// has it: a gap before it then shows, and is asked for. The idea is TCP's (RFC 8985 §7).
///
/// A path may be lost for longer than that, and a receiver that has not even begun reports nothing. So a
/// stream of which nothing has been acknowledged is started anew, ever more rarely, and at once when a report
/// shows that the receiver is there and lacks the newest packet.
public struct TailLossProbe: Sendable {
    /// What to do against the silence.
    public enum Probe: Hashable, Sendable {
        /// The newest packet once more.
        case repeatNewest
        /// A key frame.
        case startAnew
    }

    private var due: Instant?
    private var repeats = 0
    private var delay = Self.shortest
    /// Since the last acknowledgement.
    private var starts = 0

    public init() {}

    /// A packet of the stream was sent.
    public mutating func handleSent(roundTrip: Interval?, now: Instant) {
        repeats = 0
        delay = roundTrip.map { max(Self.shortest, $0 + $0 / 2) } ?? Self.shortest
        due = now + delay
    }

    /// The receiver has the newest packet.
    public mutating func handleAcknowledged() {
        due = nil
        repeats = 0
        starts = 0
    }

    /// The receiver reports, and lacks the newest packet.
    ///
    /// Returns ``Probe/startAnew`` if repeating that has not helped.
    public mutating func handleMissing() -> Probe? {
        guard repeats == Self.maximumRepeats else { return nil }
        due = nil
        return .startAnew
    }

    /// When ``pollProbe(now:)`` is next due.
    public func pollTimeout() -> Instant? { due }

    /// What to do now, if anything.
    public mutating func pollProbe(now: Instant) -> Probe? {
        guard let due, now >= due else { return nil }
        guard repeats < Self.maximumRepeats else {
            starts += 1
            self.due = nil
            return .startAnew
        }
        repeats += 1
        delay = delay * 2
        if repeats < Self.maximumRepeats {
            self.due = now + delay
        } else {
            self.due = starts < Self.maximumStarts ? now + Self.firstRestart * (1 << starts) : nil
        }
        return .repeatNewest
    }

    /// Longer than the pause between two frames at 30 a second, so that a moving picture costs no probe.
    private static let shortest = Interval.milliseconds(60)
    private static let maximumRepeats = 4
    /// How long to wait for a report, which receivers send about once a second, before the stream is started anew.
    ///
    /// Doubled with each start: 2, 4, 8 and 16 seconds.
    private static let firstRestart = Interval.seconds(2)
    private static let maximumStarts = 4
}
