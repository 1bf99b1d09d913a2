public import Wire

/// Where a plain or pipe transport is, and how it seals.
public struct PlainTransportParameters: Hashable, Sendable {
    public var id: TransportID
    /// Where RTP is sent to, and RTCP unless ``rtcpAddress`` says otherwise (RFC 5761).
    public var localAddress: SocketAddress
    /// Where RTCP is sent to; `nil`: to the port of RTP.
    public var rtcpAddress: SocketAddress?
    /// The key with which the transport seals what it sends; `nil`: it does not.
    public var srtp: SRTPParameters?

    public init(
        id: TransportID,
        localAddress: SocketAddress,
        rtcpAddress: SocketAddress? = nil,
        srtp: SRTPParameters? = nil
    ) {
        self.id = id
        self.localAddress = localAddress
        self.rtcpAddress = rtcpAddress
        self.srtp = srtp
    }
}
