/// Where a ``DTLSSession`` stands; the words are those of the W3C's `RTCDtlsTransportState`.
public enum DTLSState: Hashable, Sendable {
    /// ``DTLSSession/start(now:to:into:)`` has not been called.
    case new
    case connecting
    /// The peer has proven that it owns the certificate that signalling announced.
    case connected
    /// The handshake or the connection broke; final.
    case failed
    /// One of the two sides said goodbye; final.
    case closed
}
