internal import COpenSSL
internal import Wire

/// Owner of one OpenSSL `SSL` and of its ``DatagramBIO``.
///
/// A class because OpenSSL's callbacks point back to it.
final class DTLSEndpoint {
    /// What a call into OpenSSL came to.
    enum Outcome {
        case done
        case wantsDatagram
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
        DTLS_set_timer_cb(session, nextTimeout)
    }

    deinit {
        SSL_free(session)
    }

    func handshake(now: Instant) -> Outcome {
        call(now: now) { SSL_do_handshake(session) }
    }

    /// Decrypts one record to the front of `buffer`; `count` says how long it is if the outcome is `done`.
    func read(into buffer: UnsafeMutableRawBufferPointer, count: inout Int, now: Instant) -> Outcome {
        call(now: now) { SSL_read_ex(session, buffer.baseAddress, buffer.count, &count) }
    }

    /// Encrypts `bytes` into one record and one datagram of ``bio``.
    func write(_ bytes: RawSpan) throws(DTLSError) {
        ERR_clear_error()
        guard SSL_alloc_buffers(session) == 1 else { throw .lastLibraryError() }
        let count = bytes.withUnsafeBytes { SSL_write(session, $0.baseAddress, CInt($0.count)) }
        guard count == bytes.byteCount else { throw .lastLibraryError() }
    }

    /// Sends close_notify (RFC 5246 §7.2.1).
    func shutdown() {
        ERR_clear_error()
        if SSL_alloc_buffers(session) == 1 { SSL_shutdown(session) }
        ERR_clear_error()
    }

    /// Gives back the memory for one record each way, 19 KiB, which OpenSSL would keep for as long as the
    /// session.
    ///
    /// Reading makes it again by itself, everything else that writes asks for it. Nothing is given back that
    /// still holds something.
    func releaseBuffers() {
        SSL_free_buffers(session)
    }

    /// Repeats the last flight if its timer has expired.
    func handleTimeout(now: Instant) -> Outcome {
        guard bio.timer.takeExpired(now: now) else { return .done }
        return call(now: now) {
            // 0: not expired by OpenSSL's own clock, see `DTLSTimer`.
            SSL_alloc_buffers(session) == 1 && COpenSSL_DTLSv1_handle_timeout(session) >= 0 ? 1 : -1
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

    /// Calls into OpenSSL with an empty error queue, and leaves it empty.
    private func call(now: Instant, _ body: () -> CInt) -> Outcome {
        ERR_clear_error()
        let result = body()
        bio.timer.adopt(session, now: now)
        guard result <= 0 else { return .done }
        defer { ERR_clear_error() }
        return switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ: .wantsDatagram
        case SSL_ERROR_ZERO_RETURN: .closedByPeer
        default: .failed(verdict ?? failure(ERR_peek_error()))
        }
    }

    private func failure(_ code: UInt) -> DTLSFailure {
        let reason = ERR_GET_REASON(code)
        if reason == SSL_R_READ_TIMEOUT_EXPIRED { return .timedOut }
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

private func nextTimeout(_ session: OpaquePointer?, _ previous: UInt32) -> UInt32 {
    owner(of: session)?.bio.timer.nextTimeout(after: previous) ?? previous
}
