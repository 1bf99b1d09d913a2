/// One stream of RTP packets: its SSRCs, or the RID by which they will be learnt.
public struct RTPEncodingParameters: Hashable, Sendable {
    public var ssrc: UInt32?
    /// The stream in which lost packets are sent again (RFC 4588).
    public var rtxSSRC: UInt32?
    /// The restriction identifier of a simulcast layer (RFC 8851).
    public var rid: String?
    /// The most that it takes, bits per second; `nil`: what it takes is measured while it comes.
    public var maximumBitrate: Int?

    public init(
        ssrc: UInt32? = nil,
        rtxSSRC: UInt32? = nil,
        rid: String? = nil,
        maximumBitrate: Int? = nil
    ) {
        self.ssrc = ssrc
        self.rtxSSRC = rtxSSRC
        self.rid = rid
        self.maximumBitrate = maximumBitrate
    }
}
