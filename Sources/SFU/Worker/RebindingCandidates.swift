internal import Wire

/// Which transports a datagram from an unknown address is tried for, and how many such datagrams are looked at.
struct RebindingCandidates {
    private struct Candidate {
        var lead: UInt64
        var place: Int
    }

    /// Those to try, the likeliest first.
    private var candidates: [Candidate] = []
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

    /// The transports that a datagram is plausible for by its number and SSRC, the likeliest first.
    mutating func select(
        of datagram: RawSpan,
        _ kind: PacketKind,
        among transports: [WebRTCTransport],
        using random: inout RandomSource
    ) -> [WebRTCTransport] {
        candidates.removeAll(keepingCapacity: true)
        // Any of those that are equally likely may be the first: turns could be in step with who sends.
        let start = Int.random(in: transports.indices, using: &random)
        for offset in transports.indices {
            let place = (start + offset) % transports.count
            guard let lead = transports[place].lead(of: datagram, kind: kind) else { continue }
            add(lead, place)
        }
        return candidates.map { transports[$0.place] }
    }

    private mutating func add(_ lead: UInt64, _ place: Int) {
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
