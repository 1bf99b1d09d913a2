/// Why bytes were not accepted as an RTCP packet.
public struct RTCPParseError: Error, Hashable, Sendable {
    public init() {}
}

/// Iterates over the packets of a compound RTCP packet (RFC 3550 §6.1) without copying any.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|  count  |      PT       |             length            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
public struct RTCPPackets: Hashable, Sendable {
    /// One packet of a compound.
    public struct Element: Hashable, Sendable {
        /// Report count, source count or feedback message type: 0…31.
        public var count: UInt8
        public var type: UInt8
        /// What follows the four-byte header, without padding.
        public var body: Range<Int>
    }

    private var offset = 0

    public init() {}

    /// The next packet in `compound`, or `nil` at the end.
    public mutating func next(in compound: RawSpan) throws(RTCPParseError) -> Element? {
        guard offset < compound.byteCount else { return nil }
        guard let word = compound.bigEndian(UInt32.self, at: offset), word >> 30 == 2 else {
            throw RTCPParseError()
        }
        let end = offset + 4 + 4 * Int(UInt16(truncatingIfNeeded: word))
        guard end <= compound.byteCount else { throw RTCPParseError() }
        var body = (offset + 4)..<end
        if word & 0x2000_0000 != 0 {
            guard !body.isEmpty, let padding = compound.bigEndian(UInt8.self, at: end - 1), padding > 0,
                Int(padding) <= body.count
            else { throw RTCPParseError() }
            body = body.lowerBound..<(end - Int(padding))
        }
        offset = end
        return Element(
            count: UInt8(word >> 24 & 0x1f),
            type: UInt8(truncatingIfNeeded: word >> 16),
            body: body
        )
    }
}

/// RTCP packet types and feedback message types (RFC 3550 §12.1, RFC 4585 §6.1, RFC 5104 §4.3).
public enum RTCPType {
    public static let senderReport: UInt8 = 200
    public static let receiverReport: UInt8 = 201
    public static let sourceDescription: UInt8 = 202
    public static let goodbye: UInt8 = 203
    public static let transportFeedback: UInt8 = 205
    public static let payloadFeedback: UInt8 = 206

    /// Message types of ``transportFeedback``.
    public static let genericNACK: UInt8 = 1
    public static let transportWideCC: UInt8 = 15
    /// Message types of ``payloadFeedback``.
    public static let pictureLossIndication: UInt8 = 1
    public static let fullIntraRequest: UInt8 = 4
    public static let applicationLayer: UInt8 = 15
}

extension OutputRawSpan {
    /// Appends an RTCP header for a packet of `words` 32-bit words after it.
    @inlinable
    @_lifetime(self: copy self)
    mutating func appendRTCPHeader(_ type: UInt8, count: UInt8, words: Int) {
        append(0x80 | count)
        append(type)
        append(bigEndian: UInt16(truncatingIfNeeded: words))
    }
}
