/// What a receiver says about one source (RFC 3550 §6.4.1).
public struct ReportBlock: Hashable, Sendable {
    public var ssrc: UInt32
    /// Share of packets lost since the last report, in 1/256.
    public var fractionLost: UInt8
    /// Packets lost since the beginning; 24-bit signed on the wire.
    public var cumulativeLost: Int32
    /// Highest sequence number received, its cycles in the upper 16 bits.
    public var highestSequence: UInt32
    /// Interarrival jitter in timestamp units.
    public var jitter: UInt32
    /// The middle 32 bits of the last sender report's NTP time; 0 if there was none.
    public var lastSenderReport: UInt32
    /// The delay since that report, in 1/65 536 s.
    public var delaySinceLastSenderReport: UInt32

    public init(
        ssrc: UInt32,
        fractionLost: UInt8,
        cumulativeLost: Int32,
        highestSequence: UInt32,
        jitter: UInt32,
        lastSenderReport: UInt32,
        delaySinceLastSenderReport: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }

    public static let length = 24

    /// Reads the block that starts at `offset` in `compound`.
    public init(at offset: Int, in compound: RawSpan) throws(RTCPParseError) {
        guard let ssrc = compound.bigEndian(UInt32.self, at: offset),
            let loss = compound.bigEndian(UInt32.self, at: offset + 4),
            let highest = compound.bigEndian(UInt32.self, at: offset + 8),
            let jitter = compound.bigEndian(UInt32.self, at: offset + 12),
            let last = compound.bigEndian(UInt32.self, at: offset + 16),
            let delay = compound.bigEndian(UInt32.self, at: offset + 20)
        else { throw RTCPParseError() }
        self.init(
            ssrc: ssrc,
            fractionLost: UInt8(truncatingIfNeeded: loss >> 24),
            cumulativeLost: Int32(bitPattern: loss << 8) >> 8,
            highestSequence: highest,
            jitter: jitter,
            lastSenderReport: last,
            delaySinceLastSenderReport: delay
        )
    }

    /// Calls `body` with each block of the sender or receiver report at `element`.
    public static func forEach(
        _ element: RTCPPackets.Element,
        in compound: RawSpan,
        _ body: (ReportBlock) -> Void
    ) throws(RTCPParseError) {
        // After the reporter's SSRC, and in a sender report what it says about itself.
        let start =
            element.body.lowerBound + (element.type == RTCPType.senderReport ? SenderReport.length : 4)
        guard start + Int(element.count) * length <= element.body.upperBound else { throw RTCPParseError() }
        for index in 0..<Int(element.count) {
            body(try ReportBlock(at: start + index * length, in: compound))
        }
    }

    /// Appends a receiver report from `reporter` with this block only (RFC 3550 §6.4.2).
    public func writeReceiverReport(from reporter: UInt32, into out: inout OutputRawSpan) {
        out.appendRTCPHeader(RTCPType.receiverReport, count: 1, words: 1 + Self.length / 4)
        out.append(bigEndian: reporter)
        write(into: &out)
    }

    /// Appends a receiver report without blocks, which a compound begins with when there is nothing to
    /// report.
    public static func writeEmptyReceiverReport(from reporter: UInt32, into out: inout OutputRawSpan) {
        out.appendRTCPHeader(RTCPType.receiverReport, count: 0, words: 1)
        out.append(bigEndian: reporter)
    }

    private func write(into out: inout OutputRawSpan) {
        out.append(bigEndian: ssrc)
        let lost = UInt32(bitPattern: min(max(cumulativeLost, -0x80_0000), 0x7f_ffff)) & 0xff_ffff
        out.append(bigEndian: UInt32(fractionLost) << 24 | lost)
        out.append(bigEndian: highestSequence)
        out.append(bigEndian: jitter)
        out.append(bigEndian: lastSenderReport)
        out.append(bigEndian: delaySinceLastSenderReport)
    }
}
