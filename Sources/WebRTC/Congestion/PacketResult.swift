public import Wire

/// What became of one sent packet, as the receiver's transport-wide feedback tells it
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01).
public struct PacketResult: Hashable, Sendable {
    public var sent: Instant
    /// When the receiver got it, on the receiver's clock, whose zero is unknown; `nil` if it was lost.
    public var arrival: Interval?
    /// Bytes on the wire, from the UDP payload's first byte on.
    public var size: Int
    /// The probe the packet was part of.
    public var probe: Int?
    /// The stream that the packet belonged to, 0 if that was not recorded, and its number there.
    public var ssrc: UInt32
    public var rtpSequence: UInt16
    /// Whether it was reported lost before: it has come later than that report.
    public var wasMissing: Bool

    public init(
        sent: Instant,
        arrival: Interval?,
        size: Int,
        probe: Int? = nil,
        ssrc: UInt32 = 0,
        rtpSequence: UInt16 = 0,
        wasMissing: Bool = false
    ) {
        self.wasMissing = wasMissing
        self.ssrc = ssrc
        self.rtpSequence = rtpSequence
        self.sent = sent
        self.arrival = arrival
        self.size = size
        self.probe = probe
    }
}
