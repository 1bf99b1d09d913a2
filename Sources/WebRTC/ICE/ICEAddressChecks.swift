internal import Wire

/// The checks under way to addresses that the peer may have moved to, a few at most.
///
/// Each address has one transaction, which is sent again for as long as packets go on coming from there, more
/// and more slowly; there is no timer.
struct ICEAddressChecks: Sendable {
    private struct Check {
        let address: SocketAddress
        let id: STUNTransactionID
        let began: Instant
        var next: Instant
        var wait: Interval
    }

    static let capacity = 4
    /// Between two checks, to whichever address.
    static let interval = Interval.milliseconds(100)
    /// When a check that nothing has answered is forgotten; until then it has been sent six times at most.
    static let expiry = Interval.seconds(5)

    private var checks: [Check] = []
    private var lastSent: Instant?

    func contains(_ address: SocketAddress) -> Bool { checks.contains { $0.address == address } }

    /// The transaction in which `address` is to be checked now; `nil` if that has been done lately.
    mutating func begin(
        _ address: SocketAddress,
        now: Instant,
        using random: inout RandomSource
    ) -> STUNTransactionID? {
        checks.removeAll { now - $0.began >= Self.expiry }
        if let lastSent, now - lastSent < Self.interval { return nil }
        if let index = checks.firstIndex(where: { $0.address == address }) {
            guard now >= checks[index].next else { return nil }
            checks[index].wait = checks[index].wait * 2
            checks[index].next = now + checks[index].wait
            lastSent = now
            return checks[index].id
        }
        if checks.count == Self.capacity { checks.removeFirst() }
        let id = STUNTransactionID.random(using: &random)
        checks.append(
            Check(address: address, id: id, began: now, next: now + Self.interval, wait: Self.interval)
        )
        lastSent = now
        return id
    }

    /// Whether the check of `source` is the one that `id` answers.
    func isAnswered(by id: STUNTransactionID, from source: SocketAddress) -> Bool {
        checks.contains { $0.address == source && $0.id == id }
    }

    mutating func remove(_ address: SocketAddress) { checks.removeAll { $0.address == address } }
    mutating func removeAll() { checks.removeAll() }
}
