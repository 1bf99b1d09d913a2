internal import Wire

/// What a connection makes up by chance: its nonce (RFC 8489 §9.2), which becomes stale after an hour, and transaction ids.
struct TURNChallenge: Sendable {
    private(set) var nonce = ""
    private var random: RandomSource
    private var until: Instant

    init(_ random: RandomSource, now: Instant) {
        self.random = random
        until = now
        renew(now: now)
    }

    /// Whether an answer to the nonce still counts; if it does not, there is another one from now on.
    mutating func isFresh(now: Instant) -> Bool {
        guard until <= now else { return true }
        renew(now: now)
        return false
    }

    /// For what the server sends by itself.
    mutating func transactionID() -> STUNTransactionID { .random(using: &random) }

    private mutating func renew(now: Instant) {
        nonce = String(random.next(), radix: 16) + String(random.next(), radix: 16)
        until = now + Self.lifetime
    }

    private static let lifetime = Interval.seconds(3_600)
}
