internal import WebRTC
package import Wire

/// What one consumer may send again, and under which numbers (RFC 4588).
///
/// No receiver can make the Worker send more than about twice the stream: what is sent once adds to what may be sent
/// again, and what is asked for again within a round trip was sent already.
package struct Retransmitter: Sendable {
    private var history = RetransmissionHistory()
    private var nextSequence: UInt16
    /// Bytes that may be sent again now.
    private var budget = largestBudget

    /// - Parameter firstSequence: Of the retransmission stream.
    package init(firstSequence: UInt16) { nextSequence = firstSequence }

    /// Whether anything may be sent again.
    package var hasBudget: Bool { budget > 0 }

    /// The number of the next packet of the retransmission stream.
    package mutating func takeSequence() -> UInt16 {
        defer { nextSequence &+= 1 }
        return nextSequence
    }

    /// So many bytes of payload were sent for the first time.
    @inline(__always)
    package mutating func handleSent(_ bytes: Int) { budget = min(budget + bytes, Self.largestBudget) }

    /// So many bytes of payload were sent again.
    package mutating func handleResent(_ bytes: Int) { budget -= bytes }

    /// Whether a packet may be sent again now; if so, takes note that it is.
    ///
    /// - Parameter roundTrip: Until then the receiver cannot have got the last repetition; zero: only takes note.
    package mutating func allows(_ sequence: UInt16, roundTrip: Interval, now: Instant) -> Bool {
        history.allows(sequence, roundTrip: roundTrip, now: now)
    }

    /// How often a packet has been sent again.
    package func count(_ sequence: UInt16) -> Int { history.count(sequence) }

    /// A repetition has arrived.
    package mutating func handleDelivered(_ sequence: UInt16) { history.handleDelivered(sequence) }
    package func isDelivered(_ sequence: UInt16) -> Bool { history.isDelivered(sequence) }

    /// Bytes: a large key frame, lost as a whole.
    package static let largestBudget = 512 << 10
}
