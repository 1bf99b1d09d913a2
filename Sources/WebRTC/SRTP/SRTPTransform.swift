/// The cryptography of one direction, for the profile that was negotiated.
enum SRTPTransform: ~Copyable {
    case gcm(GCMKeys)
    case libSRTP(LibSRTPSession)

    /// The session keys of one direction (RFC 3711 §4.3).
    struct GCMKeys: ~Copyable {
        let rtp: AESGCM
        let rtcp: AESGCM
    }

    init(_ material: SRTPKeyingMaterial, _ direction: CipherDirection) throws(SRTPError) {
        let key = direction == .open ? material.remoteKey : material.localKey
        let salt = direction == .open ? material.remoteSalt : material.localSalt
        switch material.profile {
        case .aeadAES128GCM:
            guard salt.count == 12 else { throw .malformed }
            let derivation = try SRTPKeyDerivation(masterKey: key, masterSalt: salt)
            let rtp = try AESGCM(
                direction,
                key: derivation.derive(.rtpEncryption, count: 16),
                salt: derivation.derive(.rtpSalt, count: 12)
            )
            let rtcp = try AESGCM(
                direction,
                key: derivation.derive(.rtcpEncryption, count: 16),
                salt: derivation.derive(.rtcpSalt, count: 12)
            )
            self = .gcm(GCMKeys(rtp: rtp, rtcp: rtcp))
        case .aesCM128HMACSHA1_80:
            self = .libSRTP(try LibSRTPSession(direction, key: key, salt: salt))
        }
    }
}
