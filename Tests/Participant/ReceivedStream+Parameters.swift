extension ReceivedStream {
    /// As signalling has told the receiver.
    public struct Parameters: Hashable, Sendable {
        public var ssrc: UInt32
        public var rtxSSRC: UInt32?
        /// Hz.
        public var clockRate: Int
        public var isVideo: Bool
        /// Whether lost packets are asked for again.
        public var asksAgain: Bool
        public var transportWideCCID: UInt8?
        public var midID: UInt8?
        /// What the payload types carry, those of retransmissions included, where payloads are real ones;
        /// empty: they are stamped.
        public var codecs: [UInt8: SyntheticCodec] = [:]
        public var dependencyDescriptorID: UInt8?
        /// Packets with this payload type carry redundant audio (RFC 2198).
        public var redundantPayloadType: UInt8?

        public init(
            ssrc: UInt32,
            rtxSSRC: UInt32? = nil,
            clockRate: Int,
            isVideo: Bool,
            asksAgain: Bool,
            transportWideCCID: UInt8? = nil,
            midID: UInt8? = nil,
            dependencyDescriptorID: UInt8? = nil,
            redundantPayloadType: UInt8? = nil
        ) {
            self.ssrc = ssrc
            self.rtxSSRC = rtxSSRC
            self.clockRate = clockRate
            self.isVideo = isVideo
            self.asksAgain = asksAgain
            self.transportWideCCID = transportWideCCID
            self.midID = midID
            self.dependencyDescriptorID = dependencyDescriptorID
            self.redundantPayloadType = redundantPayloadType
        }
    }
}
