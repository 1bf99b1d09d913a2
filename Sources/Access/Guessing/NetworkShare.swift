package import Wire

/// Whose share of the room's places, connections and guesses something counts for: an IPv4 address, or the first 64 bits
/// of an IPv6 address, of which whoever has one has all (RFC 6177).
package struct NetworkShare: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    package init(_ address: SocketAddress) {
        high = address.high
        low = address.ipv4 == nil ? 0 : address.low
    }
}
