internal import WebRTC
internal import Wire

/// NAT rebinding: a datagram from an unknown address, and the transport whose peer a router may have moved there.
///
/// Its number and SSRC, which are not encrypted, tell which transports it would be plausible for; few are
/// tried, and no more than ``RebindingCandidates`` allows, so that strangers cost little.
extension WorkerCore {
    /// Takes the datagram if the keys of some transport prove that it is from its peer.
    func handleRebound(
        _ datagram: RawSpan,
        kind: PacketKind,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        let transports = addresses.transports
        guard kind != .stun, !transports.isEmpty, rebinding.take(now: now) else { return false }
        for transport in rebinding.select(of: datagram, kind, among: transports, using: &random)
        where transport.handleRebound(datagram, kind: kind, from: source, now: now, into: &queue) {
            statistics.datagramsRebound += 1
            if kind == .rtp { hasReceived = true } else { collect() }
            return true
        }
        return false
    }
}

extension WorkerCore {
    /// Takes a datagram from an address that several transports' peers have proved to be theirs, or that one has only
    /// claimed, if the keys of one of them say so.
    ///
    /// A handshake has no keys yet: it is taken by whoever is waiting for one.
    func handleShared(
        _ datagram: RawSpan,
        kind: PacketKind,
        from source: SocketAddress,
        now: Instant,
        into queue: inout TransmitQueue
    ) -> Bool {
        guard kind != .stun else { return false }
        let candidates = addresses.candidates(at: source)
        guard !candidates.isEmpty else { return false }
        if kind == .dtls, datagram.bigEndian(UInt8.self, at: 0) != Self.applicationData {
            let transport = candidates.first(where: \.isShakingHands) ?? candidates[0]
            if transport.isShakingHands { coalescing.handleMedia() }
            transport.handleDTLS(datagram, from: source, now: now, into: &queue)
            collect()
            return true
        }
        for transport in candidates
        where transport.takeAuthentic(datagram, kind: kind, now: now, into: &queue) {
            addresses.prefer(transport, at: source)
            transport.rearm(now: now)
            if kind == .rtp { hasReceived = true } else { collect() }
            return true
        }
        return false
    }

    /// The type of a DTLS record that carries messages (RFC 6347 §4.1).
    static let applicationData: UInt8 = 23
}
