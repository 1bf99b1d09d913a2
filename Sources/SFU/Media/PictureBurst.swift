internal import Wire

/// Whether the rest of a picture is about to come, because its sender sends the packets of a picture at once.
///
/// What is sent together is one message to each viewer, and half of a picture is of no use to anybody. A sender that
/// spreads its packets out is not waited for: each picture tells whether the next one is.
struct PictureBurst {
    private var first: Instant?
    private var isBurst: Bool

    /// - Parameter isBurst: Whether the first picture is waited for.
    init(isBurst: Bool) { self.isBurst = isBurst }

    /// When the first packet of the picture came whose last one is about to; `nil`: nothing is worth waiting for.
    var began: Instant? { isBurst ? first : nil }

    /// Takes note of a packet of a picture.
    ///
    /// - Parameter isLast: Whether it has the marker bit.
    mutating func handle(isLast: Bool, now: Instant) {
        guard isLast else {
            first = first ?? now
            return
        }
        // A picture of one packet tells nothing.
        if let first { isBurst = now - first < Self.longest }
        first = nil
    }

    /// Longer than the packets of a picture take to be sent at once, and than any path's jitter is worth.
    static let longest = Interval.microseconds(500)
}
