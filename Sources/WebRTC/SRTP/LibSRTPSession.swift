internal import CSRTP

/// One direction of an AES_CM_128_HMAC_SHA1_80 association, backed by a libsrtp session (RFC 3711).
///
/// libsrtp protects in place only, keeps a stream for each SSRC itself, and, in Debian's build, allocates a
/// few times for each packet.
struct LibSRTPSession: ~Copyable {
    /// Length of the authentication tag, in bytes (RFC 3711 §4.2.1).
    static let tagLength = 10

    private let session: srtp_t

    /// - Parameters:
    ///   - key: 16 bytes.
    ///   - salt: 14 bytes.
    init(_ direction: CipherDirection, key: [UInt8], salt: [UInt8]) throws(SRTPError) {
        guard key.count == 16, salt.count == 14 else { throw .malformed }
        try Self.check(Self.libraryStatus)

        var policy = srtp_policy_t()
        policy.ssrc.type = direction == .open ? ssrc_any_inbound : ssrc_any_outbound
        CSRTP_set_aes_cm_128_hmac_sha1_80(&policy.rtp)
        CSRTP_set_aes_cm_128_hmac_sha1_80(&policy.rtcp)
        switch direction {
        case .open:
            policy.window_size = UInt(ReplayWindow.size)
        case .seal:
            // A packet that the peer asks for again goes out with the same number and payload; it may be
            // older than what a receiver would still accept.
            policy.window_size = 4 * UInt(ReplayWindow.size)
            policy.allow_repeat_tx = 1
        }
        var session: srtp_t?
        var keyAndSalt = key + salt
        let status = keyAndSalt.withUnsafeMutableBufferPointer { bytes in
            // libsrtp copies the key within this call.
            policy.key = bytes.baseAddress
            return srtp_create(&session, &policy)
        }
        try Self.check(status)
        // `srtp_create` sets the session whenever it succeeds.
        guard let session else { throw .failed(status: 0) }
        self.session = session
    }

    deinit {
        srtp_dealloc(session)
    }

    /// Protects the last `length` bytes of `out`, an RTP packet.
    func protectRTP(last length: Int, of out: inout OutputRawSpan) throws(SRTPError) {
        try protect(last: length, of: &out, trailer: Self.tagLength) { srtp_protect($0, $1, &$2) }
    }

    /// Protects the last `length` bytes of `out`, an RTCP compound packet.
    func protectRTCP(last length: Int, of out: inout OutputRawSpan) throws(SRTPError) {
        try protect(last: length, of: &out, trailer: Self.tagLength + 4) { srtp_protect_rtcp($0, $1, &$2) }
    }

    /// Decrypts an RTP packet in place and returns its length.
    func unprotectRTP(_ packet: inout MutableRawSpan) throws(SRTPError) -> Int {
        try unprotect(&packet) { srtp_unprotect($0, $1, &$2) }
    }

    /// Decrypts an RTCP compound packet in place and returns its length.
    func unprotectRTCP(_ packet: inout MutableRawSpan) throws(SRTPError) -> Int {
        try unprotect(&packet) { srtp_unprotect_rtcp($0, $1, &$2) }
    }

    private typealias Operation = (srtp_t, UnsafeMutableRawPointer, inout CInt) -> srtp_err_status_t

    private func protect(
        last length: Int,
        of out: inout OutputRawSpan,
        trailer: Int,
        by operation: Operation
    ) throws(SRTPError) {
        guard out.byteCount >= length, out.freeCapacity >= trailer else { throw .noRoom }
        try out.withUnsafeMutableBytes { buffer, count throws(SRTPError) in
            guard let base = buffer.baseAddress else { throw .noRoom }
            var protected = CInt(length)
            try Self.check(operation(session, base + (count - length), &protected))
            count += Int(protected) - length
        }
    }

    private func unprotect(_ packet: inout MutableRawSpan, by operation: Operation) throws(SRTPError) -> Int {
        try packet.withUnsafeMutableBytes { buffer throws(SRTPError) in
            guard let base = buffer.baseAddress else { throw .malformed }
            var length = CInt(buffer.count)
            try Self.check(operation(session, base, &length))
            return Int(length)
        }
    }

    /// Splits libsrtp's single status enum into success and the errors that a caller tells apart.
    private static func check(_ status: srtp_err_status_t) throws(SRTPError) {
        switch status {
        case srtp_err_status_ok: return
        case srtp_err_status_auth_fail: throw .notAuthentic
        case srtp_err_status_replay_fail, srtp_err_status_replay_old: throw .replayed
        case srtp_err_status_bad_param, srtp_err_status_parse_err, srtp_err_status_cant_check:
            throw .malformed
        case srtp_err_status_key_expired: throw .keyExhausted
        default: throw .failed(status: status.rawValue)
        }
    }

    /// libsrtp wants `srtp_init` once per process, before any other call; a `static let` runs once.
    private static let libraryStatus = srtp_init()
}
