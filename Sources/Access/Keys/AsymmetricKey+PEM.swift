internal import COpenSSL

extension AsymmetricKey {
    /// The keys of a PEM file (RFC 7468), in their order.
    ///
    /// - Throws: ``UnusableKey`` for a block that is no key of the two kinds, and if there is none.
    package static func all(pem bytes: [UInt8]) throws(UnusableKey) -> [AsymmetricKey] {
        defer { ERR_clear_error() }
        var keys: [AsymmetricKey] = []
        guard let input = BIO_new_mem_buf(bytes, CInt(clamping: bytes.count)) else { return [] }
        defer { BIO_free(input) }
        while let (label, der) = nextBlock(of: input) {
            switch label {
            case "PUBLIC KEY": keys.append(try AsymmetricKey(der, isPrivate: false))
            case "PRIVATE KEY", "EC PRIVATE KEY": keys.append(try AsymmetricKey(der, isPrivate: true))
            // OpenSSL writes the name of the curve before a key.
            case "EC PARAMETERS": break
            case "CERTIFICATE":
                throw UnusableKey(
                    "a certificate is not taken: write its public key (openssl x509 -pubkey -noout)"
                )
            case "ENCRYPTED PRIVATE KEY":
                throw UnusableKey(
                    "a private key that needs a passphrase is not taken: nobody is there to type it"
                )
            default:
                throw UnusableKey(
                    "a block is no key of P-256 or Ed25519: a public key begins with BEGIN PUBLIC KEY"
                )
            }
            guard keys.count <= TokenKeys.most else {
                throw UnusableKey("there are more than \(TokenKeys.most) keys")
            }
        }
        guard !keys.isEmpty else {
            throw UnusableKey("there is no key in it: a public key begins with BEGIN PUBLIC KEY")
        }
        return keys
    }

    private convenience init(_ der: [UInt8], isPrivate: Bool) throws(UnusableKey) {
        guard let key = Self.parse(der, isPrivate: isPrivate) else {
            throw UnusableKey("a key in it is damaged")
        }
        try self.init(owning: key, isPrivate: isPrivate)
    }

    /// Reads an `EVP_PKEY` in DER, which the caller owns then.
    static func parse(_ der: [UInt8], isPrivate: Bool) -> OpaquePointer? {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return isPrivate
                ? d2i_AutoPrivateKey(nil, &start, bytes.count) : d2i_PUBKEY(nil, &start, bytes.count)
        }
    }

    /// The next block's label and contents; headers of old forms are passed over.
    private static func nextBlock(of input: OpaquePointer) -> (label: String, der: [UInt8])? {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var data: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard PEM_read_bio(input, &name, &header, &data, &count) == 1, let name, let data else { return nil }
        defer {
            CRYPTO_free(name, #file, #line)
            CRYPTO_free(header, #file, #line)
            CRYPTO_free(data, #file, #line)
        }
        return (String(cString: name), Array(UnsafeBufferPointer(start: data, count: count)))
    }
}
