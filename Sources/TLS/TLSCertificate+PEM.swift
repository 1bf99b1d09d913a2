internal import COpenSSL

/// How a certificate that was made here is kept, and whether it still is what would be made.
extension TLSCertificate {
    /// Reads what ``pem`` has written.
    package convenience init(pem bytes: [UInt8]) throws(TLSError) {
        ERR_clear_error()
        guard let input = BIO_new_mem_buf(bytes, CInt(clamping: bytes.count)) else {
            throw .lastLibraryError()
        }
        defer { BIO_free(input) }
        // Nobody is there to ask for a passphrase.
        guard let key = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil) else {
            throw .lastLibraryError()
        }
        guard let certificate = PEM_read_bio_X509(input, nil, nil, nil) else {
            EVP_PKEY_free(key)
            throw .lastLibraryError()
        }
        guard X509_check_private_key(certificate, key) == 1 else {
            let error = TLSError.lastLibraryError()
            X509_free(certificate)
            EVP_PKEY_free(key)
            throw error
        }
        self.init(certificate: certificate, key: key)
    }

    /// The key and the certificate, a PEM block each; empty if there is no memory.
    package var pem: [UInt8] {
        guard let output = BIO_new(BIO_s_mem()) else { return [] }
        defer { BIO_free(output) }
        let isWritten = withExtendedLifetime(self) {
            PEM_write_bio_PrivateKey(output, key, nil, nil, 0, nil, nil) == 1
                && PEM_write_bio_X509(output, certificate) == 1
        }
        guard isWritten else { return [] }
        var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(output))
        let count = BIO_read(output, &bytes, CInt(clamping: bytes.count))
        return Array(bytes.prefix(Int(max(0, count))))
    }

    package var dates: TLSDates? {
        try? withExtendedLifetime(self) { () throws(TLSError) in try TLSDates(certificate) }
    }

    /// Whether it is valid for these names, in this order, and no others.
    package func names(_ names: [TLSName]) -> Bool {
        withExtendedLifetime(self) {
            let index = X509_get_ext_by_NID(certificate, NID_subject_alt_name, -1)
            guard index >= 0, let value = X509_EXTENSION_get_data(X509_get_ext(certificate, index)) else {
                return false
            }
            let bytes = UnsafeBufferPointer(
                start: ASN1_STRING_get0_data(value),
                count: Int(ASN1_STRING_length(value))
            )
            return Array(bytes) == Self.encoded(names)
        }
    }

    /// The value of the extension in DER.
    private static func encoded(_ names: [TLSName]) -> [UInt8]? {
        guard let list = generalNames(names) else { return nil }
        defer { GENERAL_NAMES_free(list) }
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = Int(i2d_GENERAL_NAMES(list, &bytes))
        guard count > 0, let bytes else { return nil }
        defer { CRYPTO_free(bytes, #file, #line) }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }
}
