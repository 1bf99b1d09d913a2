internal import COpenSSL
internal import Glibc

extension TLSContext {
    /// From when to when the certificate is valid, in seconds since 1970 (RFC 5280 §4.1.2.5); `nil` if there is none.
    package var validity: ClosedRange<Int64>? {
        withExtendedLifetime(self) {
            guard let certificate = SSL_CTX_get0_certificate(context),
                let start = Self.seconds(X509_get0_notBefore(certificate)),
                let end = Self.seconds(X509_get0_notAfter(certificate)), start <= end
            else { return nil }
            return start...end
        }
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Int64(timegm(&parts))
    }
}
