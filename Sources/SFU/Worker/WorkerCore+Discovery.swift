internal import WebRTC
package import Wire

extension WorkerCore {
    package func setDiscoveries(_ servers: [SocketAddress], now: Instant) {
        let known = discoveries.filter { servers.contains($0.server) }
        discoveries =
            known
            + servers.filter { server in !known.contains { $0.server == server } }
            .map { AddressDiscovery(server: $0, now: now) }
    }

    /// Asks those STUN servers that it is time to ask.
    func pollDiscoveries(now: Instant, into queue: inout TransmitQueue) {
        for index in discoveries.indices {
            discoveries[index].pollTransmit(now: now, using: &random, into: &queue)
        }
    }

    /// Whether a message that is no transport's is a STUN server's answer.
    func handleDiscovery(_ datagram: RawSpan, from source: SocketAddress, now: Instant) -> Bool {
        for index in discoveries.indices where discoveries[index].handle(datagram, from: source, now: now) {
            return true
        }
        return false
    }
}
