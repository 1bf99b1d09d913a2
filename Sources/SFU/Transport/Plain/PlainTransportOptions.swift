public import Wire

/// How a plain transport is to be made (mediasoup's *PlainTransportOptions*).
public struct PlainTransportOptions: Hashable, Sendable {
    /// Where RTP is received and sent from: an address that the peer can send to, port 0 for any that is free.
    ///
    /// IPv4 or IPv6. Default 127.0.0.1, any port.
    public var listenAddress: SocketAddress
    /// Whether RTP and RTCP share one port (RFC 5761); otherwise RTCP gets a port of its own on the same address.
    ///
    /// Default `true`.
    public var rtcpMux: Bool
    /// Where RTCP is received without ``rtcpMux``, on the address of RTP; 0: any port that is free.
    ///
    /// Default 0.
    public var rtcpPort: UInt16
    /// Whether the peer is wherever its first packet comes from, and need not be named in
    /// ``Worker/connect(_:to:rtcpPort:srtp:)``.
    ///
    /// With ``rtcpMux`` RTP of a known SSRC or RTCP tells, without it each tells its own port; with SRTP only what is
    /// sealed with the peer's key does. A peer that only receives has to send RTCP before it gets anything.
    /// Default `false`.
    public var comedia: Bool
    /// How packets are sealed; `nil`: not at all.
    ///
    /// Default `nil`.
    public var srtpCryptoSuite: SRTPCryptoSuite?

    public init(
        listenAddress: SocketAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0),
        rtcpMux: Bool = true,
        rtcpPort: UInt16 = 0,
        comedia: Bool = false,
        srtpCryptoSuite: SRTPCryptoSuite? = nil
    ) {
        self.listenAddress = listenAddress
        self.rtcpMux = rtcpMux
        self.rtcpPort = rtcpPort
        self.comedia = comedia
        self.srtpCryptoSuite = srtpCryptoSuite
    }
}
