internal import Wire

/// The sources that valid checks have come from lately, a few at most, and whether each has proved that the peer is
/// there and receives.
struct ICETuples: Sendable {
    struct Tuple {
        var address: SocketAddress
        var lastCheck: Instant
        /// Whether something that was sent to it has come back: a check alone may carry anybody's address.
        var isProven = false
        /// In bytes, until then.
        var received = 0
        var sent = 0
        /// Of the check of it that waits for an answer.
        var id: STUNTransactionID?
    }

    static let capacity = 8
    /// What an address may be sent for each byte that seems to come from it (as RFC 9000 §8.1 has it).
    static let amplification = 3

    private(set) var tuples: [Tuple] = []

    func contains(_ address: SocketAddress) -> Bool {
        for tuple in tuples where tuple.address == address { return true }
        return false
    }

    func isProven(_ address: SocketAddress) -> Bool {
        for tuple in tuples where tuple.address == address { return tuple.isProven }
        return false
    }

    func lastCheck(from address: SocketAddress) -> Instant? {
        tuples.first { $0.address == address }?.lastCheck
    }

    /// Takes note of a valid check from `address`, or of what proves it, and forgets sources whose consent has expired.
    ///
    /// If there are too many, the one that has been silent for longest goes, those without proof first, but never
    /// `selected`.
    mutating func note(_ address: SocketAddress, now: Instant, keeping selected: SocketAddress?) {
        if let index = index(of: address) {
            tuples[index].lastCheck = now
            return
        }
        tuples.removeAll { now - $0.lastCheck >= ICEConsent.expiry && $0.address != selected }
        if tuples.count == Self.capacity,
            let oldest = tuples.indices.filter({ tuples[$0].address != selected })
                .min(by: {
                    let (one, other) = (tuples[$0], tuples[$1])
                    return one.isProven == other.isProven ? one.lastCheck < other.lastCheck : !one.isProven
                })
        {
            tuples.remove(at: oldest)
        }
        tuples.append(Tuple(address: address, lastCheck: now))
    }

    // MARK: Proof

    mutating func prove(_ address: SocketAddress) {
        guard let index = index(of: address) else { return }
        tuples[index].isProven = true
        tuples[index].id = nil
    }

    mutating func noteReceived(_ bytes: Int, from address: SocketAddress) {
        if let index = index(of: address) { tuples[index].received += bytes }
    }

    mutating func noteSent(_ bytes: Int, to address: SocketAddress) {
        if let index = index(of: address) { tuples[index].sent += bytes }
    }

    /// Whether so many bytes may be sent to an address that has proved nothing.
    func allows(_ bytes: Int, to address: SocketAddress) -> Bool {
        guard let index = index(of: address) else { return false }
        return tuples[index].sent + bytes <= Self.amplification * tuples[index].received
    }

    /// The transaction in which `address` is checked, the same until it is answered.
    mutating func transaction(
        for address: SocketAddress,
        using random: inout RandomSource
    ) -> STUNTransactionID? {
        guard let index = index(of: address) else { return nil }
        if let id = tuples[index].id { return id }
        let id = STUNTransactionID.random(using: &random)
        tuples[index].id = id
        return id
    }

    /// Whether the check of `source` is the one that `id` answers.
    func isAnswered(by id: STUNTransactionID, from source: SocketAddress) -> Bool {
        tuples.contains { $0.address == source && $0.id == id }
    }

    mutating func forgetTransactions() {
        for index in tuples.indices { tuples[index].id = nil }
    }

    /// The one with proof that was heard last.
    var newestProven: SocketAddress? {
        tuples.filter(\.isProven).max { $0.lastCheck < $1.lastCheck }?.address
    }

    mutating func remove(_ address: SocketAddress) { tuples.removeAll { $0.address == address } }
    mutating func removeAll() { tuples.removeAll() }

    private func index(of address: SocketAddress) -> Int? {
        tuples.firstIndex { $0.address == address }
    }
}
