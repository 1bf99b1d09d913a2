package import Access
internal import IO
internal import Wire

/// The reverse proxies before the room, whose word for where a request comes from is taken.
package struct TrustedProxies: Hashable, Sendable {
    private let networks: [Network]

    /// None.
    package init() { networks = [] }

    /// - Parameter texts: Addresses, or networks such as `10.0.0.0/8`; `nil` if one is neither.
    package init?(_ texts: [String]) {
        var networks: [Network] = []
        for text in texts {
            guard let network = Network(text) else { return nil }
            networks.append(network)
        }
        self.networks = networks
    }

    package func contain(_ address: String) -> Bool {
        guard let address = SocketAddress(text: address, port: 0) else { return false }
        return networks.contains { $0.contains(address) }
    }

    /// Whose share a request counts for.
    ///
    /// - Parameter peer: The connection's other end.
    /// - Parameter forwarded: The values of `X-Forwarded-For`, in order. Each proxy appends where it was
    ///   called from, so that the last one that is no proxy of ours is true, and those before it are claims.
    /// - Returns: `nil` if only proxies are named: nobody's share in particular.
    package func origin(peer: String, forwarded: [String]) -> NetworkShare? {
        guard contain(peer) else { return NetworkShare(text: peer) }
        let hops = forwarded.flatMap { $0.split(separator: ",") }.suffix(Self.maximumHops)
        for hop in hops.reversed() {
            let text = hop.drop { $0 == " " }.prefix { $0 != " " }
            guard let share = NetworkShare(text: String(text)) else { return nil }
            if !contain(Self.address(of: String(text))) { return share }
        }
        return nil
    }

    /// How many of our own proxies are between the nearest one and whoever asks.
    package func hops(_ nodes: [String]) -> Int {
        nodes.suffix(Self.maximumHops).reversed().prefix { contain(Self.address(of: $0)) }.count
    }

    /// Without brackets or a port.
    private static func address(of node: String) -> String {
        if node.first == "[" { return String(node.dropFirst().prefix { $0 != "]" }) }
        return node.count { $0 == ":" } == 1 ? String(node.prefix { $0 != ":" }) : node
    }

    package var isEmpty: Bool { networks.isEmpty }

    private static let maximumHops = 16

    private struct Network: Hashable, Sendable {
        let high: UInt64
        let low: UInt64
        let highMask: UInt64
        let lowMask: UInt64

        init?(_ text: String) {
            let parts = text.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2,
                let address = SocketAddress(text: String(first), port: 0)
            else { return nil }
            let width = address.ipv4 == nil ? 128 : 32
            var bits = width
            if parts.count == 2 {
                guard let given = Int(parts[1]), (0...width).contains(given) else { return nil }
                bits = given
            }
            // IPv4 addresses are the last 32 bits.
            bits += 128 - width
            highMask = bits >= 64 ? .max : ~(.max >> UInt64(bits))
            lowMask = bits <= 64 ? 0 : ~(.max >> UInt64(bits - 64))
            high = address.high & highMask
            low = address.low & lowMask
        }

        func contains(_ address: SocketAddress) -> Bool {
            address.high & highMask == high && address.low & lowMask == low
        }
    }
}
