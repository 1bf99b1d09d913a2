public import Wire

/// How an agent is getting on with its peer.
public enum ICEState: Hashable, Sendable {
    /// Nothing has come from the peer yet.
    case new
    /// Checks are under way, at the beginning or after a restart that followed ``failed``.
    case checking
    /// A pair works.
    case connected
    /// Nothing has been heard for ``ICEConsent/disconnection``. The pair stays in use; it may come back.
    case disconnected
    /// Consent has expired or was never given. Only a restart leads out of here (RFC 7675 §5.1).
    case failed
}

/// How long an agent may go on sending after it last heard from its peer (RFC 7675 §5.1).
public enum ICEConsent {
    /// The mean time between two checks for consent; each is between 0.8 and 1.2 times as long.
    public static let interval = Interval.seconds(5)
    /// Just more than the longest interval between two checks, so that a peer that loses none stays
    /// connected.
    public static let disconnection = Interval.seconds(7)
    /// When consent expires.
    public static let expiry = Interval.seconds(30)
}
