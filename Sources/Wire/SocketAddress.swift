/// An IPv4 or IPv6 address and a UDP or TCP port.
///
/// One form serves both families: an IPv4 address is kept as its IPv4-mapped IPv6 address
/// (RFC 4291 §2.5.5.2), which is also what a dual-stack socket reports.
public struct SocketAddress: Hashable, Sendable {
    /// The address, most significant 64 bits first, host byte order.
    public var high: UInt64
    public var low: UInt64
    /// The interface index of a link-local IPv6 address (RFC 4007); 0 otherwise.
    public var scope: UInt32
    /// Host byte order.
    public var port: UInt16
    /// Which of this machine's own addresses is spoken to and answers, as a number that only the socket that
    /// received from there knows; 0: whichever the system chooses.
    ///
    /// With the highest bit set it says which ``connection`` that is.
    ///
    /// A peer takes an answer for one only if it comes from where it had asked (RFC 8445 §7.2.5.2.1).
    public var via: UInt16 = 0

    public init(high: UInt64, low: UInt64, scope: UInt32 = 0, port: UInt16) {
        self.high = high
        self.low = low
        self.scope = scope
        self.port = port
    }

    /// An IPv4 address, host byte order: `0x7f00_0001` is 127.0.0.1.
    public init(ipv4: UInt32, port: UInt16) {
        self.init(high: 0, low: Self.mappedPrefix | UInt64(ipv4), port: port)
    }

    /// The IPv4 address in host byte order, or `nil` if this is an IPv6 address.
    public var ipv4: UInt32? {
        guard high == 0, low & 0xffff_ffff_0000_0000 == Self.mappedPrefix else { return nil }
        return UInt32(truncatingIfNeeded: low)
    }

    /// Whether this is the far end of a TCP connection.
    @inlinable
    public var isConnection: Bool { via & Self.connectionBit != 0 }

    /// The number of the TCP connection whose far end this is, below ``maximumConnections``; `nil`: datagrams are exchanged.
    ///
    /// So what comes over TCP and over UDP from one address and port has two addresses inside: they are different paths,
    /// and each has to prove itself.
    public var connection: UInt16? {
        get { isConnection ? via & ~Self.connectionBit : nil }
        set { via = newValue.map { Self.connectionBit | $0 } ?? 0 }
    }

    /// Numbers of connections are below this.
    public static let maximumConnections = 1 << 15

    @usableFromInline static let connectionBit: UInt16 = 0x8000

    private static let mappedPrefix: UInt64 = 0x0000_ffff_0000_0000
}
