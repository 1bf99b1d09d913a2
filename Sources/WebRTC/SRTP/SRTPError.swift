/// Why a packet was neither protected nor accepted.
public enum SRTPError: Error, Hashable, Sendable {
    /// The packet index has reached its end: new keys must be negotiated (RFC 3711 §9.2).
    case keyExhausted
    /// The bytes are not a packet of this protocol, or a key has the wrong length.
    case malformed
    /// There is not enough free capacity for the packet and its trailer.
    case noRoom
    /// The authentication tag is wrong: the packet was forged, damaged, or belongs to other keys.
    case notAuthentic
    /// The packet was accepted before, or is too old to tell (RFC 3711 §3.3.2).
    case replayed
    /// The peer uses more synchronization sources than are tracked.
    case tooManyStreams
    /// OpenSSL or libsrtp refused for another reason; `status` is libsrtp's, or 0.
    case failed(status: UInt32)
}
