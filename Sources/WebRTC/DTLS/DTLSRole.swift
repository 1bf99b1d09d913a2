/// Which side of the DTLS handshake an endpoint plays, as `a=setup` decides it (RFC 5763 §5, RFC 8842 §5).
public enum DTLSRole: Hashable, Sendable {
    /// Sends the first flight; `a=setup:active`.
    case client
    /// Waits for it; `a=setup:passive`.
    case server
}
