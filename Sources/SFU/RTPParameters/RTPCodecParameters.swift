/// One codec of a stream, or the retransmission format of one.
public struct RTPCodecParameters: Hashable, Sendable {
    public var codec: RTPCodec
    /// 0…127, unique in its session description.
    public var payloadType: UInt8
    /// Ticks of the RTP timestamp a second, Hz.
    public var clockRate: UInt32
    /// Audio channels; `nil` for video.
    public var channels: UInt8?
    /// The parameters of the `fmtp` line, such as `profile-level-id`; `apt` of a retransmission codec is
    /// ``associatedPayloadType``.
    public var parameters: [String: String]
    public var rtcpFeedback: Set<RTCPFeedbackType>
    /// The payload type that a retransmission codec retransmits (RFC 4588 §8.6), or whose blocks redundant
    /// audio carries (RFC 2198 §5); `nil` for media.
    public var associatedPayloadType: UInt8?

    public init(
        _ codec: RTPCodec,
        payloadType: UInt8,
        clockRate: UInt32? = nil,
        channels: UInt8? = nil,
        parameters: [String: String] = [:],
        rtcpFeedback: Set<RTCPFeedbackType> = []
    ) {
        self.codec = codec
        self.payloadType = payloadType
        self.clockRate = clockRate ?? (codec.kind == .audio ? 48_000 : 90_000)
        self.channels = channels ?? (codec.kind == .audio ? 2 : nil)
        self.parameters = parameters
        self.rtcpFeedback = rtcpFeedback
    }

    /// The format in which packets of `media` are sent again (RFC 4588).
    public static func retransmission(of media: RTPCodecParameters, payloadType: UInt8) -> Self {
        var codec = Self(.rtx, payloadType: payloadType, clockRate: media.clockRate)
        codec.associatedPayloadType = media.payloadType
        return codec
    }

    /// The format in which packets carry blocks of `media` once more (RFC 2198).
    public static func redundancy(of media: RTPCodecParameters, payloadType: UInt8) -> Self {
        var codec = Self(.red, payloadType: payloadType, clockRate: media.clockRate, channels: media.channels)
        codec.associatedPayloadType = media.payloadType
        return codec
    }
}

/// The codecs that the Worker knows how to find key frames in, the retransmission format, and redundant
/// audio.
public enum RTPCodec: String, Hashable, Sendable, CaseIterable {
    case av1 = "AV1"
    case h264 = "H264"
    case opus = "opus"
    case red = "red"
    case rtx = "rtx"
    case vp8 = "VP8"
    case vp9 = "VP9"

    /// The codec with this encoding name, which is compared without regard to case (RFC 4855 §3).
    public init?(encodingName: some StringProtocol) {
        let name = encodingName.lowercased()
        guard let codec = Self.allCases.first(where: { $0.rawValue.lowercased() == name }) else { return nil }
        self = codec
    }

    public var kind: MediaKind { self == .opus || self == .red ? .audio : .video }
}

/// What a receiver may say about a stream in RTCP, as in the `rtcp-fb` line (RFC 4585 §4.2).
public enum RTCPFeedbackType: String, Hashable, Sendable, CaseIterable {
    case ccmFIR = "ccm fir"
    case nack = "nack"
    case nackPLI = "nack pli"
    case remb = "goog-remb"
    case transportCC = "transport-cc"
}
