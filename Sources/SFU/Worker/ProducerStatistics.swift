/// What one producer has received since it was made: the sum over its encodings.
public struct ProducerStatistics: Hashable, Sendable {
    public var kind: MediaKind
    public var packets: UInt64 = 0
    public var bytes: UInt64 = 0
    /// Packets expected and not received (RFC 3550 §A.3); negative if there were duplicates.
    public var lost: Int64 = 0
    /// Packets that arrived as retransmissions.
    public var recovered: UInt64 = 0
    /// Interarrival jitter, RTP ticks (RFC 3550 §6.4.1): the largest of the encodings'.
    public var jitter: UInt32 = 0
    public var keyFrames: UInt64 = 0
    /// Requests that were sent to the source, after coalescing.
    public var keyFrameRequests: UInt64 = 0
    /// Times that the source began anew.
    public var restarts: UInt64 = 0
    /// Lowest first.
    public var encodings: [EncodingStatistics]

    init(kind: MediaKind, encodings: [EncodingStatistics]) {
        self.kind = kind
        self.encodings = encodings
        for encoding in encodings {
            packets += encoding.packets
            bytes += encoding.bytes
            lost += encoding.lost
            recovered += encoding.recovered
            jitter = max(jitter, encoding.jitter)
            keyFrames += encoding.keyFrames
            keyFrameRequests += encoding.keyFrameRequests
            restarts += encoding.restarts
        }
    }
}

/// What one encoding of a producer has received; see ``ProducerStatistics``.
public struct EncodingStatistics: Hashable, Sendable {
    public var rid: String?
    /// `nil` before the first packet of an encoding whose SSRC was not announced.
    public var ssrc: UInt32?
    public var packets: UInt64 = 0
    public var bytes: UInt64 = 0
    public var lost: Int64 = 0
    public var recovered: UInt64 = 0
    public var jitter: UInt32 = 0
    public var keyFrames: UInt64 = 0
    public var keyFrameRequests: UInt64 = 0
    public var restarts: UInt64 = 0
    /// Bits per second up to each temporal layer, over the last full second; 0 while nothing comes.
    public var bitrates: [Int] = []
}
