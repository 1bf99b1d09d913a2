public import Wire

/// Where a plain transport is.
public struct PlainTransportParameters: Hashable, Sendable {
    public var id: TransportID
    /// The loopback address to which RTP and RTCP are sent, both on one port (RFC 5761).
    public var localAddress: SocketAddress
}
