public import Wire

/// What a ``Worker`` is made with.
public struct WorkerConfiguration: Sendable {
    /// The UDP port of all WebRTC transports.
    ///
    /// 0 is any free port. Default 0.
    public var port: UInt16 = 0
    /// Where to bind.
    ///
    /// `nil` is every address, IPv4 and IPv6. Default `nil`.
    public var bindAddress: SocketAddress?
    /// The addresses to tell the other side, most preferred first; their ports are ignored.
    ///
    /// Empty: the addresses of the machine's interfaces. Default empty.
    public var announcedAddresses: [SocketAddress] = []
    /// Whether media is also taken over TCP, on the port of the same number (ICE-TCP, RFC 6544).
    ///
    /// Default `false`.
    public var takesConnections = false
    /// The kernel's buffer of the port, in bytes, for each direction.
    ///
    /// Default 4 MiB.
    public var socketBufferSize = 4 << 20
    /// How many of everything one Worker holds.
    public var limits = Limits()

    public init() {}

    /// Bounds on what a Worker keeps, so that no peer can make it grow.
    public struct Limits: Sendable {
        /// WebRTC and plain transports together.
        ///
        /// Default 256.
        public var transports = 256
        /// TCP connections that carry media, or may be about to: browsers open one for each way that they are told of.
        ///
        /// Default 512.
        public var connections = 512
        /// Producers a transport.
        ///
        /// Default 16.
        public var producersPerTransport = 16
        /// Consumers a transport.
        ///
        /// Default 128.
        public var consumersPerTransport = 128
        /// Data channels a transport, both directions together.
        ///
        /// Default 32.
        public var dataChannelsPerTransport = 32
        /// Microphones that are passed on at once in a router, the loudest; those that do not tell their
        /// level besides.
        ///
        /// Default 6.
        public var forwardedMicrophones = 6
        /// Bytes of sent packets kept for retransmission, a producer.
        ///
        /// Default 2 MiB.
        public var retransmissionBytes = 2 << 20
        /// Bits per second that a publisher may send in all, which it is told.
        ///
        /// `nil`: no limit. Default 8 000 000.
        public var incomingBitrate: Int? = 8_000_000
        /// Bits per second of a producer of sound, headers included, beyond which packets are dropped; of redundant sound
        /// twice as many.
        ///
        /// Default 256 000: four times what a browser's microphone takes.
        public var audioBitrate = 256_000
        /// Bits per second of a producer of video, retransmissions included, beyond which packets are dropped.
        ///
        /// Default 12 000 000: half as much again as a publisher is told, because an estimate overshoots.
        public var videoBitrate = 12_000_000
        /// Bits per second of all that one transport sends, beyond which packets are dropped.
        ///
        /// Default 20 000 000.
        public var personBitrate = 20_000_000
        /// Messages that wait for a slow reader of ``Worker/subscribe(_:)``; older ones are dropped.
        ///
        /// Default 1 024.
        public var waitingMessages = 1_024

        public init() {}
    }
}
