public import Wire

/// An address at which the Worker can be reached (RFC 8445 §5.1): a host candidate for UDP, component 1.
public struct ICECandidate: Hashable, Sendable {
    public var address: SocketAddress
    /// RFC 8445 §5.1.2: greater is better.
    public var priority: UInt32
    /// Candidates of equal foundation share an interface (RFC 8445 §5.1.1.3).
    public var foundation: String

    /// The candidate at place `index` (0…65 535) of a list, best first.
    package init(_ address: SocketAddress, index: Int) {
        self.address = address
        // Type preference 126: host.
        priority = 126 << 24 | UInt32(65_535 - min(index, 65_535)) << 8 | 255
        foundation = String(index + 1)
    }
}
