internal import COpenSSL

extension AsymmetricKey {
    /// Reads a JSON Web Key of the kinds `EC` with `P-256` (RFC 7518 §6.2) and `OKP` with `Ed25519` (RFC 8037 §2).
    package convenience init(jwk: JSONObject) throws(UnusableKey) {
        let key =
            switch (jwk["kty"]?.text, jwk["crv"]?.text) {
            case ("EC", "P-256"): try Self.p256(jwk)
            case ("OKP", "Ed25519"): try Self.ed25519(jwk)
            case ("oct", _):
                throw UnusableKey("a secret is no public key, and has no place in a file of them")
            default: throw UnusableKey("its “kty” and “crv” are neither EC and P-256 nor OKP and Ed25519")
            }
        try self.init(owning: key, isPrivate: jwk["d"] != nil)
    }

    /// An `EVP_PKEY`, owned by the caller.
    private static func p256(_ jwk: JSONObject) throws(UnusableKey) -> OpaquePointer {
        let point = [4] + (try coordinate("x", of: jwk)) + (try coordinate("y", of: jwk))
        guard jwk["d"] != nil else {
            // OpenSSL refuses a point that is not on the curve.
            guard let key = parse(publicPrefix + point, isPrivate: false) else {
                throw UnusableKey("its “x” and “y” are no point of P-256")
            }
            return key
        }
        let der = privatePrefix + (try coordinate("d", of: jwk)) + privateMiddle + point
        guard let key = parse(der, isPrivate: true) else {
            throw UnusableKey("it is no private key of P-256")
        }
        let context = EVP_PKEY_CTX_new(key, nil)
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_pairwise_check(context) == 1 else {
            EVP_PKEY_free(key)
            throw UnusableKey("its “d” belongs to another “x” and “y”")
        }
        return key
    }

    /// An `EVP_PKEY`, owned by the caller.
    private static func ed25519(_ jwk: JSONObject) throws(UnusableKey) -> OpaquePointer {
        let x = try coordinate("x", of: jwk)
        guard let open = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, x, x.count) else {
            throw UnusableKey("its “x” is no public key of Ed25519")
        }
        guard jwk["d"] != nil else { return open }
        defer { EVP_PKEY_free(open) }
        let d = try coordinate("d", of: jwk)
        guard let key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, d, d.count) else {
            throw UnusableKey("its “d” is no private key of Ed25519")
        }
        guard EVP_PKEY_eq(key, open) == 1 else {
            EVP_PKEY_free(key)
            throw UnusableKey("its “d” belongs to another “x”")
        }
        return key
    }

    /// 32 bytes, as both curves have them.
    private static func coordinate(_ name: String, of jwk: JSONObject) throws(UnusableKey) -> [UInt8] {
        guard let bytes = jwk[name]?.text.flatMap({ Base64URL.decode($0) }), bytes.count == 32 else {
            throw UnusableKey("its “\(name)” is not 32 bytes in base64url")
        }
        return bytes
    }

    /// `SubjectPublicKeyInfo` of P-256 (RFC 5480 §2) before its point.
    private static let publicPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86,
        0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]
    /// `PrivateKeyInfo` with `ECPrivateKey` of P-256 (RFC 5208 §5, RFC 5915 §3) before its number.
    private static let privatePrefix: [UInt8] = [
        0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06,
        0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x6d, 0x30, 0x6b, 0x02, 0x01, 0x01, 0x04,
        0x20,
    ]
    /// The same between its number and its point.
    private static let privateMiddle: [UInt8] = [0xa1, 0x44, 0x03, 0x42, 0x00]
}
