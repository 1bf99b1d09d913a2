public import WebRTC
public import Wire

/// What a ``Participant`` is made with: what signalling has told both sides.
public struct ParticipantConfiguration: Sendable {
    public var certificate: DTLSCertificate
    /// The role that the participant takes; browsers that answer take the client's.
    public var role = DTLSRole.client
    /// Whether the participant is ICE-lite (RFC 8445 §2.5), toward a peer that is the controlling side.
    public var isICELite = false
    public var local: ICECredentials
    public var remote: ICECredentials
    /// The room's candidate.
    public var remoteAddress: SocketAddress
    public var remoteFingerprints: [DTLSFingerprint]
    public var hasDataChannels = true
    /// One media packet of so many is decrypted and looked into; 1: all.
    ///
    /// Of the others only the header is read, which costs a load generator next to nothing.
    public var decryptionInterval = 1
    /// Makes everything repeatable but the keys of DTLS.
    public var seed: UInt64

    /// - Parameter local: `nil`: of `seed`'s making.
    public init(
        certificate: DTLSCertificate,
        local: ICECredentials? = nil,
        remote: ICECredentials,
        remoteAddress: SocketAddress,
        remoteFingerprints: [DTLSFingerprint],
        seed: UInt64
    ) {
        self.certificate = certificate
        var random = RandomSource(seed: ~seed)
        self.local = local ?? .random(using: &random)
        self.remote = remote
        self.remoteAddress = remoteAddress
        self.remoteFingerprints = remoteFingerprints
        self.seed = seed
    }
}
