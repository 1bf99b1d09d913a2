internal import Wire

/// The parts of a protected RTCP compound packet that stay readable (RFC 7714 §9.2).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|   RC    |  Packet type  |            length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) of sender             |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |                encrypted reports, then GCM's tag              |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |E|                         SRTCP index                         |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// ```
struct SRTCPPacketHeader {
    var ssrc: UInt32
    /// The last four bytes: under GCM the E flag and the SRTCP index.
    ///
    /// HMAC-SHA1's tag comes after those two.
    var lastWord: UInt32

    /// Of the readable part at the front, in bytes.
    static let length = 8
    /// The E flag: the packet is encrypted.
    static let encryptedFlag: UInt32 = 0x8000_0000
    /// The SRTCP index has 31 bits.
    static let highestIndex: UInt32 = 0x7fff_ffff

    /// `nil` unless `packet` begins with a complete header of version 2.
    init?(parsing packet: RawSpan) {
        guard let word = packet.bigEndian(UInt32.self, at: 0), word >> 30 == 2,
            let ssrc = packet.bigEndian(UInt32.self, at: 4),
            let lastWord = packet.bigEndian(UInt32.self, at: packet.byteCount - 4)
        else { return nil }
        self.ssrc = ssrc
        self.lastWord = lastWord
    }
}
