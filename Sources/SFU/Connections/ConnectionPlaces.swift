package import Wire

/// Which TCP connections for media are kept: so many in all and from each network address, at the cost of whoever has
/// proved least, and never of somebody whose check a transport has taken.
///
/// Call ``admit(_:now:)`` for each new one, ``handleReceived(_:isProven:now:)`` for each frame until it returns `true`,
/// ``setStalled(_:_:now:)`` as its queue fills and empties, ``end(_:)`` when it is over, and close whatever
/// ``pollExpired(now:)`` says once ``pollTimeout()`` has come.
package struct ConnectionPlaces {
    package struct Limits: Hashable, Sendable {
        /// Connections.
        package var total = 512
        package var perAddress = 256
        /// How long a connection may take to send a check that a transport takes.
        package var opening = Interval.seconds(5)
        /// How many frames.
        package var openingFrames = 8
        /// How long it may say nothing.
        ///
        /// A peer that uses it checks it every few seconds, and one that keeps it in reserve several times a minute.
        package var idle = Interval.seconds(60)
        /// How long nothing may go, though something waits: its far end does not read, or is gone.
        package var stalled = Interval.seconds(10)

        package init(total: Int = 512) {
            self.total = min(total, SocketAddress.maximumConnections)
            perAddress = max(1, self.total / 2)
        }
    }

    package enum Admission: Hashable, Sendable {
        /// With the one to close in its favour, if there is one.
        case admitted(UInt16, evicted: UInt16?)
        case refused
    }

    private struct Entry {
        /// Whose share of the places it takes; `nil`: nobody's, since many come through there.
        var share: SocketAddress?
        var came: Instant
        var heard: Instant
        var frames = 0
        var isProven = false
        var stalledSince: Instant?
    }

    private struct Share {
        var count = 0
        var unproven = 0
    }

    private let limits: Limits
    private var entries: [UInt16: Entry] = [:]
    private var shares: [SocketAddress: Share] = [:]
    private var last: UInt16 = 0
    /// Before that nothing expires.
    private var next = Instant.never

    /// Connections that were turned away, and that were closed in favour of others.
    package private(set) var refused = 0
    package private(set) var evicted = 0
    /// Connections that had not said in time what they are for, or something else.
    package private(set) var strangers = 0

    package init(_ limits: Limits) { self.limits = limits }

    package var count: Int { entries.count }

    /// - Parameter peer: Where it comes from; `nil` if that says nothing, because a proxy stands between.
    package mutating func admit(_ peer: SocketAddress?, now: Instant) -> Admission {
        let share = peer.map(Self.share)
        var victim: UInt16?
        if let share, shares[share]?.count ?? 0 >= limits.perAddress {
            victim = oldestUnproven { $0.share == share }
            guard victim != nil else { return refuse() }
        }
        if victim == nil, entries.count >= limits.total {
            victim = cheapest()
            guard victim != nil else { return refuse() }
        }
        if let victim {
            evicted += 1
            end(victim)
        }
        repeat { last = (last + 1) % UInt16(SocketAddress.maximumConnections) } while entries[last] != nil
        entries[last] = Entry(share: share, came: now, heard: now)
        if let share {
            shares[share, default: Share()].count += 1
            shares[share]?.unproven += 1
        }
        next = min(next, now + limits.opening)
        return .admitted(last, evicted: victim)
    }

    private mutating func refuse() -> Admission {
        refused += 1
        return .refused
    }

    /// A frame has come, and was handled.
    ///
    /// - Parameter isProven: Whether a transport takes what comes from there.
    /// - Returns: Whether the connection may stay.
    package mutating func handleReceived(_ number: UInt16, isProven: Bool, now: Instant) -> Bool {
        // Not copied out and in: it is asked for each frame.
        guard let index = entries.index(forKey: number) else { return false }
        entries.values[index].heard = now
        guard !entries.values[index].isProven else { return true }
        if isProven {
            entries.values[index].isProven = true
            if let share = entries.values[index].share { shares[share]?.unproven -= 1 }
            return true
        }
        entries.values[index].frames += 1
        guard entries.values[index].frames < limits.openingFrames else {
            strangers += 1
            return false
        }
        return true
    }

    /// Whether something waits for room on the way to the far end.
    package mutating func setStalled(_ number: UInt16, _ isStalled: Bool, now: Instant) {
        guard let index = entries.index(forKey: number) else { return }
        entries.values[index].stalledSince = isStalled ? entries.values[index].stalledSince ?? now : nil
        if isStalled { next = min(next, now + limits.stalled) }
    }

    /// Something went.
    package mutating func handleProgress(_ number: UInt16, now: Instant) {
        guard let index = entries.index(forKey: number), entries.values[index].stalledSince != nil else {
            return
        }
        entries.values[index].stalledSince = now
    }

    package mutating func end(_ number: UInt16) {
        guard let entry = entries.removeValue(forKey: number), let share = entry.share else { return }
        shares[share]?.count -= 1
        if !entry.isProven { shares[share]?.unproven -= 1 }
        if shares[share]?.count == 0 { shares[share] = nil }
    }

    package func pollTimeout() -> Instant? { entries.isEmpty || next == .never ? nil : next }

    /// One that has had its time; ask until it is `nil`, and ``end(_:)`` each.
    package mutating func pollExpired(now: Instant) -> UInt16? {
        guard now >= next else { return nil }
        next = .never
        for (number, entry) in entries {
            let due = deadline(of: entry)
            if due <= now {
                if !entry.isProven { strangers += 1 }
                // The others are looked at with the next question.
                next = now
                return number
            }
            next = min(next, due)
        }
        return nil
    }

    private func deadline(of entry: Entry) -> Instant {
        guard entry.isProven else { return entry.came + limits.opening }
        let idle = entry.heard + limits.idle
        return entry.stalledSince.map { min(idle, $0 + limits.stalled) } ?? idle
    }

    /// Of the address with most that have proved nothing, the oldest.
    private func cheapest() -> UInt16? {
        guard let (share, most) = shares.max(by: { $0.value.unproven < $1.value.unproven }), most.unproven > 0
        else { return oldestUnproven { $0.share == nil } }
        return oldestUnproven { $0.share == share }
    }

    private func oldestUnproven(where isCandidate: (Entry) -> Bool) -> UInt16? {
        entries.filter { !$0.value.isProven && isCandidate($0.value) }.min { $0.value.came < $1.value.came }?
            .key
    }

    /// An IPv4 address, or what one subscriber is given of IPv6: the first 64 bits.
    private static func share(_ peer: SocketAddress) -> SocketAddress {
        peer.ipv4 == nil
            ? SocketAddress(high: peer.high, low: 0, port: 0)
            : SocketAddress(high: peer.high, low: peer.low, port: 0)
    }
}
