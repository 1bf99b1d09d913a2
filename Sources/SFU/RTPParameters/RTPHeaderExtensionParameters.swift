/// A header extension and the id it has in this stream (RFC 8285 §5).
public struct RTPHeaderExtensionParameters: Hashable, Sendable {
    public var uri: RTPHeaderExtensionURI
    /// 1…255; above 14 only packets in the two-byte form have it, which the Worker reads and does not write.
    public var id: UInt8

    public init(_ uri: RTPHeaderExtensionURI, id: UInt8) {
        self.uri = uri
        self.id = id
    }
}

/// The header extensions that the Worker reads or writes.
public enum RTPHeaderExtensionURI: String, Hashable, Sendable, CaseIterable {
    case absoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
    case audioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    case dependencyDescriptor =
        "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
    case mid = "urn:ietf:params:rtp-hdrext:sdes:mid"
    case playoutDelay = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"
    case repairedRID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
    case rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
    case transportWideCC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
}
