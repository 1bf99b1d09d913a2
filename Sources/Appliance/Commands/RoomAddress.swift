package import IO
package import Wire

/// Where people find the room, as it is printed once it is open.
package struct RoomAddress: Hashable, Sendable {
    /// What links begin with: an address with a slash at its end.
    package let text: String
    /// What else whoever has started it should know.
    package let note: String?

    /// - Parameters:
    ///   - port: The TCP port that is listened on.
    ///   - outside: The address by which people come, if one is known for certain.
    ///   - interfaces: The addresses of this machine.
    package init(
        _ configuration: Configuration,
        port: Int,
        outside: String? = nil,
        interfaces: [SocketAddress] = SocketAddress.ofInterfaces()
    ) {
        let scheme = configuration.usesTLS ? "https" : "http"
        func address(_ name: String) -> String {
            "\(scheme)://\(name.contains(":") ? "[\(name)]" : name):\(port)/"
        }
        let name: String
        var isKnown = true
        if configuration.listensEverywhere {
            // What browsers are told of, and what the certificate is for, is reached from outside.
            let named =
                configuration.certificateNames.first { !Self.loopback.contains($0) }
                ?? configuration.announcedAddresses.first { !Self.loopback.contains($0) }
            isKnown = named != nil
            name = named ?? interfaces.first?.text ?? "localhost"
        } else {
            name = configuration.isLocal ? "localhost" : configuration.host
        }
        let origin = configuration.origins.first.map { $0.hasSuffix("/") ? $0 : $0 + "/" }
        if let reached = outside ?? origin {
            text = reached
            note = "Inside it is \(address(configuration.listensEverywhere ? "localhost" : name))"
        } else {
            text = address(name)
            note = isKnown ? nil : Self.advice
        }
    }

    private static let advice = """
        Where that is not reached, as behind a published port or a proxy, tls.names (DESKROOM_TLS_NAMES) and \
        http.origins (DESKROOM_HTTP_ORIGINS) name the address outside.
        """
    private static let loopback: Set = ["127.0.0.1", "::1", "localhost"]
}

extension Configuration {
    fileprivate var listensEverywhere: Bool { host == "0.0.0.0" || host == "::" }
}
