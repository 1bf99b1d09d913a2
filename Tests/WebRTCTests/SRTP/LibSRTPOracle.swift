import CSRTP
import WebRTC

/// One direction of libsrtp, the implementation that browsers use, to compare with.
final class LibSRTPOracle {
    private let session: srtp_t

    /// - Parameter inbound: Whether it unprotects what `material`'s local side sends; otherwise it protects
    ///   for it.
    init?(_ material: SRTPKeyingMaterial, inbound: Bool) {
        // Initialises libsrtp, once for the process.
        guard (try? SRTPReceiver(SRTPPackets.material(.aesCM128HMACSHA1_80))) != nil else { return nil }
        var policy = srtp_policy_t()
        policy.ssrc.type = inbound ? ssrc_any_inbound : ssrc_any_outbound
        policy.window_size = 1_024
        policy.allow_repeat_tx = 1
        switch material.profile {
        case .aeadAES128GCM:
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp)
            srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp)
        case .aesCM128HMACSHA1_80:
            CSRTP_set_aes_cm_128_hmac_sha1_80(&policy.rtp)
            CSRTP_set_aes_cm_128_hmac_sha1_80(&policy.rtcp)
        }
        var key = inbound ? material.localKey + material.localSalt : material.remoteKey + material.remoteSalt
        var session: srtp_t?
        let status = key.withUnsafeMutableBufferPointer { bytes in
            policy.key = bytes.baseAddress
            return srtp_create(&session, &policy)
        }
        guard status == srtp_err_status_ok, let session else { return nil }
        self.session = session
    }

    deinit {
        srtp_dealloc(session)
    }

    func protectRTP(_ packet: [UInt8]) -> [UInt8]? { run(packet, srtp_protect) }
    func protectRTCP(_ packet: [UInt8]) -> [UInt8]? { run(packet, srtp_protect_rtcp) }
    func unprotectRTP(_ packet: [UInt8]) -> [UInt8]? { run(packet, srtp_unprotect) }
    func unprotectRTCP(_ packet: [UInt8]) -> [UInt8]? { run(packet, srtp_unprotect_rtcp) }

    private func run(
        _ packet: [UInt8],
        _ operation: (srtp_t?, UnsafeMutableRawPointer?, UnsafeMutablePointer<CInt>?) -> srtp_err_status_t
    ) -> [UInt8]? {
        var bytes = packet + [UInt8](repeating: 0, count: Int(SRTP_MAX_TRAILER_LEN) + 4)
        var length = CInt(packet.count)
        let status = bytes.withUnsafeMutableBytes { operation(session, $0.baseAddress, &length) }
        return status == srtp_err_status_ok ? [UInt8](bytes[..<Int(length)]) : nil
    }
}
