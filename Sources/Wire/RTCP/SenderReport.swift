/// What a sender says about itself (RFC 3550 §6.4.1), without report blocks.
public struct SenderReport: Hashable, Sendable {
    public var ssrc: UInt32
    public var ntpTime: NTPTime
    /// The media clock at ``ntpTime``.
    public var rtpTimestamp: UInt32
    public var packetCount: UInt32
    /// Payload bytes, without headers and padding.
    public var octetCount: UInt32

    public init(ssrc: UInt32, ntpTime: NTPTime, rtpTimestamp: UInt32, packetCount: UInt32, octetCount: UInt32)
    {
        self.ssrc = ssrc
        self.ntpTime = ntpTime
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
    }

    /// The length of the sender's part of the body, after which report blocks follow.
    public static let length = 24

    /// Reads the report whose body lies at `body` in `compound`.
    public init(_ body: Range<Int>, in compound: RawSpan) throws(RTCPParseError) {
        guard body.count >= Self.length,
            let ssrc = compound.bigEndian(UInt32.self, at: body.lowerBound),
            let ntp = compound.bigEndian(UInt64.self, at: body.lowerBound + 4),
            let timestamp = compound.bigEndian(UInt32.self, at: body.lowerBound + 12),
            let packets = compound.bigEndian(UInt32.self, at: body.lowerBound + 16),
            let octets = compound.bigEndian(UInt32.self, at: body.lowerBound + 20)
        else { throw RTCPParseError() }
        self.init(
            ssrc: ssrc,
            ntpTime: NTPTime(rawValue: ntp),
            rtpTimestamp: timestamp,
            packetCount: packets,
            octetCount: octets
        )
    }

    public func write(into out: inout OutputRawSpan) {
        out.appendRTCPHeader(RTCPType.senderReport, count: 0, words: 6)
        out.append(bigEndian: ssrc)
        out.append(bigEndian: ntpTime.rawValue)
        out.append(bigEndian: rtpTimestamp)
        out.append(bigEndian: packetCount)
        out.append(bigEndian: octetCount)
    }
}
