public import Wire

/// Notes when the packets of a transport arrive and reports it to their sender
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
public struct TransportFeedbackGenerator: Sendable {
    private var arrivals: [Interval?] = []
    private var base: SequenceNumber?
    private var feedbackCount: UInt8 = 0
    private var due: Instant?

    public init() {}

    /// Takes note of the packet with transport-wide number `sequence`.
    public mutating func handle(_ sequence: SequenceNumber, now: Instant) {
        if due == nil { due = now + Self.interval }
        guard let base else {
            self.base = sequence
            arrivals.append(Interval(nanoseconds: now.nanoseconds))
            return
        }
        let index = base.distance(to: sequence)
        // From before the last report: its sender has been told it was lost, and has moved on.
        guard !(-Self.maximumPending..<0 ~= index) else { return }
        // Far away: numbering began anew, or nothing came for long.
        guard 0..<Self.maximumPending ~= index else {
            arrivals.removeAll(keepingCapacity: true)
            self.base = sequence
            arrivals.append(Interval(nanoseconds: now.nanoseconds))
            return
        }
        while arrivals.count <= index { arrivals.append(nil) }
        arrivals[index] = Interval(nanoseconds: now.nanoseconds)
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
            arrivals.span,
            base: base,
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
        arrivals.removeFirst(covered)
        self.base = base.advanced(by: covered)
        // What one message could not cover goes out at once.
        if arrivals.isEmpty { self.due = nil }
        return true
    }

    private static let interval = Interval.milliseconds(100)
    private static let maximumPending = 4_000
}
