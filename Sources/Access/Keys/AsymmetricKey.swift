internal import COpenSSL

/// A public key of ECDSA P-256 or Ed25519, perhaps with the private one that belongs to it.
package final class AsymmetricKey: Sendable {
    /// ``SignatureAlgorithm/es256`` or ``SignatureAlgorithm/edDSA``.
    package let algorithm: SignatureAlgorithm
    /// Whether it can sign.
    package let isPrivate: Bool
    /// The `EVP_PKEY`, whose reference is ours.
    ///
    /// Nothing changes it after `init`, and OpenSSL locks what it computes from it on first use.
    nonisolated(unsafe) private let key: OpaquePointer

    /// Takes over a reference to an `EVP_PKEY`, which it also releases where it throws.
    init(owning key: OpaquePointer, isPrivate: Bool) throws(UnusableKey) {
        guard let algorithm = Self.algorithm(of: key) else {
            EVP_PKEY_free(key)
            throw UnusableKey("a key is of P-256 (for ES256) or Ed25519 (for EdDSA), and this is neither")
        }
        self.key = key
        self.algorithm = algorithm
        self.isPrivate = isPrivate
    }

    deinit {
        EVP_PKEY_free(key)
    }

    /// Makes a private key.
    package static func generate(
        _ algorithm: SignatureAlgorithm = .edDSA
    ) throws(UnusableKey) -> AsymmetricKey {
        let made =
            switch algorithm {
            // Any 32 bytes are a private key of Ed25519 (RFC 8032 §5.1.5).
            case .edDSA: EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, RandomBytes.make(32), 32)
            case .es256: COpenSSL_EVP_EC_gen("P-256")
            case .hs256: nil as OpaquePointer?
            }
        guard let made else { throw UnusableKey("OpenSSL makes no key of this kind") }
        return try AsymmetricKey(owning: made, isPrivate: true)
    }

    /// Whether `signature` was made of `content` with the private key.
    package func isValid(_ signature: [UInt8], of content: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard
            signature.count == algorithm.signatureLength,
            let form = algorithm == .es256 ? ECDSASignature.der(of: signature) : signature,
            let context = EVP_MD_CTX_new()
        else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, digest, nil, key) == 1
            && EVP_DigestVerify(context, form, form.count, content, content.count) == 1
    }

    /// The signature of `content`, in JWS's form (RFC 7518 §3.4, RFC 8037 §3.1).
    package func sign(_ content: [UInt8]) throws(UnusableKey) -> [UInt8] {
        guard isPrivate else { throw UnusableKey("a public key cannot sign") }
        defer { ERR_clear_error() }
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        // More than either kind has in DER.
        var form = [UInt8](repeating: 0, count: 80)
        var count = form.count
        guard
            EVP_DigestSignInit(context, nil, digest, nil, key) == 1,
            EVP_DigestSign(context, &form, &count, content, content.count) == 1,
            let signature = algorithm == .es256
                ? ECDSASignature.fixed(der: form[..<count]) : Array(form[..<count])
        else { throw UnusableKey("OpenSSL could not sign with this key") }
        return signature
    }

    /// The public key in PEM, as whoever checks signatures needs it.
    package var publicPEM: String {
        guard let output = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(output) }
        guard PEM_write_bio_PUBKEY(output, key) == 1 else { return "" }
        var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(output)))
        let count = BIO_read(output, &bytes, CInt(bytes.count))
        return String(decoding: bytes.prefix(Int(max(0, count))), as: UTF8.self)
    }

    /// Ed25519 hashes by itself.
    private var digest: OpaquePointer? { algorithm == .es256 ? EVP_sha256() : nil }

    private static func algorithm(of key: OpaquePointer) -> SignatureAlgorithm? {
        switch EVP_PKEY_get_base_id(key) {
        case EVP_PKEY_ED25519: return .edDSA
        case EVP_PKEY_EC:
            var name = [CChar](repeating: 0, count: 32)
            guard
                EVP_PKEY_get_group_name(key, &name, name.count, nil) == 1,
                strcmp(name, SN_X9_62_prime256v1) == 0
            else { return nil }
            return .es256
        default: return nil
        }
    }
}
