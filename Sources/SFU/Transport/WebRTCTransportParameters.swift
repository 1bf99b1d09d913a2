public import WebRTC

/// What the remote side must be told to reach a WebRTC transport.
public struct WebRTCTransportParameters: Sendable {
    public var id: TransportID
    public var iceCredentials: ICECredentials
    public var candidates: [ICECandidate]
    public var fingerprint: DTLSFingerprint
    public var sctp: SCTPParameters

    package init(
        id: TransportID,
        iceCredentials: ICECredentials,
        candidates: [ICECandidate],
        fingerprint: DTLSFingerprint,
        sctp: SCTPParameters = SCTPParameters()
    ) {
        self.id = id
        self.iceCredentials = iceCredentials
        self.candidates = candidates
        self.fingerprint = fingerprint
        self.sctp = sctp
    }
}

/// What the remote side says of its DTLS (RFC 8122, RFC 8842).
public struct DTLSParameters: Hashable, Sendable {
    /// The role that the remote side takes; this side takes the other.
    ///
    /// `a=setup:active` is the client.
    public var role: DTLSRole
    /// One of them must be its certificate's.
    public var fingerprints: [DTLSFingerprint]

    public init(role: DTLSRole, fingerprints: [DTLSFingerprint]) {
        self.role = role
        self.fingerprints = fingerprints
    }
}

/// SCTP over DTLS as one side takes it (RFC 8841).
public struct SCTPParameters: Hashable, Sendable {
    public var port: UInt16
    /// Bytes; larger messages are refused.
    public var maximumMessageSize: Int

    public init(port: UInt16 = 5_000, maximumMessageSize: Int = 262_144) {
        self.port = port
        self.maximumMessageSize = maximumMessageSize
    }
}
