internal import WebRTC
package import Wire

/// Datagrams that come over TCP connections, and what becomes of these.
extension WorkerCore {
    /// Whether a transport takes what comes from there: its peer has sent a valid check.
    package func accepts(_ source: SocketAddress) -> Bool {
        addresses.owner(of: source) != nil || !addresses.candidates(at: source).isEmpty
    }

    /// Whether this is a check for one of the transports, going by its name.
    package func isCheck(_ datagram: RawSpan) -> Bool {
        guard PacketKind(of: datagram) == .stun, let name = STUNMessage.localUsernameFragment(of: datagram)
        else { return false }
        return addresses.transport(named: name) != nil
    }

    /// The connection to `source` is over.
    package func handleClosed(_ source: SocketAddress, now: Instant, into queue: inout TransmitQueue) {
        for transport in addresses.transports where transport.ice.accepts(source) {
            transport.handleClosed(source, now: now, into: &queue)
        }
        collect()
    }

    /// The path to `source` takes no more at the moment, or takes something again.
    package func setBlocked(_ source: SocketAddress, _ isBlocked: Bool, now: Instant) {
        for transport in addresses.transports where transport.address == source {
            transport.egress.setBlocked(isBlocked, now: now)
        }
    }
}

extension WebRTCTransport {
    /// The connection to `source` is over: another path is used at once, if there is one.
    func handleClosed(_ source: SocketAddress, now: Instant, into queue: inout TransmitQueue) {
        ice.handleClosed(source)
        drainICE(now: now, into: &queue)
        rearm(now: now)
    }
}
