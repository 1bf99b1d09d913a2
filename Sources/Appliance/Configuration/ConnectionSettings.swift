internal import IO
internal import Logging
package import SFU
package import Wire

/// Media over TCP: where UDP is blocked, and how little a firewall has to let through.
package struct ConnectionSettings: Hashable, Sendable {
    /// `media.tcp`: whether media is also taken over TCP, at the media port's number and at the page's port; `on` or `off`;
    /// default `on`.
    package var isOn = true
    /// `media.tcp.ports`: the TCP ports, separated by commas, at which browsers reach media from outside, in the place of the
    /// page's own, such as `443` where that is forwarded to `http.port`.
    ///
    /// Default: `http.port`, at the addresses it listens at.
    package var ports: [UInt16] = []

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isOn = try values.flag("media.tcp") ?? true
        for text in values.list("media.tcp.ports") ?? [] {
            guard let port = UInt16(text), port > 0 else {
                throw ConfigurationError(
                    key: "media.tcp.ports",
                    problem: "“\(text)” is not a port, a whole number from 1 to 65535"
                )
            }
            ports.append(port)
        }
    }
}

extension Configuration {
    /// Where browsers reach the page's port with media.
    ///
    /// - Parameters:
    ///   - port: The page's own.
    ///   - candidates: Where they reach the media port.
    package func handOverAddresses(port: Int, candidates: [ICECandidate]) -> [SocketAddress] {
        guard connections.isOn else { return [] }
        let host = self.host == "localhost" ? "127.0.0.1" : self.host
        let listening = SocketAddress(text: host, port: 0)
        let isEverywhere = ["0.0.0.0", "::"].contains(host) || listening == nil
        let ports = connections.ports.isEmpty ? [UInt16(clamping: port)] : connections.ports
        var found: [SocketAddress] = []
        for candidate in candidates {
            var address = candidate.address
            address.port = 0
            // Behind ports that somebody forwards, it is known by whoever has named them.
            guard isEverywhere || address == listening || !connections.ports.isEmpty else { continue }
            for port in ports {
                address.port = port
                let isKnown = candidates.contains { $0.transport == .tcpPassive && $0.address == address }
                if !isKnown, !found.contains(address) { found.append(address) }
            }
        }
        return found
    }
}

extension Worker {
    /// Who takes connections to the page's port that carry media; `nil`: nobody does.
    nonisolated func mediaHandOver(
        _ configuration: Configuration,
        _ log: Logger
    ) -> (@Sendable (CInt, [UInt8], Bool) async -> Void)? {
        guard configuration.connections.isOn else { return nil }
        if !isListening, configuration.port != Int(configuration.mediaPort) {
            log.warning(
                "Media over TCP is not taken at the media port: another program has it",
                metadata: ["port": "\(localAddress.port)"]
            )
        }
        return { descriptor, received, isShared in
            await self.takeConnection(descriptor, received: received, isShared: isShared)
        }
    }
}

extension DescriptorLimit {
    /// How many connections the page's server may have, if so many are the media's.
    func connections(besides media: Int) -> Int {
        max(1, connections(atMost: WebServer.mostConnections + media) - media)
    }
}
