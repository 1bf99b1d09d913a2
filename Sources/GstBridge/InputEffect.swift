public import Wire

/// How somebody's input showed in the desk's pictures, in instants of the monotonic clock, each no earlier than the one before.
public struct InputEffect: Hashable, Sendable {
    /// What whoever told of the input calls it.
    public var input: UInt64
    /// When the X server was given it.
    public var injected: Instant
    /// When something on the screen was first seen to have changed after that: what the application took.
    public var changed: Instant
    /// The date of the picture that has the change, which its RTP timestamp is made of.
    public var captured: Instant
    /// When that picture had been read and converted.
    public var read: Instant
    /// When its last packet went to the room.
    public var sent: Instant

    package init(
        input: UInt64,
        injected: Instant,
        changed: Instant,
        captured: Instant,
        read: Instant,
        sent: Instant
    ) {
        self.input = input
        self.injected = injected
        self.changed = changed
        self.captured = captured
        self.read = read
        self.sent = sent
    }
}

/// Follows one input at a time to the picture that shows it.
///
/// What the first change after an input has to do with it nobody can know: on a screen where something moves all the time the figure is
/// that of whatever moved. An input that changes nothing makes way for the next.
package struct InputTrace: Sendable {
    private var input: UInt64 = 0
    private var injected: Instant?
    private var changed: Instant?
    private var captured: (date: Instant, read: Instant)?

    package init() {}

    /// The X server was given an input; while one before it is under way, nothing is done.
    package mutating func handleInput(_ input: UInt64, at now: Instant) {
        if let injected, now - injected < (changed == nil ? Self.longestWait : Self.longestWay) { return }
        self = InputTrace()
        self.input = input
        injected = now
    }

    /// Something on the screen has changed.
    package mutating func handleChange(at now: Instant) {
        guard let injected, changed == nil, now >= injected else { return }
        if now - injected > Self.longestWait { self = InputTrace() } else { changed = now }
    }

    /// A picture that was begun at `date` has been read.
    package mutating func handleCapture(_ date: Instant, readBy now: Instant) {
        guard let changed, captured == nil, date >= changed else { return }
        captured = (date, now)
    }

    /// A picture of this date has gone to the room; returns what is known of the input, if it is the first that shows it.
    package mutating func handleSent(_ date: Instant, at now: Instant) -> InputEffect? {
        guard let injected, let changed, let captured, date >= captured.date else { return nil }
        defer { self = InputTrace() }
        // The encoder may have been given a later one in its place.
        return InputEffect(
            input: input,
            injected: injected,
            changed: changed,
            captured: date,
            read: max(captured.read, date),
            sent: max(now, captured.read, date)
        )
    }

    /// A change that comes later was not made by the input.
    private static let longestWait = Interval.milliseconds(500)
    /// From the input to the picture, after which another input is followed.
    private static let longestWay = Interval.seconds(2)
}
