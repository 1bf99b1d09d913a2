extension FleetRun {
    /// Makes servers, or ends some that nobody uses, until there are as many as there are to be.
    mutating func reconcile() {
        while existing < replicas {
            servers.append(FleetServer())
            unscheduled.append(servers.count - 1)
            existing += 1
        }
        while existing > replicas, let index = unscheduled.popLast() { remove(index) }
        while existing > replicas, !ready.isEmpty {
            // Agones ends those first that are on the node with the fewest (`Packed`), or the oldest.
            var worst = 0
            if policy.placement == .packed {
                for place in ready.indices where count(ready[place]) < count(ready[worst]) { worst = place }
            }
            remove(ready.remove(at: worst))
        }
        schedule()
    }

    /// Puts on nodes what has no place yet.
    mutating func schedule() {
        while let index = unscheduled.first, let node = bestNode() {
            unscheduled.removeFirst()
            let delay = (nodes[node].hasImage ? 0 : policy.delays.pull) + policy.delays.start
            nodes[node].hasImage = true
            nodes[node].servers += 1
            nodes[node].emptySince = nil
            servers[index].node = node
            servers[index].state = .starting
            events.push(.serverReady(index), at: now + delay)
        }
    }

    private func bestNode() -> Int? {
        var best: Int?
        for index in nodes.indices where nodes[index].isOpen {
            guard let other = best else {
                best = index
                continue
            }
            let isFuller = nodes[index].servers > nodes[other].servers
            let isEmptier = nodes[index].servers < nodes[other].servers
            if policy.placement == .packed ? isFuller : isEmptier { best = index }
        }
        return best
    }

    /// Takes a server away.
    mutating func remove(_ index: Int) {
        if case .gone = servers[index].state { return }
        servers[index].state = .gone
        existing -= 1
        guard let node = servers[index].node else { return }
        nodes[node].servers -= 1
        if nodes[node].servers == 0 { nodes[node].emptySince = now }
    }

    /// Orders as many nodes as what has no place needs, less those that are on their way.
    mutating func growNodes() {
        let coming = nodes.reduce(0) { $0 + (!$1.isUp && !$1.isGone ? $1.places : 0) }
        let kind: NodeKind = policy.growth == .vertical ? .large : .small
        var missing = unscheduled.count - coming
        while missing > 0 {
            order(kind, isKept: false)
            missing -= kind.places
        }
    }

    mutating func order(_ kind: NodeKind, isKept: Bool) {
        let zones = (0..<3).filter { $0 != lostZone }
        let node = FleetNode(kind: kind, zone: zones[nodes.count % zones.count], since: now, isKept: isKept)
        nodes.append(node)
        let range = policy.delays.boot
        let boot = range.lowerBound + (range.upperBound - range.lowerBound) * chance.share()
        events.push(.nodeUp(nodes.count - 1), at: now + boot)
        outcome.peakNodes = max(outcome.peakNodes, nodes.count { !$0.isGone })
    }

    /// Adds what a node has cost until now.
    mutating func charge(_ node: FleetNode) {
        let hours = max(0, now - node.since) / 3_600
        outcome.nodeHours += hours
        outcome.coreHours += hours * Double(node.kind.cores)
    }

    /// Everything in a zone goes at once; the back ends of those who were in a session ask for another at once, for what was left
    /// of it.
    mutating func end(zone: Int) {
        lostZone = zone
        for index in nodes.indices where nodes[index].zone == zone && !nodes[index].isGone {
            nodes[index].isGone = true
            charge(nodes[index])
        }
        for index in servers.indices {
            guard let node = servers[index].node, nodes[node].zone == zone else { continue }
            switch servers[index].state {
            case .allocated(var wish, let since):
                outcome.interrupted += 1
                close(index, since: since)
                wish.length -= now - since
                waiting.append((wish, now, true))
            case .ready, .starting:
                ready.removeAll { $0 == index }
                remove(index)
            case .unscheduled, .gone:
                break
            }
        }
        reconcile()
        allocate()
    }
}
