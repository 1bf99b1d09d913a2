import COpenSSL
import WebRTC
import Wire

/// A DTLS endpoint made of OpenSSL's own parts only (memory BIOs, its own keys and exporter), to hold ours
/// against.
final class OpenSSLPeer {
    private let context: OpaquePointer
    private let session: OpaquePointer
    private let input: OpaquePointer
    private let output: OpaquePointer
    private(set) var isConnected = false

    /// - Parameters:
    ///   - profiles: OpenSSL's names, or `nil` for no `use_srtp`.
    ///   - isRSA: the kind of its certificate; `nil` for none.
    init?(role: DTLSRole, profiles: String?, ciphers: String = "ALL:@SECLEVEL=0", isRSA: Bool? = false) {
        guard
            let context = SSL_CTX_new(DTLS_method()),
            SSL_CTX_set_cipher_list(context, ciphers) == 1
        else { return nil }
        if let isRSA {
            guard Self.identify(context, isRSA: isRSA) else { return nil }
        }
        if let profiles, SSL_CTX_set_tlsext_use_srtp(context, profiles) != 0 { return nil }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER) { _, _ in 1 }
        guard
            let session = SSL_new(context),
            let input = BIO_new(BIO_s_mem()),
            let output = BIO_new(BIO_s_mem())
        else { return nil }
        BIO_ctrl(input, BIO_C_SET_BUF_MEM_EOF_RETURN, -1, nil)
        SSL_set_bio(session, input, output)
        SSL_set_options(session, 1 << 12)  // SSL_OP_NO_QUERY_MTU
        _ = COpenSSL_SSL_set_mtu(session, 1_200)
        role == .client ? SSL_set_connect_state(session) : SSL_set_accept_state(session)
        self.context = context
        self.session = session
        self.input = input
        self.output = output
    }

    deinit {
        SSL_free(session)
        SSL_CTX_free(context)
    }

    var fingerprint: DTLSFingerprint? {
        var bytes = [UInt8](repeating: 0, count: 64)
        var length: UInt32 = 0
        guard let certificate = SSL_get_certificate(session) else { return nil }
        X509_digest(certificate, EVP_sha512(), &bytes, &length)
        return DTLSFingerprint(algorithm: .sha512, bytes: bytes)
    }

    /// Goes on with the handshake and returns what is to be sent, one record each.
    func advance(_ datagram: [UInt8]?) -> [[UInt8]] {
        if let datagram { BIO_write(input, datagram, CInt(datagram.count)) }
        ERR_clear_error()
        isConnected = SSL_do_handshake(session) == 1
        return records()
    }

    func read(_ datagram: [UInt8]) -> [UInt8] {
        BIO_write(input, datagram, CInt(datagram.count))
        var buffer = [UInt8](repeating: 0, count: 2_000)
        let count = SSL_read(session, &buffer, CInt(buffer.count))
        return Array(buffer.prefix(Int(max(0, count))))
    }

    func write(_ bytes: [UInt8]) -> [[UInt8]] {
        SSL_write(session, bytes, CInt(bytes.count))
        return records()
    }

    func renegotiate() -> [[UInt8]] {
        SSL_renegotiate(session)
        SSL_do_handshake(session)
        return records()
    }

    /// The whole block of RFC 5764 §4.2.
    func exportedKeys(_ count: Int) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: count)
        SSL_export_keying_material(session, &block, count, "EXTRACTOR-dtls_srtp", 19, nil, 0, 0)
        return block
    }

    private func records() -> [[UInt8]] {
        var bytes = [UInt8](repeating: 0, count: Int(BIO_ctrl_pending(output)))
        BIO_read(output, &bytes, CInt(bytes.count))
        var records: [[UInt8]] = []
        while bytes.count >= 13 {
            let length = min(bytes.count, 13 + (Int(bytes[11]) << 8 | Int(bytes[12])))
            records.append(Array(bytes.prefix(length)))
            bytes.removeFirst(length)
        }
        return records
    }

    private static func identify(_ context: OpaquePointer, isRSA: Bool) -> Bool {
        guard let key = isRSA ? makeRSAKey() : COpenSSL_EVP_EC_gen("P-256"), let certificate = X509_new()
        else {
            return false
        }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        X509_set_version(certificate, 2)
        X509_gmtime_adj(X509_getm_notBefore(certificate), 0)
        X509_gmtime_adj(X509_getm_notAfter(certificate), 86_400)
        X509_set_pubkey(certificate, key)
        X509_sign(certificate, key, EVP_sha256())
        return SSL_CTX_use_certificate(context, certificate) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1
    }

    private static func makeRSAKey() -> OpaquePointer? {
        guard let generator = EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(generator) }
        var key: OpaquePointer?
        EVP_PKEY_keygen_init(generator)
        EVP_PKEY_CTX_set_rsa_keygen_bits(generator, 2_048)
        EVP_PKEY_generate(generator, &key)
        return key
    }
}
