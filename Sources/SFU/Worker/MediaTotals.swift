/// What all transports, producers and consumers of a ``Worker`` have done since it was made, those that are gone
/// included: it never falls.
public struct MediaTotals: Hashable, Sendable {
    /// Of all transports' peers, programs on this machine included.
    public var packetsReceived: UInt64 = 0
    public var bytesReceived: UInt64 = 0
    /// RTP and RTCP packets, retransmissions included.
    public var packetsSent: UInt64 = 0
    public var bytesSent: UInt64 = 0
    /// Packets dropped because they were malformed, not authentic, replayed, or of no known stream.
    public var packetsRejected: UInt64 = 0
    /// Authentic packets of media dropped because their producer, or the peer in all, sends more than it may.
    public var packetsOverLimit: UInt64 = 0
    /// Packets sent again because a receiver missed them, those it has asked for, and those that only probe the path.
    public var packetsRetransmitted: UInt64 = 0
    public var packetsNacked: UInt64 = 0
    public var packetsProbing: UInt64 = 0
    /// Requests for a key frame by receivers, and those that were passed on to sources.
    public var keyFrameRequestsReceived: UInt64 = 0
    public var keyFrameRequestsSent: UInt64 = 0
    /// Key frames that sources have sent, and packets of theirs that arrived as retransmissions.
    public var keyFramesReceived: UInt64 = 0
    public var packetsRecovered: UInt64 = 0

    public init() {}

    mutating func add(_ transport: TransportStatistics) {
        packetsReceived += transport.packetsReceived
        bytesReceived += transport.bytesReceived
        packetsSent += transport.packetsSent
        bytesSent += transport.bytesSent
        packetsRejected += transport.packetsRejected
        packetsOverLimit += transport.packetsOverLimit
    }

    mutating func add(_ producer: ProducerStatistics) {
        keyFrameRequestsSent += producer.keyFrameRequests
        keyFramesReceived += producer.keyFrames
        packetsRecovered += producer.recovered
    }

    mutating func add(_ consumer: ConsumerStatistics) {
        packetsRetransmitted += consumer.retransmitted
        packetsNacked += consumer.packetsNacked
        packetsProbing += consumer.probes
        keyFrameRequestsReceived += consumer.keyFrameRequests
    }
}
