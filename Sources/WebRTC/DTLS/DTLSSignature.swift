internal import COpenSSL

/// The signatures that a handshake is proven by, and their numbers (RFC 8446 §4.2.3, as DTLS 1.2 uses them,
/// too).
enum DTLSSignature {
    /// What we say that we take, in OpenSSL's words; the same as ``isValid(_:scheme:of:by:)`` knows.
    static let names = [
        "ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512", "ed25519",
        "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512",
        "rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512",
    ].joined(separator: ":")

    /// Whether `signature` is that of `content` by the owner of the certificate `der`.
    static func isValid(
        _ signature: ArraySlice<UInt8>,
        scheme: UInt16,
        of content: [UInt8],
        by der: ArraySlice<UInt8>
    ) -> Bool {
        defer { ERR_clear_error() }
        guard let key = key(of: der), let context = EVP_MD_CTX_new() else { return false }
        defer {
            EVP_PKEY_free(key)
            EVP_MD_CTX_free(context)
        }
        let kind = EVP_PKEY_get_base_id(key)
        var parameters: OpaquePointer?
        switch scheme {
        case 0x0403, 0x0503, 0x0603:
            guard kind == EVP_PKEY_EC, EVP_PKEY_get_bits(key) <= 521 else { return false }
            guard EVP_DigestVerifyInit(context, &parameters, digest(scheme), nil, key) == 1 else {
                return false
            }
        case 0x0401, 0x0501, 0x0601, 0x0804, 0x0805, 0x0806:
            // A longer key would take milliseconds, for anybody who asks.
            guard kind == EVP_PKEY_RSA, 2_048...4_096 ~= EVP_PKEY_get_bits(key) else { return false }
            guard EVP_DigestVerifyInit(context, &parameters, digest(scheme), nil, key) == 1 else {
                return false
            }
            if scheme >> 8 == 8 {
                guard
                    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
                else { return false }
            }
        case 0x0807:
            guard kind == EVP_PKEY_ED25519 else { return false }
            guard EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
        default:
            return false
        }
        return signature.withUnsafeBufferPointer { bytes in
            EVP_DigestVerify(context, bytes.baseAddress, bytes.count, content, content.count) == 1
        }
    }

    /// The public key of a certificate, owned by the caller.
    private static func key(of der: ArraySlice<UInt8>) -> OpaquePointer? {
        let certificate = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        defer { X509_free(certificate) }
        return certificate.flatMap { X509_get_pubkey($0) }
    }

    private static func digest(_ scheme: UInt16) -> OpaquePointer? {
        switch scheme {
        case 0x0401, 0x0403, 0x0804: EVP_sha256()
        case 0x0501, 0x0503, 0x0805: EVP_sha384()
        default: EVP_sha512()
        }
    }
}
