/// The common part of a feedback message (RFC 4585 §6.1).
public struct RTCPFeedback: Hashable, Sendable {
    public var sender: UInt32
    /// The source the feedback is about; 0 where the control information names it.
    public var media: UInt32
    /// Feedback control information.
    public var control: Range<Int>

    public init(_ element: RTCPPackets.Element, in compound: RawSpan) throws(RTCPParseError) {
        guard element.body.count >= 8,
            let sender = compound.bigEndian(UInt32.self, at: element.body.lowerBound),
            let media = compound.bigEndian(UInt32.self, at: element.body.lowerBound + 4)
        else { throw RTCPParseError() }
        self.sender = sender
        self.media = media
        control = (element.body.lowerBound + 8)..<element.body.upperBound
    }
}

/// Asks for a key frame: the picture cannot be decoded (RFC 4585 §6.3.1).
public enum PictureLossIndication {
    public static func write(from sender: UInt32, about media: UInt32, into out: inout OutputRawSpan) {
        out.appendRTCPHeader(RTCPType.payloadFeedback, count: RTCPType.pictureLossIndication, words: 2)
        out.append(bigEndian: sender)
        out.append(bigEndian: media)
    }
}

/// Asks a source for a key frame, by a command number (RFC 5104 §4.3.1).
public enum FullIntraRequest {
    /// Calls `body` with each source asked and the request's sequence number.
    public static func forEachSource(
        _ feedback: RTCPFeedback,
        in compound: RawSpan,
        _ body: (UInt32, UInt8) -> Void
    ) throws(RTCPParseError) {
        guard feedback.control.count % 8 == 0, !feedback.control.isEmpty else { throw RTCPParseError() }
        for offset in stride(from: feedback.control.lowerBound, to: feedback.control.upperBound, by: 8) {
            guard let ssrc = compound.bigEndian(UInt32.self, at: offset),
                let number = compound.bigEndian(UInt8.self, at: offset + 4)
            else { throw RTCPParseError() }
            body(ssrc, number)
        }
    }

    public static func write(
        _ number: UInt8,
        from sender: UInt32,
        about media: UInt32,
        into out: inout OutputRawSpan
    ) {
        out.appendRTCPHeader(RTCPType.payloadFeedback, count: RTCPType.fullIntraRequest, words: 4)
        out.append(bigEndian: sender)
        out.append(bigEndian: 0 as UInt32)
        out.append(bigEndian: media)
        out.append(bigEndian: UInt32(number) << 24)
    }
}

/// The receiver's own estimate of how much it can receive (draft-alvestrand-rmcat-remb-03).
///
/// ```
/// |  Unique identifier 'R' 'E' 'M' 'B'                            |
/// |  Num SSRC     | BR Exp    |  BR Mantissa                      |
/// |   SSRC feedback  …                                            |
/// ```
public struct ReceiverEstimatedMaximumBitrate: Hashable, Sendable {
    /// Bits per second.
    public var bitrate: UInt64

    /// `nil` if the application-layer feedback at hand is something else, or its bitrate does not fit in 63
    /// bits.
    public init?(_ feedback: RTCPFeedback, in compound: RawSpan) {
        let start = feedback.control.lowerBound
        guard feedback.control.count >= 8, compound.bigEndian(UInt32.self, at: start) == Self.identifier,
            let word = compound.bigEndian(UInt32.self, at: start + 4),
            feedback.control.count >= 8 + 4 * Int(word >> 24)
        else { return nil }
        let mantissa = UInt64(word & 0x3_ffff)
        let exponent = Int(word >> 18 & 0x3f)
        guard mantissa == 0 || exponent < mantissa.leadingZeroBitCount else { return nil }
        bitrate = mantissa << exponent
    }

    public init(bitrate: UInt64) {
        self.bitrate = bitrate
    }

    public func write(from sender: UInt32, about media: UInt32, into out: inout OutputRawSpan) {
        let exponent = max(0, 64 - bitrate.leadingZeroBitCount - 18)
        out.appendRTCPHeader(RTCPType.payloadFeedback, count: RTCPType.applicationLayer, words: 5)
        out.append(bigEndian: sender)
        out.append(bigEndian: 0 as UInt32)
        out.append(bigEndian: Self.identifier)
        out.append(
            bigEndian: 1 << 24 | UInt32(exponent) << 18
                | UInt32(truncatingIfNeeded: bitrate >> UInt64(exponent))
        )
        out.append(bigEndian: media)
    }

    private static let identifier: UInt32 = 0x5245_4d42  // "REMB"
}
