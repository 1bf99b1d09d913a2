internal import COpenSSL

/// The identity that every ``DTLSSession`` of a worker shows: a fresh ECDSA P-256 key and a self-signed
/// certificate.
///
/// It lives as long as the process does and is never written down. Peers recognise it by its ``fingerprint``,
/// which signalling carries (RFC 8827 §6.5).
public final class DTLSCertificate: Sendable {
    /// SHA-256, for `a=fingerprint`.
    public let fingerprint: DTLSFingerprint

    /// The `SSL_CTX` for both roles.
    ///
    /// Nothing changes it after `init`, and OpenSSL counts its references atomically.
    nonisolated(unsafe) let context: OpaquePointer

    /// Makes the key and the certificate (about a millisecond).
    public init() throws(DTLSError) {
        guard let key = COpenSSL_EVP_EC_gen("P-256") else { throw .lastLibraryError() }
        defer { EVP_PKEY_free(key) }
        guard let certificate = X509_new() else { throw .lastLibraryError() }
        defer { X509_free(certificate) }

        guard
            Self.fill(certificate, key: key),
            let fingerprint = DTLSFingerprint(of: certificate, .sha256),
            let context = SSL_CTX_new(DTLS_method())
        else { throw .lastLibraryError() }

        // The context takes references of its own to both.
        guard
            SSL_CTX_use_certificate(context, certificate) == 1,
            SSL_CTX_use_PrivateKey(context, key) == 1,
            Self.configure(context)
        else {
            let error = DTLSError.lastLibraryError()
            SSL_CTX_free(context)
            throw error
        }
        self.fingerprint = fingerprint
        self.context = context
    }

    deinit {
        SSL_CTX_free(context)
    }

    /// Gives the certificate its contents and signs it.
    private static func fill(_ certificate: OpaquePointer, key: OpaquePointer) -> Bool {
        let name = X509_get_subject_name(certificate)
        // Peers look at the fingerprint only. The dates allow for clocks that are wrong and for long uptimes.
        return X509_set_version(certificate, 2) == 1  // X.509 v3
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), .random(in: 1...(.max >> 1))) == 1
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -day) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), 3_650 * day) != nil
            && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, "WebRTC", -1, -1, 0) == 1
            && X509_set_issuer_name(certificate, name) == 1
            && X509_set_pubkey(certificate, key) == 1
            && X509_sign(certificate, key, EVP_sha256()) > 0
    }

    private static func configure(_ context: OpaquePointer) -> Bool {
        SSL_CTX_set_options(context, COpenSSL_SSL_OP_ROOM)
        _ = COpenSSL_SSL_CTX_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        _ = COpenSSL_SSL_CTX_set_max_cert_list(context, DTLSFragment.longestMessage)
        // The buffer for a record to be sent, which lives as long as the handshake: no record exceeds a datagram.
        _ = COpenSSL_SSL_CTX_set_max_send_fragment(context, DTLSRecord.longestDatagram)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
        SSL_CTX_set_cert_verify_callback(context, DTLSEndpoint.verifyPeer, nil)
        // SSL_CTX_set_tlsext_use_srtp returns 0 on success.
        return COpenSSL_SSL_CTX_set_min_proto_version(context, Int(DTLS1_2_VERSION)) == 1
            && SSL_CTX_set_cipher_list(context, cipherSuites) == 1
            && COpenSSL_SSL_CTX_set1_groups_list(context, "X25519:P-256:P-384") == 1
            && COpenSSL_SSL_CTX_set1_sigalgs_list(context, DTLSSignature.names) == 1
            && SSL_CTX_set_tlsext_use_srtp(context, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80") == 0
    }

    private static let day = 86_400

    /// What WebRTC endpoints have in common (RFC 8827 §6.5), authenticated encryption only.
    ///
    /// As a server we choose an ECDSA suite for our key; the RSA suites are for a remote server whose
    /// certificate is RSA.
    private static let cipherSuites = [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-RSA-AES256-GCM-SHA384",
    ].joined(separator: ":")
}

extension DTLSError {
    /// The oldest entry of OpenSSL's error queue, which is left empty.
    static func lastLibraryError() -> Self {
        let code = ERR_get_error()
        ERR_clear_error()
        return .library(UInt(code))
    }
}
