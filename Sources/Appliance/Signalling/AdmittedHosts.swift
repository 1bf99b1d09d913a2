internal import IO
internal import Wire

/// The names by which pages may reach the room over plain HTTP.
///
/// A page of another site may have its name resolve to this machine (DNS rebinding): for the browser the room is
/// then a part of that site. The name is in `Host`, so only known ones are answered. Addresses need not be known:
/// a browser that has one in its address bar went there. Over HTTPS the certificate keeps foreign names out.
package struct AdmittedHosts: Hashable, Sendable {
    private let names: Set<String>?

    package init(_ configuration: Configuration) {
        guard !configuration.usesTLS else {
            names = nil
            return
        }
        let origins = configuration.origins.compactMap { Self.host(ofOrigin: $0) }
        names = Set(
            (["localhost", configuration.host] + configuration.hosts + configuration.certificateNames
                + origins + [configuration.front.base?.name].compactMap { $0 })
                .map { $0.lowercased() }
        )
    }

    /// - Parameter host: The header's value (RFC 9110 §7.2); a request without one comes from no browser.
    package func admit(_ host: String?) -> Bool {
        guard let names, let host else { return true }
        let name = Self.name(of: host.lowercased())
        if names.contains(name) || name.hasSuffix(".localhost") { return true }
        return SocketAddress(text: name, port: 0) != nil
    }

    /// Without the port, brackets, and the dot that ends a whole name.
    private static func name(of host: String) -> String {
        if host.first == "[", let end = host.firstIndex(of: "]") {
            return String(host[host.index(after: host.startIndex)..<end])
        }
        let name = host.prefix { $0 != ":" }
        return String(name.last == "." ? name.dropLast() : name)
    }

    private static func host(ofOrigin origin: String) -> String? {
        guard let scheme = origin.firstRange(of: "://") else { return nil }
        return name(of: String(origin[scheme.upperBound...]))
    }
}
