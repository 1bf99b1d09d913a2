/// How something is signed (RFC 7518 §3.1, RFC 8037 §3.1); the raw value is its name in a header.
package enum SignatureAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// EdDSA with Ed25519.
    case edDSA = "EdDSA"
    /// ECDSA with P-256 and SHA-256.
    case es256 = "ES256"
    /// HMAC with SHA-256 and a secret that both sides know.
    case hs256 = "HS256"

    /// Bytes of a signature.
    package var signatureLength: Int { self == .hs256 ? 32 : 64 }
}
