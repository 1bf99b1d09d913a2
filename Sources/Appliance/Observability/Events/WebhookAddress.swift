internal import Foundation
internal import IO
package import TLS
internal import Wire

/// Where events are sent to.
package struct WebhookAddress: Hashable, Sendable {
    package let host: String
    package let port: Int
    /// With the query.
    package let path: String
    package let isSecure: Bool

    /// - Parameter text: An address with https; with http only of this machine, such as that of a side-car. `nil` for
    ///   anything else.
    package init?(_ text: String) {
        guard let parts = URLComponents(string: text), let name = parts.host, !name.isEmpty,
            parts.user == nil,
            parts.password == nil, parts.fragment == nil
        else { return nil }
        let host = name.hasPrefix("[") ? String(name.dropFirst().dropLast()) : name
        switch parts.scheme?.lowercased() {
        case "https": isSecure = true
        case "http" where Self.isLocal(host): isSecure = false
        default: return nil
        }
        self.host = host
        port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        self.path = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// The header `Host`.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// What the receiver's certificate has to be for.
    package var peer: TLSName {
        SocketAddress(text: host, port: 0).map { .address($0.octets) } ?? .host(host)
    }

    private static func isLocal(_ host: String) -> Bool {
        host.lowercased() == "localhost" || host == "::1"
            || TrustedProxies(["127.0.0.0/8"])?.contain(host) == true
    }
}
