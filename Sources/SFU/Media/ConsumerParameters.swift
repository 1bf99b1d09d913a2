/// How a consumer is to be made.
public struct ConsumerOptions: Hashable, Sendable {
    /// What the receiver takes, with the payload types and extension ids to use toward it.
    public var capabilities: RTPCapabilities
    /// The stream's media identification; `nil`: the Worker numbers them.
    public var mid: String?
    /// The SSRCs to send with, as the receiver was told; `nil`: the Worker chooses.
    public var ssrc: UInt32?
    public var rtxSSRC: UInt32?
    /// Streams of one name are synchronised and belong to one `MediaStream`; `nil`: the producer's own name.
    public var streamID: String?
    /// The bounds on playout delay to ask of the receiver, in milliseconds.
    ///
    /// 0…0 is "at once". `nil`: its own choice.
    public var playoutDelay: ClosedRange<Int>?
    /// Whether nothing is sent until ``Worker/resume(_:)-(ConsumerID)``.
    public var isPaused: Bool

    public init(
        capabilities: RTPCapabilities,
        mid: String? = nil,
        ssrc: UInt32? = nil,
        rtxSSRC: UInt32? = nil,
        streamID: String? = nil,
        playoutDelay: ClosedRange<Int>? = nil,
        isPaused: Bool = false
    ) {
        self.capabilities = capabilities
        self.mid = mid
        self.ssrc = ssrc
        self.rtxSSRC = rtxSSRC
        self.streamID = streamID
        self.playoutDelay = playoutDelay
        self.isPaused = isPaused
    }
}

/// What the receiver must be told of a consumer.
public struct ConsumerParameters: Hashable, Sendable {
    public var id: ConsumerID
    public var kind: MediaKind
    /// `msid` of the stream (RFC 8830).
    public var streamID: String
    public var rtp: RTPParameters
}
