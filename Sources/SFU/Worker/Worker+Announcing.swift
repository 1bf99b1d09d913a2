internal import IO
internal import WebRTC
public import Wire

extension Worker {
    // MARK: Where the port can be reached

    /// Where the port can be reached, as newcomers and whoever restarts ICE are told.
    public var reachable: [ICECandidate] {
        let own = announced ?? candidates
        let more = handedOver?(own) ?? []
        return own + more.enumerated().map { ICECandidate($1, index: own.count + $0, transport: .tcpPassive) }
    }

    /// Takes other addresses from now on, best first; who is connected stays so.
    ///
    /// - Parameter addresses: With the port outside, or 0 for that of the port itself.
    public func announce(_ addresses: [SocketAddress]) {
        var addresses = addresses
        for index in addresses.indices where addresses[index].port == 0 {
            addresses[index].port = localAddress.port
        }
        announced = Self.candidates(at: addresses, takesConnections: isListening)
    }

    /// Asks these STUN servers, and no others, how they see the port; those that are asked already go on.
    public func discover(by servers: [SocketAddress]) {
        core.setDiscoveries(servers, now: .now())
        finishCall()
    }

    /// How the STUN servers see the port, by server; those that do not answer are left out.
    public var discovered: [SocketAddress: SocketAddress] {
        Dictionary(
            core.discoveries.compactMap { one in one.mapped.map { (one.server, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
