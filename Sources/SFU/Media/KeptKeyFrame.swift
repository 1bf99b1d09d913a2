package import Wire

/// Where the newest key frame of a stream begins: it was sent to others, and serves those who come after them.
package struct KeptKeyFrame {
    private let timestamp: UInt32
    /// The number of its first packet.
    package private(set) var first: UInt16
    private let came: Instant
    /// Of the whole stream, before it.
    private let bytes: UInt64

    /// - Parameter bytes: Bytes of the whole stream until now.
    package init(_ header: RTPHeader, bytes: UInt64, now: Instant) {
        timestamp = header.timestamp
        first = header.sequenceNumber
        came = now
        self.bytes = bytes
    }

    /// How a packet that begins a key frame, or one of its layers or slices, relates to this one.
    package enum Relation { case earlier, part, later }

    /// Takes note of a packet that begins a key frame, or one of its layers or slices.
    ///
    /// Returns whose it is: one that was overtaken by this is of no use to anybody who comes now.
    package mutating func handle(_ header: RTPHeader) -> Relation {
        let isEarlier = SequenceNumber(first).isNewer(than: SequenceNumber(header.sequenceNumber))
        guard timestamp == header.timestamp else { return isEarlier ? .earlier : .later }
        if isEarlier { first = header.sequenceNumber }
        return .part
    }

    /// Whether it came just now, and what has come since is not too much to be sent at once.
    ///
    /// - Parameter bytes: Bytes of the whole stream until now.
    package func isRecent(bytes: UInt64, now: Instant) -> Bool {
        now - came <= Self.recent && bytes - self.bytes <= Self.largestBeginning
    }

    /// Those who come within a second, with their handshakes.
    private static let recent = Interval.milliseconds(1_250)
    /// Bytes: a second and more of a lively desk.
    private static let largestBeginning: UInt64 = 512 << 10
}
