internal import Wire

/// By which SSRCs an encoding is known.
extension RTPStream {
    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    func owns(_ ssrc: UInt32) -> Bool { self.ssrc == ssrc || rtxSSRC == ssrc }

    /// The packet says that its SSRC is this encoding's from now on: it is the first, or a sender that stops a
    /// stream and starts it again has chosen another one (RFC 8843 §9.2, RFC 8852 §3).
    ///
    /// Returns whether it is believed.
    func adopt(_ header: RTPHeader) -> Bool {
        guard let payload = format.payload(header.payloadType) else { return false }
        if payload.codec == .rtx {
            rtxSSRC = header.ssrc
            return true
        }
        // What the former one had still on its way must not turn back the clock.
        guard header.ssrc != formerSSRC else { return false }
        if ssrc != nil {
            formerSSRC = ssrc
            expectRestart()
        }
        ssrc = header.ssrc
        return true
    }
}
