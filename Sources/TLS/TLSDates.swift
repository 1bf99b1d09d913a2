internal import COpenSSL

/// From when to when a certificate is valid (RFC 5280 §4.1.2.5), in seconds since 1970.
package struct TLSDates: Hashable, Sendable {
    package let notBefore: Int64
    package let notAfter: Int64

    /// Of the first certificate in a PEM file.
    package init(ofFile path: String) throws(TLSError) {
        ERR_clear_error()
        guard let input = BIO_new_file(path, "r") else { throw .lastLibraryError() }
        defer { BIO_free(input) }
        guard let certificate = PEM_read_bio_X509(input, nil, nil, nil) else { throw .lastLibraryError() }
        defer { X509_free(certificate) }
        try self.init(certificate)
    }

    init(_ certificate: OpaquePointer) throws(TLSError) {
        guard let before = Self.seconds(X509_get0_notBefore(certificate)),
            let after = Self.seconds(X509_get0_notAfter(certificate))
        else { throw .lastLibraryError() }
        notBefore = before
        notAfter = after
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var days: CInt = 0
        var seconds: CInt = 0
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
