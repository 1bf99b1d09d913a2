public import Wire

/// An address at which the Worker can be reached (RFC 8445 §5.1): a host candidate, component 1.
public struct ICECandidate: Hashable, Sendable {
    /// How it is reached.
    public enum Transport: Hashable, Sendable {
        case udp
        /// The room listens, the browser connects (RFC 6544 §4.1).
        case tcpPassive
    }

    public var address: SocketAddress
    public var transport: Transport
    /// RFC 8445 §5.1.2: greater is better.
    public var priority: UInt32
    /// Candidates of equal foundation share an interface and a protocol (RFC 8445 §5.1.1.3).
    public var foundation: String

    /// The candidate at place `index` (0…8 191) of a list, best first.
    package init(_ address: SocketAddress, index: Int, transport: Transport = .udp) {
        self.address = address
        self.transport = transport
        let place = UInt32(8_191 - min(index, 8_191))
        switch transport {
        case .udp:
            // Type preference 126: host.
            priority = 126 << 24 | (57_344 + place) << 8 | 255
            foundation = String(index + 1)
        case .tcpPassive:
            // Below every UDP candidate, so TCP carries media only where UDP does not. The local preference begins with that
            // of the direction: 4 of 7 for passive (RFC 6544 §4.2).
            priority = 90 << 24 | (4 << 13 | place) << 8 | 255
            foundation = "t\(index + 1)"
        }
    }
}
