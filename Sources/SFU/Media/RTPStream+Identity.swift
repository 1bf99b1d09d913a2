internal import Wire

/// By which SSRCs an encoding is known.
extension RTPStream {
    /// Whether a packet of this SSRC belongs here, in the stream or as its retransmission.
    func owns(_ ssrc: UInt32) -> Bool { self.ssrc == ssrc || rtxSSRC == ssrc }

    /// Whether the packet may be the first of this stream, or of its retransmission stream, whose SSRC was
    /// not announced.
    func canLearn(_ header: RTPHeader) -> Bool {
        guard let payload = format.payload(header.payloadType) else { return false }
        return payload.codec == .rtx ? ssrc != nil && rtxSSRC == nil : ssrc == nil
    }

    /// The packet is of this stream, its header extensions say.
    func learn(_ header: RTPHeader) {
        if format.payload(header.payloadType)?.codec == .rtx {
            rtxSSRC = header.ssrc
        } else {
            ssrc = header.ssrc
        }
    }

    /// The packet says that its SSRC is this encoding's from now on: a sender that stops an encoding and
    /// starts it again may choose another one (RFC 8852 §3).
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
