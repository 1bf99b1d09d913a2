/// An RTCP sender report and the CNAME that must go with it (RFC 3550 §6.4.1, §6.5.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|  RC=0   |   PT=SR=200   |           length = 6          |
/// |                             SSRC                              |
/// |              NTP timestamp, most significant word             |
/// |             NTP timestamp, least significant word             |
/// |                         RTP timestamp                         |
/// |                     sender's packet count                     |
/// |                      sender's octet count                     |
/// |V=2|P|  SC=1   |  PT=SDES=202  |           length = 3          |
/// |                             SSRC                              |
/// |    CNAME=1    |   length = 4  |      'd'      |      'e'      |
/// |      's'      |      'k'      |   null octets end the chunk   |
/// ```
package struct SenderReport: Hashable, Sendable {
    package var ssrc: UInt32
    /// Nanoseconds since 1970.
    package var wallClock: UInt64
    /// The same instant on the stream's RTP clock.
    package var rtpTimestamp: UInt32
    package var packetCount: UInt32
    /// Payload bytes: neither headers nor padding.
    package var octetCount: UInt32

    package init(
        ssrc: UInt32,
        wallClock: UInt64,
        rtpTimestamp: UInt32,
        packetCount: UInt32,
        octetCount: UInt32
    ) {
        self.ssrc = ssrc
        self.wallClock = wallClock
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
    }

    package var bytes: [UInt8] {
        let (seconds, nanoseconds) = wallClock.quotientAndRemainder(dividingBy: 1_000_000_000)
        let words: [UInt32] = [
            0x80c8_0006,
            ssrc,
            UInt32(truncatingIfNeeded: seconds + Self.secondsFrom1900To1970),
            UInt32(truncatingIfNeeded: nanoseconds << 32 / 1_000_000_000),
            rtpTimestamp,
            packetCount,
            octetCount,
            0x81ca_0003,
            ssrc,
            0x0104_6465,
            0x736b_0000,
        ]
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (24 - 8 * $0)) } }
    }

    private static let secondsFrom1900To1970: UInt64 = 2_208_988_800
}
