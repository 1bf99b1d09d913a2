/// Master keys and salts for both directions, as the DTLS handshake yields them (RFC 5764 §4.2).
public struct SRTPKeyingMaterial: Hashable, Sendable {
    public var profile: SRTPProfile

    /// Protects what we send; ``SRTPProfile/keyLength`` bytes.
    public var localKey: [UInt8]

    /// ``SRTPProfile/saltLength`` bytes.
    public var localSalt: [UInt8]

    /// Protects what we receive; ``SRTPProfile/keyLength`` bytes.
    public var remoteKey: [UInt8]

    /// ``SRTPProfile/saltLength`` bytes.
    public var remoteSalt: [UInt8]

    public init(
        profile: SRTPProfile,
        localKey: [UInt8],
        localSalt: [UInt8],
        remoteKey: [UInt8],
        remoteSalt: [UInt8]
    ) {
        self.profile = profile
        self.localKey = localKey
        self.localSalt = localSalt
        self.remoteKey = remoteKey
        self.remoteSalt = remoteSalt
    }
}
