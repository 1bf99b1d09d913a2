public import Wire

/// How a pipe transport is to be made (mediasoup's *PipeTransportOptions*).
public struct PipeTransportOptions: Hashable, Sendable {
    /// Where packets are received and sent from: an address that the other end can send to, port 0 for any that is free.
    ///
    /// IPv4 or IPv6. Default 127.0.0.1, any port.
    public var listenAddress: SocketAddress
    /// Whether lost packets are asked for and sent again (RFC 4588), which takes some memory and is of no use on loopback.
    ///
    /// Both ends agree. Default `false`.
    public var enablesRTX: Bool
    /// How RTP and RTCP are sealed; `nil`: not at all.
    ///
    /// Data channels are not sealed either way. Both ends agree. Default `nil`.
    public var srtpCryptoSuite: SRTPCryptoSuite?
    /// Whether data channels can be consumed (SCTP over UDP, without DTLS).
    ///
    /// Both ends agree. Default `true`.
    public var enablesSCTP: Bool

    public init(
        listenAddress: SocketAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0),
        enablesRTX: Bool = false,
        srtpCryptoSuite: SRTPCryptoSuite? = nil,
        enablesSCTP: Bool = true
    ) {
        self.listenAddress = listenAddress
        self.enablesRTX = enablesRTX
        self.srtpCryptoSuite = srtpCryptoSuite
        self.enablesSCTP = enablesSCTP
    }
}
