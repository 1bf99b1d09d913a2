/// Why a byte sequence was not accepted as an RTP packet.
public enum RTPParseError: Error, Hashable, Sendable {
    /// The packet ends before its header does.
    case truncated
    /// The version field is not 2.
    case unsupportedVersion(UInt8)
    /// The padding count in the last octet is zero or larger than the payload.
    case invalidPadding(UInt8)
}

/// The fixed header of an RTP packet, and where its variable parts lie.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                           timestamp                           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           synchronization source (SSRC) identifier            |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// ```
///
/// A header is a plain value: it holds byte ranges into the packet it was parsed from, never the
/// bytes, so it can be stored after the receive buffer is reused.
///
/// See RFC 3550 §5.1 and, for `extensions`, RFC 8285 §4.
public struct RTPHeader: Hashable, Sendable {
    public var isMarked: Bool
    /// 0…127.
    public var payloadType: UInt8
    public var sequenceNumber: UInt16
    /// Media clock ticks; the clock rate (Hz) belongs to the payload type.
    public var timestamp: UInt32
    public var ssrc: UInt32
    /// The "defined by profile" field of the extension block: 0xBEDE or 0x100x (RFC 8285 §4.2, §4.3).
    public var extensionProfile: UInt16?
    /// The extension elements, without their four-octet block header.
    public var extensions: Range<Int>
    /// The media payload, without padding.
    public var payload: Range<Int>

    /// The length of a header without CSRCs and extensions, in bytes.
    public static let fixedLength = 12
}

extension RTPHeader {
    /// The header of a packet without CSRCs, extensions or padding, and with `payloadLength` bytes of
    /// payload.
    public init(
        payloadType: UInt8,
        sequenceNumber: UInt16,
        timestamp: UInt32,
        ssrc: UInt32,
        isMarked: Bool = false,
        payloadLength: Int
    ) {
        self.init(
            isMarked: isMarked,
            payloadType: payloadType,
            sequenceNumber: sequenceNumber,
            timestamp: timestamp,
            ssrc: ssrc,
            extensionProfile: nil,
            extensions: Self.fixedLength..<Self.fixedLength,
            payload: Self.fixedLength..<(Self.fixedLength + payloadLength)
        )
    }

    /// Parses the header of the RTP packet that fills `packet`.
    public init(parsing packet: RawSpan) throws(RTPParseError) {
        guard let word = packet.bigEndian(UInt32.self, at: 0),
            let timestamp = packet.bigEndian(UInt32.self, at: 4),
            let ssrc = packet.bigEndian(UInt32.self, at: 8)
        else { throw .truncated }
        guard word >> 30 == 2 else { throw .unsupportedVersion(UInt8(word >> 30)) }
        isMarked = word & 0x0080_0000 != 0
        payloadType = UInt8(truncatingIfNeeded: word >> 16) & 0x7f
        sequenceNumber = UInt16(truncatingIfNeeded: word)
        self.timestamp = timestamp
        self.ssrc = ssrc

        var end = Self.fixedLength + 4 * Int(word >> 24 & 0xf)
        if word & 0x1000_0000 != 0 {
            guard let profile = packet.bigEndian(UInt16.self, at: end),
                let words = packet.bigEndian(UInt16.self, at: end + 2)
            else { throw .truncated }
            extensionProfile = profile
            extensions = (end + 4)..<(end + 4 + 4 * Int(words))
            end = extensions.upperBound
        } else {
            extensionProfile = nil
            extensions = end..<end
        }
        guard end <= packet.byteCount else { throw .truncated }
        payload = end..<packet.byteCount

        guard word & 0x2000_0000 != 0 else { return }
        guard !payload.isEmpty, let padding = packet.bigEndian(UInt8.self, at: packet.byteCount - 1) else {
            throw .invalidPadding(0)
        }
        guard padding > 0, padding <= payload.count else { throw .invalidPadding(padding) }
        payload = end..<(packet.byteCount - Int(padding))
    }

    /// Appends this header, without CSRCs; the caller appends the extension block if `hasExtensions`, and
    /// padding behind the payload if `hasPadding`.
    @inlinable
    public func write(hasExtensions: Bool, hasPadding: Bool = false, into out: inout OutputRawSpan) {
        let flags: UInt32 = (hasExtensions ? 0x9000_0000 : 0x8000_0000) | (hasPadding ? 0x2000_0000 : 0)
        let marker: UInt32 = isMarked ? 0x0080_0000 : 0
        let word = flags | marker | UInt32(payloadType) << 16 | UInt32(sequenceNumber)
        out.append(bigEndian: word)
        out.append(bigEndian: timestamp)
        out.append(bigEndian: ssrc)
    }
}
