/// A protection profile for SRTP that the room offers in the DTLS handshake (RFC 5764 §4.1.2, RFC 7714
/// §14.2).
public enum SRTPProfile: Hashable, Sendable {
    /// `SRTP_AEAD_AES_128_GCM`, 16-byte tag; preferred.
    case aeadAES128GCM
    // swift-format-ignore: AlwaysUseLowerCamelCase
    /// `SRTP_AES128_CM_HMAC_SHA1_80`, 10-byte tag; the profile that every WebRTC endpoint has.
    case aesCM128HMACSHA1_80

    /// Bytes of a master key.
    public var keyLength: Int { 16 }

    /// Bytes of a master salt.
    public var saltLength: Int {
        switch self {
        case .aeadAES128GCM: 12
        case .aesCM128HMACSHA1_80: 14
        }
    }
}
