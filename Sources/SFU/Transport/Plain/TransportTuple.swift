internal import Wire

/// Which of a transport's two ports, if RTCP has one of its own.
package enum TransportPort {
    case rtp
    case rtcp
}

/// Where the one peer of a plain or pipe transport is (mediasoup's *TransportTuple*), and how that becomes known.
///
/// Nothing is taken from anywhere else.
struct TransportTuple {
    let rtcpMux: Bool
    let comedia: Bool
    /// Where RTP goes; `nil`: not known yet.
    private(set) var rtp: SocketAddress?
    /// Where RTCP goes.
    private(set) var rtcp: SocketAddress?

    init(rtcpMux: Bool, comedia: Bool) {
        self.rtcpMux = rtcpMux
        self.comedia = comedia
    }

    /// The peer is there.
    mutating func set(rtp: SocketAddress, rtcp: SocketAddress) {
        self.rtp = rtp
        self.rtcp = rtcp
    }

    /// Whoever sends next is the peer.
    mutating func forget() {
        guard comedia else { return }
        rtp = nil
        rtcp = nil
    }

    /// Whether a packet from `source` may be the peer's.
    func accepts(_ source: SocketAddress, at port: TransportPort) -> Bool {
        guard let known = port == .rtp || rtcpMux ? rtp : rtcp else { return comedia }
        return known == source
    }

    /// A packet from `source` was the peer's; returns whether that tells where it is.
    mutating func learn(_ source: SocketAddress, at port: TransportPort) -> Bool {
        guard comedia else { return false }
        if rtcpMux {
            guard rtp == nil else { return false }
            rtp = source
            rtcp = source
            return true
        }
        switch port {
        case .rtp:
            guard rtp == nil else { return false }
            rtp = source
        case .rtcp:
            guard rtcp == nil else { return false }
            rtcp = source
        }
        return true
    }
}
