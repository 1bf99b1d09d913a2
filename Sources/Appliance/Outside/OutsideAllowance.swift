package import Access
internal import RemoteControl
package import Wire

/// How often somebody outside may ask: sessions few, what concerns one more often.
package struct OutsideAllowance: Sendable {
    package enum Request: Hashable, Sendable { case about, begin }

    private struct Asker: Hashable {
        var share: NetworkShare?
        var request: Request
    }

    private var rates: [Asker: RateLimit] = [:]

    package init() {}

    /// Addresses that are remembered, each once or twice.
    package var count: Int { rates.count }

    /// Counts a request; `false`: it is one too many.
    package mutating func admit(_ request: Request, from share: NetworkShare?, now: Instant) -> Bool {
        let asker = Asker(share: share, request: request)
        // Those that ask of late are few, unless there is a flood of addresses, which are then forgotten.
        if rates[asker] == nil, rates.count >= Self.remembered { rates.removeAll(keepingCapacity: true) }
        let limit = request == .begin ? Self.beginning : Self.about
        return rates[asker, default: limit].admit(now: now)
    }

    private static let beginning = RateLimit(rate: 1, burst: 20)
    private static let about = RateLimit(rate: 10, burst: 100)
    private static let remembered = 4_096
}
