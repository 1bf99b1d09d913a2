internal import COpenSSL

/// Owner of one OpenSSL `SSL` and of its ``DatagramBIO``, for one handshake.
///
/// OpenSSL gives up for good over the first message that does not fit, so it is given only what cannot be
/// anybody's but the peer's, or what it can be made anew for (``DTLSHandshake``). Its own timer never expires:
/// from version to version it is kept in another place, and always on the machine's clock.
///
/// A class because OpenSSL's callbacks point back to it.
final class DTLSEndpoint {
    /// What a call into OpenSSL came to.
    enum Outcome {
        case done
        case wantsRecord
        case closedByPeer
        case failed(DTLSFailure)
    }

    let bio = DatagramBIO()

    private let session: OpaquePointer
    private let remoteFingerprints: [DTLSFingerprint]
    private var verdict: DTLSFailure?
    private(set) var isPeerVerified = false

    init(
        certificate: DTLSCertificate,
        role: DTLSRole,
        remoteFingerprints: [DTLSFingerprint],
        mtu: Int
    ) throws(DTLSError) {
        ERR_clear_error()
        // The session takes a reference to the context of its own.
        guard let session = SSL_new(certificate.context) else { throw .lastLibraryError() }
        guard let bio = bio.makeBIO() else {
            SSL_free(session)
            throw .lastLibraryError()
        }
        self.session = session
        self.remoteFingerprints = remoteFingerprints
        // Transfers the BIO to the session, for both directions.
        SSL_set_bio(session, bio, bio)
        switch role {
        case .client: SSL_set_connect_state(session)
        case .server: SSL_set_accept_state(session)
        }
        guard
            COpenSSL_SSL_set_mtu(session, mtu) == mtu,
            COpenSSL_SSL_set_app_data(session, Unmanaged.passUnretained(self).toOpaque()) == 1
        else { throw .lastLibraryError() }
        // Microseconds; longer than any handshake.
        DTLS_set_timer_cb(session) { _, _ in 3_600_000_000 }
    }

    deinit {
        SSL_free(session)
    }

