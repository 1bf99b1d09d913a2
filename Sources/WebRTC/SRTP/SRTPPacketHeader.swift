internal import Wire

/// The parts of an RTP packet that stay readable when it is encrypted, as far as SRTP needs them.
///
/// `RTPHeader` cannot be used here: it reads the padding, which is still ciphertext.
struct SRTPPacketHeader {
    var ssrc: UInt32
    var sequenceNumber: UInt16
    /// With CSRCs and the header extension block, in bytes.
    var length: Int

    /// `nil` unless `packet` begins with a complete header of version 2.
    init?(parsing packet: RawSpan) {
        guard let word = packet.bigEndian(UInt32.self, at: 0), word >> 30 == 2,
            let ssrc = packet.bigEndian(UInt32.self, at: 8)
        else { return nil }
        var length = 12 + 4 * Int(word >> 24 & 0xf)
        if word & 0x1000_0000 != 0 {
            guard let words = packet.bigEndian(UInt16.self, at: length + 2) else { return nil }
            length += 4 + 4 * Int(words)
        }
        guard length <= packet.byteCount else { return nil }
        self.ssrc = ssrc
        sequenceNumber = UInt16(truncatingIfNeeded: word)
        self.length = length
    }
}
