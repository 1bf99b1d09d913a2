/// How one media stream travels in RTP: the parameters of a producer, or of a consumer (ORTC §9.1).
public struct RTPParameters: Hashable, Sendable {
    /// The media identification of the stream's section in the session description (RFC 9143); 1…16 bytes.
    public var mid: String?
    /// The media codecs, best first, each followed by its retransmission codec if it has one.
    public var codecs: [RTPCodecParameters]
    public var headerExtensions: [RTPHeaderExtensionParameters]
    /// One for a plain stream; one for each layer of a simulcast.
    public var encodings: [RTPEncodingParameters]
    public var rtcp: RTCPParameters

    public init(
        mid: String? = nil,
        codecs: [RTPCodecParameters],
        headerExtensions: [RTPHeaderExtensionParameters] = [],
        encodings: [RTPEncodingParameters],
        rtcp: RTCPParameters = RTCPParameters()
    ) {
        self.mid = mid
        self.codecs = codecs
        self.headerExtensions = headerExtensions
        self.encodings = encodings
        self.rtcp = rtcp
    }
}

/// What a receiver can take: its codecs with the payload types to use, and its header extensions with their
/// ids.
public struct RTPCapabilities: Hashable, Sendable {
    /// As in ``RTPParameters/codecs``.
    public var codecs: [RTPCodecParameters]
    public var headerExtensions: [RTPHeaderExtensionParameters]
    /// Whether some packets may have extensions in the two-byte form (RFC 8285 §6).
    ///
    /// Without it AV1 goes without its dependency descriptors, which do not fit in the one-byte form.
    public var allowsMixedExtensions: Bool

    public init(
        codecs: [RTPCodecParameters],
        headerExtensions: [RTPHeaderExtensionParameters] = [],
        allowsMixedExtensions: Bool = false
    ) {
        self.codecs = codecs
        self.headerExtensions = headerExtensions
        self.allowsMixedExtensions = allowsMixedExtensions
    }
}

/// How the stream's RTCP names its sender.
public struct RTCPParameters: Hashable, Sendable {
    /// The canonical name (RFC 7022); streams that share one are synchronised by the receiver.
    public var cname: String?

    public init(cname: String? = nil) {
        self.cname = cname
    }
}