    /// Goes on with the handshake, with one record if there is one, and an empty error queue, which it leaves
    /// empty.
    func handshake(_ record: [UInt8]? = nil) -> Outcome {
        bio.input = record
        defer { bio.input = nil }
        ERR_clear_error()
        defer { ERR_clear_error() }
        let result = SSL_do_handshake(session)
        guard result <= 0 else { return .done }
        return switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: .wantsRecord
        case SSL_ERROR_ZERO_RETURN: .closedByPeer
        default: .failed(verdict ?? failure(ERR_peek_error()))
        }
    }

    /// The random number of the client's hello (RFC 5246 §7.4.1.2).
    var clientRandom: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        SSL_get_client_random(session, &bytes, bytes.count)
        return bytes
    }

    /// The record layer of `role`, once both shares of the keys are known; `nil` before, and without memory.
    func recordProtection(role: DTLSRole) -> DTLSRecordProtection? {
        guard
            let cipher = SSL_get_current_cipher(session),
            let suite = DTLSCipher.Suite(cipher: SSL_CIPHER_get_cipher_nid(cipher)),
            let digest = EVP_MD_get0_name(SSL_CIPHER_get_handshake_digest(cipher)),
            let established = SSL_get_session(session)
        else { return nil }
        var secret = [UInt8](repeating: 0, count: Int(SSL_MAX_MASTER_KEY_LENGTH))
        defer { OPENSSL_cleanse(&secret, secret.count) }
        guard SSL_SESSION_get_master_key(established, &secret, secret.count) == secret.count else {
            return nil
        }
        var serverRandom = [UInt8](repeating: 0, count: 32)
        SSL_get_server_random(session, &serverRandom, serverRandom.count)
        // The other way round than for the master secret (RFC 5246 §6.3).
        var seed = Array("key expansion".utf8) + serverRandom + clientRandom
        var block = [UInt8](repeating: 0, count: DTLSRecordProtection.keyBlockLength(of: suite))
        defer { OPENSSL_cleanse(&block, block.count) }
        guard Self.expand(&secret, &seed, String(cString: digest), into: &block) else { return nil }
        return try? DTLSRecordProtection(suite, role: role, keyBlock: block)
    }

    /// The pseudorandom function of TLS 1.2 (RFC 5246 §5).
    private static func expand(
        _ secret: inout [UInt8],
        _ seed: inout [UInt8],
        _ digest: String,
        into block: inout [UInt8]
    ) -> Bool {
        let function = EVP_KDF_fetch(nil, OSSL_KDF_NAME_TLS1_PRF, nil)
        let context = EVP_KDF_CTX_new(function)
        // The context keeps its own reference.
        EVP_KDF_free(function)
        defer {
            EVP_KDF_CTX_free(context)
            ERR_clear_error()
        }
        guard let context else { return false }
        var name = digest.utf8CString
        return name.withUnsafeMutableBufferPointer { name in
            secret.withUnsafeMutableBytes { secret in
                seed.withUnsafeMutableBytes { seed in
                    let parameters = [
                        COpenSSL_OSSL_KDF_digest(name.baseAddress),
                        COpenSSL_OSSL_KDF_secret(secret.baseAddress, secret.count),
                        COpenSSL_OSSL_KDF_seed(seed.baseAddress, seed.count),
                        OSSL_PARAM_construct_end(),
                    ]
                    return EVP_KDF_derive(context, &block, block.count, parameters) == 1
                }
            }
        }
    }

    /// The keys for SRTP; `nil` if no profile was negotiated.
    ///
    /// ```
    /// client_write_SRTP_master_key · server_write_SRTP_master_key · client_write_SRTP_master_salt · server_…_salt
    /// ```
    /// RFC 5764 §4.2
    func keyingMaterial(role: DTLSRole) -> SRTPKeyingMaterial? {
        guard let profile = negotiatedProfile else { return nil }
        let label = "EXTRACTOR-dtls_srtp"
        var block = [UInt8](repeating: 0, count: 2 * (profile.keyLength + profile.saltLength))
        defer { OPENSSL_cleanse(&block, block.count) }
        ERR_clear_error()
        guard
            SSL_export_keying_material(session, &block, block.count, label, label.utf8.count, nil, 0, 0) == 1
        else { return nil }

        let keys = block.prefix(2 * profile.keyLength), salts = block.dropFirst(2 * profile.keyLength)
        let client = (
            key: Array(keys.prefix(profile.keyLength)), salt: Array(salts.prefix(profile.saltLength))
        )
        let server = (
            key: Array(keys.suffix(profile.keyLength)), salt: Array(salts.suffix(profile.saltLength))
        )
        let (local, remote) = role == .client ? (client, server) : (server, client)
        return SRTPKeyingMaterial(
            profile: profile,
            localKey: local.key,
            localSalt: local.salt,
            remoteKey: remote.key,
            remoteSalt: remote.salt
        )
    }

    private var negotiatedProfile: SRTPProfile? {
        guard let selected = SSL_get_selected_srtp_profile(session) else { return nil }
        return switch selected.pointee.id {
        case UInt(SRTP_AEAD_AES_128_GCM): .aeadAES128GCM
        case UInt(SRTP_AES128_CM_SHA1_80): .aesCM128HMACSHA1_80
        default: nil
        }
    }

    private func failure(_ code: UInt) -> DTLSFailure {
        let reason = ERR_GET_REASON(code)
        guard let alert = UInt8(exactly: reason - SSL_AD_REASON_OFFSET) else {
            return .protocolViolation(code)
        }
        return .peerAlert(alert)
    }
}

// MARK: - C callbacks

extension DTLSEndpoint {
    /// Checks the peer's certificate in place of a chain of trust (`SSL_CTX_set_cert_verify_callback`).
    ///
    /// By now the hello messages have been exchanged, so that a missing SRTP profile can be answered with an
    /// alert, too.
    static let verifyPeer: @convention(c) (OpaquePointer?, UnsafeMutableRawPointer?) -> CInt = { store, _ in
        guard
            let session = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
            let endpoint = owner(of: OpaquePointer(session)),
            let certificate = X509_STORE_CTX_get0_cert(store)
        else { return 0 }
        guard endpoint.negotiatedProfile != nil else {
            endpoint.verdict = .noSRTPProfile
            X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION)  // handshake_failure
            return 0
        }
        guard
            endpoint.remoteFingerprints.contains(where: {
                DTLSFingerprint(of: certificate, $0.algorithm) == $0
            })
        else {
            endpoint.verdict = .fingerprintMismatch
            X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED)  // bad_certificate
            return 0
        }
        endpoint.isPeerVerified = true
        X509_STORE_CTX_set_error(store, X509_V_OK)
        return 1
    }
}

private func owner(of session: OpaquePointer?) -> DTLSEndpoint? {
    // The endpoint set itself as the data of its session, which it frees when it goes.
    COpenSSL_SSL_get_app_data(session).map { Unmanaged<DTLSEndpoint>.fromOpaque($0).takeUnretainedValue() }
}
