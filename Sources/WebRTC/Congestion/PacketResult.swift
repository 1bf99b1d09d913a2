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

    public init(sent: Instant, arrival: Interval?, size: Int, probe: Int? = nil) {
        self.sent = sent
        self.arrival = arrival
        self.size = size
        self.probe = probe
    }
}
