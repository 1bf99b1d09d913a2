public import Wire

/// Notes when the packets of a transport arrive and reports it to their sender
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
///
/// A packet that comes after the report that had to call it missing is told in the next one, which begins with it:
/// senders keep what was reported missing for that, and pass over what they have been told before.
public struct TransportFeedbackGenerator: Sendable {
    /// From ``base`` on; those before ``next`` have been reported, and are kept for ``memory``.
    private var arrivals: [Interval?] = []
    private var base: SequenceNumber?
    /// Into ``arrivals``: where the next report begins.
    private var next = 0
    /// Whether ``base`` is still the first packet that ever came, so that others may belong before it.
    private var isBeginning = true
    private var feedbackCount: UInt8 = 0
    private var due: Instant?

    public init() {}

    /// Takes note of the packet with transport-wide number `sequence`.
    public mutating func handle(_ sequence: SequenceNumber, now: Instant) {
        guard let base else {
            begin(sequence, now: now)
            return
        }
        var index = base.distance(to: sequence)
        if isBeginning, -Self.maximumOvertaken..<0 ~= index {
            // The very first packets have overtaken it.
            arrivals.insert(contentsOf: repeatElement(nil, count: -index), at: 0)
            self.base = sequence
            index = 0
        }
        // It took so long that its sender does not remember it either.
        guard !(-Self.maximumPending..<0 ~= index) else { return }
        // Far away: numbering began anew, or nothing came for long.
        guard 0..<Self.maximumPending ~= index else {
            arrivals.removeAll(keepingCapacity: true)
            begin(sequence, now: now)
            return
        }
        while arrivals.count <= index { arrivals.append(nil) }
        // One that comes twice arrived when it came first.
        guard arrivals[index] == nil else { return }
        arrivals[index] = Interval(nanoseconds: now.nanoseconds)
        next = min(next, index)
        if due == nil { due = now + Self.interval }
    }

    private mutating func begin(_ sequence: SequenceNumber, now: Instant) {
        base = sequence
        next = 0
        isBeginning = true
        arrivals.append(Interval(nanoseconds: now.nanoseconds))
        if due == nil { due = now + Self.interval }
    }

    /// When to call ``pollFeedback(from:about:now:into:)`` next.
    public func pollTimeout() -> Instant? { due }

    /// Appends a feedback message if one is due; call until it returns `false`.
    public mutating func pollFeedback(
        from sender: UInt32,
        about media: UInt32,
        now: Instant,
        into out: inout OutputRawSpan
    ) -> Bool {
        guard let due, now >= due, let base else { return false }
        let covered = TransportFeedback.write(
            arrivals.span.extracting(next...),
            base: base.advanced(by: next),
            feedbackCount: feedbackCount,
            from: sender,
            about: media,
            into: &out
        )
        guard covered > 0 else {
            self.due = nil
            return false
        }
        feedbackCount &+= 1
        next += covered
        // What one message could not cover goes out at once.
        if next == arrivals.count {
            self.due = nil
            forget(now: now)
        }
        return true
    }

    /// Forgets what came too long ago for anything from before it to be still on its way.
    private mutating func forget(now: Instant) {
        var old = 0
        for index in 0..<next {
            guard let arrival = arrivals[index] else { continue }
            guard now.nanoseconds - arrival.nanoseconds >= Self.memory.nanoseconds else { break }
            old = index + 1
        }
        guard old > 0 else { return }
        arrivals.removeFirst(old)
        base = base?.advanced(by: old)
        next -= old
        isBeginning = false
    }

    private static let interval = Interval.milliseconds(100)
    /// Longer than what one path does to the order of packets, and as long as browsers wait for them.
    private static let memory = Interval.milliseconds(500)
    private static let maximumPending = 4_000
    /// Packets that the first one to come may have overtaken.
    private static let maximumOvertaken = 64
}
