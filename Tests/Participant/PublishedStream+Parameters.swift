public import Wire

extension PublishedStream {
    public struct Parameters: Hashable, Sendable {
        public var codec: SyntheticCodec
        public var ssrc: UInt32
        public var payloadType: UInt8
        public var rtxSSRC: UInt32?
        public var rtxPayloadType: UInt8?
        public var mid: String?
        /// The restriction identifier of one of several encodings (RFC 8851), and which one it is.
        public var rid: String?
        public var encoding: UInt8 = 0
        /// Ids of the header extensions; `nil`: not sent.
        public var midID: UInt8?
        public var absoluteSendTimeID: UInt8?
        public var transportWideCCID: UInt8?
        public var audioLevelID: UInt8?
        public var ridID: UInt8?
        public var repairedRIDID: UInt8?
        /// Of the dependency descriptor, which then tells of three temporal layers.
        public var dependencyDescriptorID: UInt8?
        /// Of Opus: the payload type of the blocks, if packets carry redundant audio (RFC 2198).
        public var blockPayloadType: UInt8?
        /// Of VP8: 1…3; `nil`: its descriptors say nothing of frames and layers.
        public var temporalLayers: Int?
        public var frameInterval: Interval
        public var packetsPerFrame = 1
        public var packetsPerKeyFrame = 1
        /// Bytes of RTP payload a packet; at least ``SyntheticStamp/length``.
        public var payloadLength: Int

        public init(_ codec: SyntheticCodec, ssrc: UInt32, payloadType: UInt8) {
            self.codec = codec
            self.ssrc = ssrc
            self.payloadType = payloadType
            frameInterval = codec.isVideo ? .microseconds(33_333) : .milliseconds(20)
            payloadLength = codec.isVideo ? 1_100 : 80
        }
    }
}
