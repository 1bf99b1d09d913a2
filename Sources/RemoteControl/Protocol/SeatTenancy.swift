#if canImport(Wire)
public import Wire
#endif

/// Under whose lease the desk process carries events out, and when it lets go by itself.
///
/// The room releases what a holder leaves behind; this is for a room that does not: what is held is released
/// when an event comes under another lease, and when the room has said nothing for ``silenceLimit``, which it never
/// does while somebody drives (``DeskHold``). And what a holder holds is released when nothing has come of them for
/// ``holderLimit``: their page says what it holds four times a second (``ControlAction/held(_:)``), unless it is frozen, hidden or
/// cut off.
public struct SeatTenancy: Sendable {
    /// What to do with an event.
    public enum Admission: Hashable, Sendable {
        case carryOut
        /// Of a lease that has ended: drop it.
        case outdated
        /// Release everything first: the lease is another one.
        case releaseFirst
    }

    /// How long the room may be silent while something is held.
    public static let silenceLimit = Interval.seconds(5)

    /// How long the holder may be silent while something is held.
    public static let holderLimit = Interval.seconds(1)

    private var lease: LeaseID?
    private var lastHeard: Instant?
    private var lastEvent: Instant?

    public init() {}

    /// A message of the room has come.
    public mutating func handleMessage(now: Instant) { lastHeard = now }

    /// An event under `lease` has come.
    public mutating func admit(_ lease: LeaseID) -> Admission {
        guard let before = self.lease else {
            self.lease = lease
            return .carryOut
        }
        if lease < before { return .outdated }
        self.lease = lease
        return lease == before ? .carryOut : .releaseFirst
    }

    /// An event has been admitted.
    public mutating func handleEvent(now: Instant) { lastEvent = now }

    /// Whether the holder has been silent for too long, if something of theirs is held.
    public func isHolderSilent(now: Instant) -> Bool {
        lastEvent.map { $0 + Self.holderLimit <= now } ?? true
    }

    /// When ``isHolderSilent(now:)`` becomes true, unless an event comes.
    public var holderTimeout: Instant? { lastEvent.map { $0 + Self.holderLimit } }

    /// Whether the room has been silent for too long, if something is held; asks once.
    public mutating func handleTimeout(now: Instant) -> Bool {
        guard let lastHeard, lastHeard + Self.silenceLimit <= now else { return false }
        self.lastHeard = nil
        return true
    }

    /// When ``handleTimeout(now:)`` is next due, if something is held.
    public func pollTimeout() -> Instant? { lastHeard.map { $0 + Self.silenceLimit } }
}
