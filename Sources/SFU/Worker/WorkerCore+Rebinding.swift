internal import WebRTC
internal import Wire

/// NAT rebinding: a datagram from an unknown address, and the transport whose peer a router may have moved there.
///
/// Its number and SSRC, which are not encrypted, tell which transports it would be plausible for; few are
/// tried, and no more than ``RebindingBudget`` allows, so that strangers cost little.
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
        rebinding.begin()
        // Any of those that are equally likely may be the first: turns could be in step with who sends.
        let start = Int.random(in: transports.indices, using: &random)
        for offset in transports.indices {
            let place = (start + offset) % transports.count
            guard let lead = transports[place].lead(of: datagram, kind: kind) else { continue }
            rebinding.add(lead, place)
        }
        for candidate in rebinding.candidates {
            let transport = transports[candidate.place]
            guard transport.handleRebound(datagram, kind: kind, from: source, now: now, into: &queue) else {
                continue
            }
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

/// What may be spent on datagrams from unknown addresses.
struct RebindingBudget {
    struct Candidate {
        var lead: UInt64
        var place: Int
    }

    /// Those to try, the likeliest first.
    private(set) var candidates: [Candidate] = []
    private var left = burst
    private var refilled: Instant?

    init() { candidates.reserveCapacity(Self.tries + 1) }

    /// Whether another datagram may be looked at.
    mutating func take(now: Instant) -> Bool {
        let since = refilled ?? now
        let earned = Int((now - since).nanoseconds / Self.interval.nanoseconds)
        if earned > 0 || refilled == nil {
            left = min(Self.burst, left + earned)
            refilled = left == Self.burst ? now : since + Self.interval * Int64(earned)
        }
        guard left > 0 else { return false }
        left -= 1
        return true
    }

    mutating func begin() { candidates.removeAll(keepingCapacity: true) }

    mutating func add(_ lead: UInt64, _ place: Int) {
        let index = candidates.firstIndex { lead < $0.lead } ?? candidates.count
        guard index < Self.tries else { return }
        candidates.insert(Candidate(lead: lead, place: place), at: index)
        if candidates.count > Self.tries { candidates.removeLast() }
    }

    /// Transports that one datagram is decrypted for.
    ///
    /// The right one's number is the very next but for what was lost; but browsers that only receive all report
    /// under the same SSRC, and may have come together.
    private static let tries = 16
    /// 500 datagrams a second, and as many at once as some cameras send in a round trip.
    private static let interval = Interval.milliseconds(2)
    private static let burst = 200
}
