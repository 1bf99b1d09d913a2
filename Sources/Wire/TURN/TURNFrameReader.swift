/// Cuts what a client of TURN sends over a stream into STUN messages and ChannelData (RFC 8656 §12.4 and §12.5).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |0 1 0 0  Channel Number        |            Length             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |               Application Data, padded to 4 bytes             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
///
/// A STUN message begins with two bits of zero, and says in its header how long it is. What is kept between two pieces of the
/// stream is at most one frame.
public struct TURNFrameReader: Sendable {
    /// What a frame is; its bytes are those of the message, or what is in the channel.
    public enum Frame: Hashable, Sendable {
        case channelData(UInt16)
        case message
    }

    /// Why nothing more can be read: where the next frame begins is not known any more.
    public enum Failure: Error, Hashable, Sendable {
        /// What begins here is neither.
        case notTURN
        /// A frame says that it is longer than ``longest``.
        case tooLong
    }

    private var kept: [UInt8] = []

    public init() {}

    /// Bytes of an incomplete frame that wait for the rest.
    public var waiting: Int { kept.count }

    /// Gives `body` every whole frame, and keeps the rest.
    ///
    /// - Parameter body: Returns whether to go on; if not, everything behind the frame is dropped.
    public mutating func take(
        _ bytes: RawSpan,
        _ body: (Frame, RawSpan) -> Bool
    ) throws(Failure) {
        guard !kept.isEmpty else {
            kept = try Self.cut(bytes, body)
            return
        }
        var joined = kept
        kept = []
        joined.reserveCapacity(joined.count + bytes.byteCount)
        bytes.appendBytes(to: &joined)
        // The span is of this array, which stays as it is meanwhile.
        kept = try unsafe Self.cut(joined.span.bytes, body)
    }

    /// Returns what is left of an incomplete frame.
    private static func cut(_ bytes: RawSpan, _ body: (Frame, RawSpan) -> Bool) throws(Failure) -> [UInt8] {
        var start = 0
        while let header = try Header(bytes, at: start) {
            guard header.length <= longest else { throw .tooLong }
            // The padding is part of the stream (§12.5), and has come with the frame.
            let end = start + header.paddedLength
            guard end <= bytes.byteCount else { break }
            let content = (start + header.contentStart)..<(start + header.length)
            guard body(header.frame, bytes.extracting(content)) else { return [] }
            start = end
        }
        var rest: [UInt8] = []
        bytes.extracting(start..<bytes.byteCount).appendBytes(to: &rest)
        return rest
    }

    private struct Header {
        let frame: Frame
        /// Of the frame, in bytes: all of it, what is in front of what it carries, and with padding.
        let length: Int
        let contentStart: Int
        var paddedLength: Int { (length + 3) & ~3 }

        /// `nil`: it is not whole yet.
        init?(_ bytes: RawSpan, at start: Int) throws(Failure) {
            guard let first = bytes.bigEndian(UInt16.self, at: start),
                let count = bytes.bigEndian(UInt16.self, at: start + 2)
            else { return nil }
            switch first {
            case 0..<0x4000:
                guard count & 3 == 0 else { throw .notTURN }
                if let cookie = bytes.bigEndian(UInt32.self, at: start + 4), cookie != STUNMessage.magicCookie
                {
                    throw .notTURN
                }
                frame = .message
                length = STUNMessage.headerLength + Int(count)
                contentStart = 0
            case TURNFrameReader.channels:
                frame = .channelData(first)
                length = TURNFrameReader.channelHeader + Int(count)
                contentStart = TURNFrameReader.channelHeader
            default: throw .notTURN
            }
        }
    }

    /// Numbers of channels (RFC 8656 §12).
    public static let channels: ClosedRange<UInt16> = 0x4000...0x4fff
    /// Bytes in front of what a channel carries.
    public static let channelHeader = 4
    /// Bytes of the longest frame: no datagram of WebRTC fills it.
    public static let longest = 2_048
}

extension RawSpan {
    /// Appends a copy of these bytes.
    package func appendBytes(to array: inout [UInt8]) {
        // The buffer is that of this span, and is only read.
        unsafe withUnsafeBytes { unsafe array.append(contentsOf: $0) }
    }
}
