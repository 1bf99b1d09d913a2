internal import Wire

/// Whose a packet may be that has come from an unknown address, judged by what stands outside the encryption.
///
/// Both functions return by how many packets its number is ahead of, or behind, the newest authentic one of
/// its source, and `nil` if it cannot be one of a source that is followed here: a replay, or too far off. The
/// less it is, the likelier the packet is this peer's; only decryption tells for certain.
extension SRTPReceiver {
    package mutating func leadOfRTP(_ packet: RawSpan) -> UInt64? {
        guard let header = SRTPPacketHeader(parsing: packet) else { return nil }
        guard !usesLibSRTP else { return leadInLibSRTP(of: header.ssrc) }
        guard let position = rtpStreams.position(of: header.ssrc) else { return nil }
        let highest = SRTPPacketIndex(rawValue: rtpStreams[position].highest)
        guard let index = highest.estimate(header.sequenceNumber) else { return nil }
        return rtpStreams[position].lead(of: index.rawValue)
    }

    package mutating func leadOfRTCP(_ packet: RawSpan) -> UInt64? {
        guard let header = SRTCPPacketHeader(parsing: packet) else { return nil }
        guard !usesLibSRTP else { return leadInLibSRTP(of: header.ssrc) }
        guard let position = rtcpStreams.position(of: header.ssrc) else { return nil }
        return rtcpStreams[position].lead(of: UInt64(header.lastWord & SRTCPPacketHeader.highestIndex))
    }

    private var usesLibSRTP: Bool {
        switch transform {
        case .gcm: false
        case .libSRTP: true
        }
    }

    /// The library keeps its windows to itself.
    private mutating func leadInLibSRTP(of ssrc: UInt32) -> UInt64? {
        libSRTPStreams.position(of: ssrc) == nil ? nil : ReplayWindow.size
    }
}

extension ReplayWindow {
    fileprivate func lead(of index: UInt64) -> UInt64? {
        guard !refuses(index) else { return nil }
        let lead = index > highest ? index - highest : highest - index
        return lead <= Self.size ? lead : nil
    }
}
