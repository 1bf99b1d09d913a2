internal import SFU
internal import WebRTC

extension Worker {
    /// The room's TURN server, which relays to this Worker's port.
    nonisolated func turnRelay(_ credentials: TURNCredentials, _ configuration: Configuration) -> TURNRelay {
        TURNRelay(credentials, people: configuration.maximumPeople, port: localAddress) {
            await self.reachable.filter { $0.transport == .udp }.map(\.address)
        }
    }
}
