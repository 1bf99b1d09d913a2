internal import COpenSSL

/// What a token is checked by, and perhaps signed with: it alone says by which algorithm.
package struct TokenKey: Sendable {
    /// Its name in a token's header (`kid`, RFC 7515 §4.1.4).
    package let id: String?
    package let algorithm: SignatureAlgorithm
    private let material: Material

    private enum Material {
        case pair(AsymmetricKey)
        case secret([UInt8])
    }

    /// A secret for HS256.
    ///
    /// - Parameter secret: At least ``shortestSecret`` bytes (RFC 7518 §3.2), and no public key: whoever knew that could
    ///   sign tokens with it.
    package init(secret: [UInt8], id: String? = nil) throws(UnusableKey) {
        guard secret.count >= Self.shortestSecret else {
            throw UnusableKey(
                "a secret for tokens has at least \(Self.shortestSecret) characters (openssl rand -hex 32 makes one)"
            )
        }
        guard !Self.isPublic(secret) else {
            throw UnusableKey(
                "this is a public key, which everybody may know, and no secret; name its file instead"
            )
        }
        self.id = id
        algorithm = .hs256
        material = .secret(secret)
    }

    package init(_ key: AsymmetricKey, id: String? = nil) {
        self.id = id
        algorithm = key.algorithm
        material = .pair(key)
    }

    /// Whether it can sign, too.
    package var canSign: Bool {
        switch material {
        case .pair(let key): key.isPrivate
        case .secret: true
        }
    }

    /// Whether `signature` was made of `content` with this key; the time that it takes tells nothing about a secret.
    func isValid(_ signature: [UInt8], of content: [UInt8]) -> Bool {
        switch material {
        case .pair(let key): return key.isValid(signature, of: content)
        case .secret(let secret):
            let code = Self.code(of: content, secret)
            return code.count == signature.count && CRYPTO_memcmp(code, signature, code.count) == 0
        }
    }

    package func sign(_ content: [UInt8]) throws(UnusableKey) -> [UInt8] {
        switch material {
        case .pair(let key): return try key.sign(content)
        case .secret(let secret):
            let code = Self.code(of: content, secret)
            guard !code.isEmpty else { throw UnusableKey("OpenSSL could not sign with this key") }
            return code
        }
    }

    /// HMAC-SHA-256 (`EVP_Q_mac`); empty, which no signature is, if OpenSSL refuses.
    private static func code(of content: [UInt8], _ secret: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: SignatureAlgorithm.hs256.signatureLength)
        var count = 0
        let made = EVP_Q_mac(
            nil,
            "HMAC",
            nil,
            "SHA256",
            nil,
            secret,
            secret.count,
            content,
            content.count,
            &code,
            code.count,
            &count
        )
        return made != nil && count == code.count ? code : []
    }

    /// Whether a public key, or a certificate, was taken for a secret: in PEM, as a JSON Web Key, or in DER.
    private static func isPublic(_ secret: [UInt8]) -> Bool {
        let text = String(decoding: secret, as: UTF8.self)
        if text.contains("-----BEGIN") || text.contains("\"kty\"") { return true }
        defer { ERR_clear_error() }
        let key = AsymmetricKey.parse(secret, isPrivate: false)
        let certificate = secret.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        return key != nil || certificate != nil
    }

    /// Bytes.
    package static let shortestSecret = 32
}
