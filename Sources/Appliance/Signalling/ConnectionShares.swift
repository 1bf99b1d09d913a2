package import Access
internal import RemoteControl
package import Wire

/// Which connections to the page's server are kept when somebody opens very many: bounded in all and for each
/// address, at the cost of whoever has proved least, and never of people in the room.
///
/// Call ``admit(_:now:)`` for each new connection, ``advance(_:to:)`` as it proves what it is, and ``end(_:)`` once
/// when it is over.
package struct ConnectionShares {
    package typealias ID = UInt64

    package struct Limits: Hashable, Sendable {
        package var total: Int
        package var perAddress: Int
        /// New connections from one address: a second, and at once.
        ///
        /// With TLS each costs a handshake.
        package var rate: Int64
        package var burst: Int64

        package init(total: Int, perAddress: Int, rate: Int64 = 50, burst: Int64 = 400) {
            self.total = total
            self.perAddress = perAddress
            self.rate = rate
            self.burst = burst
        }
    }

    /// What a connection has proved to be, least first.
    package enum Stage: Int, Comparable, Sendable {
        /// It has not sent a whole request.
        case asking
        /// It fetches what the page consists of.
        case browsing
        /// It is a WebSocket whose page has not joined.
        case talking
        /// It is the page of a person in the room.
        case joined

        package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
    }

    package enum Admission: Hashable, Sendable {
        /// With the connection to close in its favour, if there is one.
        case admitted(ID, evicted: ID?)
        case refused
    }

    private struct Entry {
        let share: NetworkShare?
        var stage = Stage.asking
    }

    private struct Share {
        /// All that are open, and those that nobody has joined by.
        var count = 0
        var unproved = 0
        var rate: RateLimit
    }

    private let limits: Limits
    private var entries: [ID: Entry] = [:]
    private var shares: [NetworkShare: Share] = [:]
    private var lastID: ID = 0

    /// Connections that were turned away or closed in favour of others.
    package private(set) var refused: UInt64 = 0
    package private(set) var evicted: UInt64 = 0

    package init(_ limits: Limits) {
        self.limits = limits
    }

    package var count: Int { entries.count }
    /// Addresses that are remembered.
    package var addresses: Int { shares.count }

    /// - Parameter share: `nil` for a proxy's connection, which has no share of its own.
    package mutating func admit(_ share: NetworkShare?, now: Instant) -> Admission {
        var victim: ID?
        if let share {
            forgetIdle(now: now)
            var counts = shares[share] ?? Share(rate: RateLimit(rate: limits.rate, burst: limits.burst))
            let isInTime = counts.rate.admit(now: now)
            shares[share] = counts
            guard isInTime else { return refuse() }
            if counts.count >= limits.perAddress {
                guard let own = cheapest(where: { $0.share == share }) else { return refuse() }
                victim = own
            }
        }
        if victim == nil, entries.count >= limits.total {
            guard let other = cheapest(where: { _ in true }) else { return refuse() }
            victim = other
        }
        if let victim {
            evicted += 1
            end(victim)
        }
        lastID += 1
        entries[lastID] = Entry(share: share)
        if let share {
            shares[share]?.count += 1
            shares[share]?.unproved += 1
        }
        return .admitted(lastID, evicted: victim)
    }

    /// Returns `false` if it has been evicted.
    @discardableResult
    package mutating func advance(_ id: ID, to stage: Stage) -> Bool {
        guard let entry = entries[id] else { return false }
        if entry.stage != .joined, stage == .joined, let share = entry.share { shares[share]?.unproved -= 1 }
        entries[id]?.stage = max(stage, entry.stage)
        return true
    }

    package mutating func end(_ id: ID) {
        guard let entry = entries.removeValue(forKey: id), let share = entry.share else { return }
        shares[share]?.count -= 1
        if entry.stage != .joined { shares[share]?.unproved -= 1 }
    }

    private mutating func refuse() -> Admission {
        refused += 1
        return .refused
    }

    /// What is closed first: of the address with most connections that nobody has joined by, the one that has
    /// proved least, the oldest of these.
    private func cheapest(where isCandidate: (Entry) -> Bool) -> ID? {
        var best: (id: ID, weight: Int, stage: Stage)?
        for (id, entry) in entries where entry.stage != .joined && isCandidate(entry) {
            let weight = entry.share.flatMap { shares[$0]?.unproved } ?? 1
            guard let other = best else {
                best = (id, weight, entry.stage)
                continue
            }
            let isCheaper =
                weight != other.weight
                ? weight > other.weight : (entry.stage, id) < (other.stage, other.id)
            if isCheaper { best = (id, weight, entry.stage) }
        }
        return best?.id
    }

    /// Addresses without a connection are remembered for their rate, up to a bound.
    private mutating func forgetIdle(now: Instant) {
        guard shares.count >= limits.total + Self.remembered else { return }
        shares = shares.filter { $0.value.count > 0 }
    }

    private static let remembered = 4_096
}
