package import Access

/// Where a request comes from, and what it was sent to in the browser: as the connection has it, or as proxies of
/// `http.proxies` say.
package struct RequestSource: Hashable, Sendable {
    /// Whose share of the room it counts for; `nil`: nobody's in particular.
    package let share: NetworkShare?
    /// Whether the connection's other end is one of `http.proxies`.
    package let isByProxy: Bool
    /// Whether the browser speaks HTTPS, to the room or to the proxy.
    package let isSecure: Bool
    /// Name or address, with a port where the browser has one; `nil`: comes from no browser.
    package let host: String?
    /// What a proxy says that it has, or has not yet, taken off the path: `/s/42`, or empty.
    package let prefix: String
    /// The connection's other end claims to pass requests on, and nobody has named it.
    package let hasUnknownProxy: Bool

    /// - Parameter peer: Who speaks here: the connection's other end, or whom its PROXY header names.
    /// - Parameter isByProxy: Whether the connection itself comes from one of `http.proxies`.
    /// - Parameter isSecure: Whether the browser's TLS ends here, or in the proxy, by its PROXY header.
    /// - Parameter values: Those of a header, by its name in lower case.
    package init(
        peer: String,
        isByProxy: Bool,
        isSecure: Bool,
        host: String?,
        proxies: TrustedProxies,
        forwarded: FrontSettings.ForwardedChoice,
        values: (String) -> [String]
    ) {
        self.isByProxy = isByProxy
        guard proxies.contain(peer) else {
            share = NetworkShare(text: peer)
            self.isSecure = isSecure
            self.host = host
            prefix = ""
            hasUnknownProxy =
                !isByProxy && (!values("x-forwarded-for").isEmpty || !values("forwarded").isEmpty)
            return
        }
        hasUnknownProxy = false
        let claims = Claims(forwarded, values)
        share = proxies.origin(peer: peer, forwarded: claims.nodes)
        // The claims that the outermost of our own proxies has made, where each has made one.
        let back = proxies.hops(claims.nodes)
        self.isSecure = claims.schemes.claim(back).map { $0 == "https" || $0 == "wss" } ?? isSecure
        self.host = claims.hosts.claim(back) ?? host
        prefix = Self.prefix(claims.prefix)
    }

    private static func prefix(_ claim: String?) -> String {
        guard let claim, claim.first == "/", claim.utf8.count <= 256 else { return "" }
        return claim.split(separator: "/").map { "/" + $0 }.joined()
    }

    private struct Claims {
        var nodes: [String] = []
        var schemes: [String] = []
        var hosts: [String] = []
        var prefix: String?

        init(_ choice: FrontSettings.ForwardedChoice, _ values: (String) -> [String]) {
            switch choice {
            case .xForwarded:
                nodes = Self.list(values("x-forwarded-for"))
                schemes = Self.list(values("x-forwarded-proto")).map { $0.lowercased() }
                hosts = Self.list(values("x-forwarded-host"))
                prefix = Self.list(values("x-forwarded-prefix")).last
            case .forwarded:
                // What cannot be read says nothing, and counts for nobody in particular.
                let elements = ForwardedElement.all(parsing: values("forwarded")) ?? []
                nodes = elements.map { $0.node ?? "unknown" }
                schemes = elements.compactMap(\.scheme)
                hosts = elements.compactMap(\.host)
            }
        }

        private static func list(_ values: [String]) -> [String] {
            values.flatMap { $0.split(separator: ",") }.map { value in
                String(value.drop { $0 == " " }.prefix { $0 != " " })
            }
            .filter { !$0.isEmpty }
        }
    }
}

extension [String] {
    /// The claim made so many proxies back, counted from the nearest; the first there is, if fewer were made.
    fileprivate func claim(_ back: Int) -> String? {
        isEmpty ? nil : self[Swift.max(0, count - 1 - back)]
    }
}
