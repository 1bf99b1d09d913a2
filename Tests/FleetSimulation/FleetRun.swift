/// One run of a fleet: sessions come, servers are made, put on nodes and used once, nodes come and go.
///
/// As Agones does it: the autoscalers look every `sync` seconds and set how many servers there are to be; whatever ends in between is
/// made anew at once. A server whose session is over is never used again. As a cluster autoscaler does it: what has no place
/// makes a node, and a node with nothing on it for `idle` seconds goes.
package struct FleetRun {
    enum Event {
        case wish(Demand.Wish)
        case sessionEnd(server: Int)
        case nodeUp(Int)
        case serverReady(Int)
        case look
        case zoneEnd(Int)
        case sample
    }

    let policy: FleetPolicy
    var chance: Chance
    var events = EventQueue<Event>()
    var now = 0.0
    var nodes: [FleetNode] = []
    var servers: [FleetServer] = []
    /// Servers that wait for a session or for a place, the oldest first.
    var ready: [Int] = []
    var unscheduled: [Int] = []
    /// Sessions that wait, from `waitingHead` on.
    var waiting: [(wish: Demand.Wish, since: Double, isAgain: Bool)] = []
    var waitingHead = 0
    var allocated = 0
    /// All that are not gone.
    var existing = 0
    var replicas = 0
    /// Sessions that have not come yet or are not over.
    var open = 0
    var lostZone: Int?
    package internal(set) var outcome = FleetOutcome()

    /// - Parameters:
    ///   - zoneEnd: When one of three zones goes, and does not come back.
    ///   - warmUp: Seconds before which nothing is asked for: what is to be there at first has come by then.
    package init(
        _ policy: FleetPolicy,
        _ demand: Demand,
        zoneEnd: Double? = nil,
        warmUp: Double = 3_600,
        seed: UInt64
    ) {
        self.policy = policy
        chance = Chance(seed: seed ^ 0x666c_6565_74)
        open = demand.wishes.count
        for wish in demand.wishes { events.push(.wish(wish), at: max(0, wish.time)) }
        now = max(0, (demand.wishes.first?.time ?? 0) - warmUp)
        if policy.growth == .hybrid { for _ in 0..<2 { order(.large, isKept: true) } }
        if case .fixed(let count) = policy.buffer {
            // A node that holds them all, and nothing to wait for.
            let node = FleetNode(
                kind: NodeKind(cores: count * 4, memory: count * 16),
                zone: 0,
                isUp: true,
                hasImage: true,
                since: now,
                isKept: true
            )
            nodes = [node]
            replicas = count
            reconcile()
        } else {
            events.push(.look, at: now)
            events.push(.sample, at: now)
        }
        if let zoneEnd { events.push(.zoneEnd(0), at: zoneEnd) }
    }

    /// Runs until the last session is over.
    package mutating func run() -> FleetOutcome {
        while open > 0, let (time, event) = events.pop() {
            now = max(now, time)
            handle(event)
        }
        for index in nodes.indices where !nodes[index].isGone { charge(nodes[index]) }
        return outcome
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .wish(let wish):
            waiting.append((wish, now, false))
            allocate()
        case .sessionEnd(let index):
            guard case .allocated(_, let since) = servers[index].state else { return }
            close(index, since: since)
            open -= 1
            reconcile()
        case .nodeUp(let index):
            guard !nodes[index].isGone else { return }
            nodes[index].isUp = true
            nodes[index].emptySince = now
            schedule()
        case .serverReady(let index):
            guard case .starting = servers[index].state else { return }
            servers[index].state = .ready
            ready.append(index)
            allocate()
        case .look:
            look()
        case .zoneEnd(let zone):
            end(zone: zone)
        case .sample:
            let places = nodes.reduce(0) { $0 + ($1.isUp && !$1.isGone ? $1.places : 0) }
            outcome.samples.append(.init(time: now, sessions: allocated, ready: ready.count, places: places))
            events.push(.sample, at: now + 300)
        }
    }

    /// Gives servers to sessions that wait, the first come first.
    mutating func allocate() {
        while waitingHead < waiting.count, !ready.isEmpty {
            let (wish, since, isAgain) = waiting[waitingHead]
            waitingHead += 1
            let index = choose()
            servers[index].state = .allocated(wish, since: now)
            allocated += 1
            outcome.peakSessions = max(outcome.peakSessions, allocated)
            if isAgain { outcome.recoveries.append(now - since) } else { outcome.waits.append(now - since) }
            events.push(.sessionEnd(server: index), at: now + wish.length)
        }
        if waitingHead == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            waitingHead = 0
        }
    }

    /// Packed: the server on the node that has most, so that others become empty.
    private mutating func choose() -> Int {
        guard policy.placement == .packed, nodes.count > 1 else { return ready.removeFirst() }
        var best = 0
        for place in ready.indices where count(ready[place]) > count(ready[best]) { best = place }
        return ready.remove(at: best)
    }

    /// The servers on the same node as this one.
    func count(_ server: Int) -> Int { servers[server].node.map { nodes[$0].servers } ?? 0 }

    /// Ends a session's server, whoever has ended it.
    mutating func close(_ index: Int, since: Double) {
        outcome.sessionHours += (now - since) / 3_600
        if let node = servers[index].node {
            let kind = nodes[node].kind
            outcome.usedCoreHours += (now - since) / 3_600 * Double(kind.cores) / Double(max(1, kind.places))
        }
        allocated -= 1
        remove(index)
    }

    private mutating func look() {
        replicas = policy.replicas(wanted: allocated + waiting.count - waitingHead, at: now)
        reconcile()
        growNodes()
        for index in nodes.indices {
            let node = nodes[index]
            guard !node.isKept, !node.isGone, let since = node.emptySince else { continue }
            if node.servers == 0, now - since >= policy.delays.idle {
                nodes[index].isGone = true
                charge(node)
            }
        }
        events.push(.look, at: now + policy.delays.sync)
    }
}
