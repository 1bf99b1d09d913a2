internal import COpenSSL

/// What a certificate is valid for (RFC 5280 §4.2.1.6).
package enum TLSName: Hashable, Sendable {
    /// A host's name in ASCII; those of other scripts in their `xn--` form.
    case host(String)
    /// An address in network order: 4 bytes, or 16.
    case address([UInt8])
}

/// A fresh ECDSA P-256 key, and a certificate for it that it has signed itself.
///
/// Whoever makes it may keep it (``pem``) for the next start.
package final class TLSCertificate {
    /// `X509` and `EVP_PKEY`, whose references are ours.
    let certificate, key: OpaquePointer

    /// Makes both (about a millisecond).
    ///
    /// It is valid from yesterday, for clocks that are wrong, for a year.
    package convenience init(for names: [TLSName]) throws(TLSError) {
        guard let key = COpenSSL_EVP_EC_gen("P-256") else { throw .lastLibraryError() }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            throw .lastLibraryError()
        }
        guard Self.fill(certificate, key: key, names: names) else {
            let error = TLSError.lastLibraryError()
            X509_free(certificate)
            EVP_PKEY_free(key)
            throw error
        }
        self.init(certificate: certificate, key: key)
    }

    /// Takes both over.
    init(certificate: OpaquePointer, key: OpaquePointer) {
        self.certificate = certificate
        self.key = key
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// The certificate in DER.
    package var der: [UInt8] {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = Int(withExtendedLifetime(self) { i2d_X509(certificate, &bytes) })
        guard count > 0, let bytes else { return [] }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private static func fill(_ certificate: OpaquePointer, key: OpaquePointer, names: [TLSName]) -> Bool {
        let subject = X509_get_subject_name(certificate)
        return X509_set_version(certificate, 2) == 1  // X.509 v3
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), .random(in: 1...(.max >> 1))) == 1
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), 365 * day) != nil
            && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, "deskroom", -1, -1, 0) == 1
            && X509_set_issuer_name(certificate, subject) == 1
            && X509_set_pubkey(certificate, key) == 1
            && add(NID_basic_constraints, "critical,CA:FALSE", to: certificate)
            && add(NID_ext_key_usage, "serverAuth", to: certificate)
            && add(names, to: certificate)
            && X509_sign(certificate, key, EVP_sha256()) > 0
    }

    /// Adds an extension from the words that OpenSSL's configuration files have for it.
    private static func add(_ kind: CInt, _ words: String, to certificate: OpaquePointer) -> Bool {
        guard let made = X509V3_EXT_nconf_nid(nil, nil, kind, words) else { return false }
        defer { X509_EXTENSION_free(made) }
        return X509_add_ext(certificate, made, -1) == 1
    }

    /// Value by value and not in words, in which a comma would begin another name.
    private static func add(_ names: [TLSName], to certificate: OpaquePointer) -> Bool {
        guard let list = generalNames(names) else { return false }
        defer { GENERAL_NAMES_free(list) }
        return X509_add1_ext_i2d(certificate, NID_subject_alt_name, UnsafeMutableRawPointer(list), 0, 0) == 1
    }

    /// A list that the caller frees.
    static func generalNames(_ names: [TLSName]) -> OpaquePointer? {
        guard let list = GENERAL_NAMES_new() else { return nil }
        for name in names {
            let (type, kind, bytes) =
                switch name {
                case .host(let name): (GEN_DNS, V_ASN1_IA5STRING, Array(name.utf8))
                case .address(let bytes): (GEN_IPADD, V_ASN1_OCTET_STRING, bytes)
                }
            guard let entry = generalName(type, kind, bytes) else {
                GENERAL_NAMES_free(list)
                return nil
            }
            guard OPENSSL_sk_push(list, entry) > 0 else {
                GENERAL_NAME_free(entry)
                GENERAL_NAMES_free(list)
                return nil
            }
        }
        return list
    }

    private static func generalName(
        _ type: CInt,
        _ kind: CInt,
        _ bytes: [UInt8]
    ) -> UnsafeMutablePointer<GENERAL_NAME>? {
        guard let value = ASN1_STRING_type_new(kind) else { return nil }
        guard ASN1_STRING_set(value, bytes, CInt(bytes.count)) == 1, let entry = GENERAL_NAME_new() else {
            ASN1_STRING_free(value)
            return nil
        }
        GENERAL_NAME_set0_value(entry, type, value)
        return entry
    }

    /// Seconds.
    private static let day = 86_400
}
