/// Why a ``DTLSSession`` failed.
public enum DTLSFailure: Error, Hashable, Sendable {
    /// The peer's certificate has none of the announced fingerprints (RFC 8122 §6.2).
    case fingerprintMismatch
    /// The peer offers none of the SRTP profiles that the room has, or no SRTP at all (RFC 5764 §4.1).
    case noSRTPProfile
    /// The peer gave up with this alert (RFC 5246 §7.2).
    case peerAlert(UInt8)
    /// A flight was repeated as often as is of any use, and nothing answered it.
    case timedOut
    /// The handshake broke the protocol; OpenSSL's error code.
    case protocolViolation(UInt)
}
