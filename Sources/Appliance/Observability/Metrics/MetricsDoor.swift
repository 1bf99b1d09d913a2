/// Who may read metrics without showing a secret.
package struct MetricsDoor: Sendable {
    private let access: MetricsSettings.Access
    private let secret: Secret?

    package init(_ settings: MetricsSettings) {
        access = settings.access
        secret = settings.secret.map { Secret($0) }
    }

    /// Whether there are any to read.
    package var isOpen: Bool { access != .off }

    /// Whether a request may be answered without a look at what the API knows of secrets.
    ///
    /// - Parameters:
    ///   - peer: The address of the connection's other end.
    ///   - isForwarded: Whether a proxy speaks for somebody else, wherever they are: then it is not known who asks.
    ///   - authorization: The header's value (RFC 6750).
    package func admits(peer: String, isForwarded: Bool, authorization: String?) -> Bool {
        if let authorization, let secret {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer", secret.matches(String(parts[1])) {
                return true
            }
        }
        guard !isForwarded else { return false }
        switch access {
        case .local: return Self.loopback.contain(peer)
        case .private: return Self.loopback.contain(peer) || Self.privateNetworks.contain(peer)
        case .off, .token: return false
        }
    }

    private static let loopback = TrustedProxies(["127.0.0.0/8", "::1"]) ?? TrustedProxies()
    private static let privateNetworks =
        TrustedProxies(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]) ?? TrustedProxies()
}
