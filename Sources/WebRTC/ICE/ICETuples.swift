internal import Wire

/// The sources that valid checks have come from lately, a few at most.
struct ICETuples: Sendable {
    private struct Tuple {
        var address: SocketAddress
        var lastCheck: Instant
    }

    static let capacity = 8

    private var tuples: [Tuple] = []

    func contains(_ address: SocketAddress) -> Bool {
        tuples.contains { $0.address == address }
    }

    func lastCheck(from address: SocketAddress) -> Instant? {
        tuples.first { $0.address == address }?.lastCheck
    }

    /// Takes note of a valid check from `address`, and forgets sources whose consent has expired; if there
    /// are too many, the one that has been silent for longest goes, but never `selected`.
    mutating func note(_ address: SocketAddress, now: Instant, keeping selected: SocketAddress?) {
        if let index = tuples.firstIndex(where: { $0.address == address }) {
            tuples[index].lastCheck = now
            return
        }
        tuples.removeAll { now - $0.lastCheck >= ICEConsent.expiry && $0.address != selected }
        if tuples.count == Self.capacity,
            let oldest = tuples.indices.filter({ tuples[$0].address != selected })
                .min(by: { tuples[$0].lastCheck < tuples[$1].lastCheck })
        {
            tuples.remove(at: oldest)
        }
        tuples.append(Tuple(address: address, lastCheck: now))
    }

    mutating func removeAll() { tuples.removeAll() }
}
