/// What protocol a datagram on the room's port belongs to, told from its first bytes (RFC 7983 §7, RFC 5761
/// §4).
public enum PacketKind: Hashable, Sendable {
    case dtls
    case rtcp
    case rtp
    case stun

    /// Classifies `datagram`; `nil` if it is none of ours.
    ///
    /// RTP and RTCP share the first byte; packet types 192…223 are RTCP, which no RTP payload type collides
    /// with.
    @inlinable
    public init?(of datagram: RawSpan) {
        guard let first = datagram.bigEndian(UInt8.self, at: 0) else { return nil }
        switch first {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 128...191:
            guard let second = datagram.bigEndian(UInt8.self, at: 1) else { return nil }
            self = 192...223 ~= second ? .rtcp : .rtp
        default: return nil
        }
    }
}
