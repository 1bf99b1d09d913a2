public import WebRTC
public import Wire

/// What a ``Worker`` has done since it was made.
public struct WorkerStatistics: Hashable, Sendable {
    public var transports = 0
    public var producers = 0
    public var consumers = 0
    /// Datagrams and bytes that arrived at the open port.
    public var datagramsReceived: UInt64 = 0
    public var bytesReceived: UInt64 = 0
    /// Datagrams that no transport wanted: of unknown source, or of no protocol that the port speaks.
    public var datagramsUnclaimed: UInt64 = 0
    /// Datagrams of unknown source that a transport's keys have proven to be its peer's.
    public var datagramsRebound: UInt64 = 0
    /// Datagrams longer than the receive buffer.
    public var datagramsOversized: UInt64 = 0
    /// Datagrams handed to the kernel, the messages that those to one peer were joined to, the calls that
    /// took, and the datagrams that the kernel refused.
    public var datagramsSent: UInt64 = 0
    public var messagesSent: UInt64 = 0
    public var sendCalls: UInt64 = 0
    public var datagramsUnsent: UInt64 = 0
    /// Times that the loop woke.
    public var wakeUps: UInt64 = 0
}

/// What one transport has done since it was made.
public struct TransportStatistics: Hashable, Sendable {
    public var iceState = ICEState.new
    public var dtlsState = DTLSState.new
    public var sctpState = DataChannels.State.new
    /// How far the remote side has come.
    public var progress = TransportProgress()
    /// Where the remote side is, if known.
    public var remoteAddress: SocketAddress?
    public var packetsReceived: UInt64 = 0
    public var bytesReceived: UInt64 = 0
    /// RTP and RTCP packets, retransmissions included.
    public var packetsSent: UInt64 = 0
    public var bytesSent: UInt64 = 0
    /// Packets dropped because they were malformed, not authentic, replayed, or of no known stream.
    public var packetsRejected: UInt64 = 0
    /// Authentic packets of media dropped because their producer, or the peer in all, sends more than it may.
    public var packetsOverLimit: UInt64 = 0
    /// Checks sent to addresses that the peer seems to have moved to without knowing.
    public var addressChecks: UInt64 = 0
    /// Bits per second that the path is thought to carry; `nil` without transport-wide feedback.
    public var availableBitrate: Int?
    /// The receiver's own estimate, bits per second; `nil` if it sends none.
    public var receiverEstimatedBitrate: UInt64?

    package init() {}
}

/// What one consumer has sent since it was made.
public struct ConsumerStatistics: Hashable, Sendable {
    public var packets: UInt64 = 0
    public var bytes: UInt64 = 0
    public var retransmitted: UInt64 = 0
    /// Packets sent again only to see what the path carries.
    public var probes: UInt64 = 0
    /// Packets the receiver asked for.
    public var packetsNacked: UInt64 = 0
    /// Requests of the receiver for a key frame.
    public var keyFrameRequests: UInt64 = 0
    /// From the newest receiver report: the share lost of late, 0…1, and the packets lost in all.
    public var fractionLost = 0.0
    public var lost: Int64 = 0
    /// RTP ticks.
    public var jitter: UInt32 = 0
    /// From the newest receiver report that allowed to compute it.
    public var roundTripTime: Interval?
    public var isPaused = false
    public var isWaitingForKeyFrame = false
    /// Whether nothing is sent because the path has no room for it.
    public var isLimited = false
    /// What is sent now: the index of an encoding or of a spatial layer, and the temporal layer; `nil` if
    /// there are none, or before the first key frame.
    public var spatialLayer: Int?
    public var temporalLayer: Int?
}
