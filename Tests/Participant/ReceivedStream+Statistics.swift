public import Wire

/// What a stream tells of itself.
extension ReceivedStream {
    public struct Statistics: Hashable, Sendable {
        /// RTP packets of the stream itself, duplicates included.
        public var packets = 0
        public var bytes = 0
        /// Packets of the retransmission stream, and those of them that were missing.
        public var retransmissions = 0
        public var recovered = 0
        /// Missing numbers of which the sender says that there is nothing.
        public var empty = 0
        /// Packets of the stream itself that were here before, in either way.
        public var duplicates = 0
        public var reordered = 0
        /// Packets that have not come by themselves, whether or not a repetition has (RFC 3550 §6.4.1).
        public var lost = 0
        /// Packets between the first and the newest that have not come in either way.
        public var missing = 0
        /// First packets of key frames, where they were decrypted.
        public var keyFrames = 0
        /// Frames of which anything came, and the longest time between the first packets of two.
        public var frames = 0
        public var longestGap = Interval.zero
        /// Lines of the newest key frame of VP8, where its payload is a real one.
        public var height = 0
        public var nacksSent = 0
        public var keyFrameRequestsSent = 0
        /// Seconds.
        public var jitter = 0.0
        /// Mean and longest time from a frame's making to its packets' arrival, where packets were decrypted
        /// and both sides have one clock.
        public var delay = Interval.zero
        public var longestDelay = Interval.zero
    }

    /// One packet as it came out, for tests that look at every one.
    public struct Arrival: Hashable, Sendable {
        /// With the cycles of the number; comparable within one stream.
        public var sequence: Int
        public var timestamp: UInt32
        public var payloadType: UInt8
        /// Bytes.
        public var payloadLength: Int
        /// The payload types of the blocks of redundant audio.
        public var blocks: [UInt8]
        public var isMarked: Bool
        public var isRetransmission: Bool
        public var stamp: SyntheticStamp?
        /// What the packet says of its frame, where it does.
        public var descriptor: VP8PayloadDescriptor?
        public var dependency: DependencyDescriptor?
        public var picture: VP9PayloadDescriptor?
        public var at: Instant
    }
}
