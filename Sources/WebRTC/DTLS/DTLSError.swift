/// Why a call to the DTLS layer was refused.
public enum DTLSError: Error, Hashable, Sendable {
    /// No remote fingerprint was given; without one nobody can be recognised (RFC 8827 §6.5).
    case noFingerprint
    /// Application data can be sent in ``DTLSState/connected`` only.
    case notConnected
    /// The application data does not fit into one datagram.
    case tooLarge
    /// OpenSSL refused; its error code.
    case library(UInt)
}
