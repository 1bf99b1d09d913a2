/// What `fleetsim` prints: the tables of docs/scaling.md.
package struct FleetReport {
    let seed: UInt64
    let sessions: Int
    let prices: Prices

    package init(seed: UInt64, sessions: Int, prices: Prices) {
        self.seed = seed
        self.sessions = sessions
        self.prices = prices
    }

    package struct Policy {
        package let name: String
        package let policy: FleetPolicy
    }

    /// Buffers are shares of the day's sessions, so that the table is about a clinic of any size.
    package var policies: [Policy] {
        let peak = max(3, sessions / 15)
        let some = max(3, sessions / 60)
        let schedule = FleetPolicy.Buffer.schedule(peak: peak, rest: some, from: 8, to: 20)
        return [
            Policy(name: "3 wait", policy: FleetPolicy(.count(3))),
            Policy(name: "\(some) wait", policy: FleetPolicy(.count(some))),
            Policy(name: "\(peak) wait", policy: FleetPolicy(.count(peak))),
            Policy(name: "30 % wait", policy: FleetPolicy(.percent(30, atLeast: some))),
            Policy(name: "\(peak) before each half hour, else \(some)", policy: FleetPolicy(schedule)),
            Policy(name: "the same, spread", policy: FleetPolicy(schedule, .spread)),
            Policy(name: "the same, vertical", policy: FleetPolicy(schedule, .packed, .vertical)),
            Policy(name: "the same, hybrid", policy: FleetPolicy(schedule, .packed, .hybrid)),
        ]
    }

    package func outcome(_ policy: FleetPolicy, zoneEnd: Double? = nil) -> FleetOutcome {
        var run = FleetRun(policy, .clinic(sessions: sessions, seed: seed), zoneEnd: zoneEnd, seed: seed)
        return run.run()
    }

    package func text() -> String {
        [waits(), zones(), nodes(), network()].joined(separator: "\n")
    }

    private func waits() -> String {
        var rows = [
            "| policy | wait p50 | wait p99 | longest | wait at all | idle cost a session-hour | sessions a node | most nodes |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for entry in policies {
            let result = outcome(entry.policy)
            let cells = [
                entry.name,
                "\(Decimal(FleetOutcome.percentile(0.5, of: result.waits), 1)) s",
                "\(Decimal(FleetOutcome.percentile(0.99, of: result.waits), 1)) s",
                "\(Decimal(result.waits.max() ?? 0, 1)) s",
                "\(Decimal(result.waiting * 100, 1)) %",
                "\(Decimal(result.idleCoreHours * prices.coreHour, 4))",
                "\(Decimal(result.sessionsPerNode, 1))",
                "\(result.peakNodes)",
            ]
            rows.append("| " + cells.joined(separator: " | ") + " |")
        }
        return rows.joined(separator: "\n") + "\n"
    }

    /// At ten past four, when most are in a session.
    private func zones() -> String {
        var rows = [
            "| a zone goes at 16:10 | sessions lost | of | again after p50 | again after p99 |",
            "|---|---|---|---|---|",
        ]
        for entry in policies.dropFirst(4) {
            let result = outcome(entry.policy, zoneEnd: 16 * 3_600 + 600)
            let cells = [
                entry.name, "\(result.interrupted)", "\(result.peakSessions)",
                "\(Decimal(FleetOutcome.percentile(0.5, of: result.recoveries), 1)) s",
                "\(Decimal(FleetOutcome.percentile(0.99, of: result.recoveries), 1)) s",
            ]
            rows.append("| " + cells.joined(separator: " | ") + " |")
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private func nodes() -> String {
        var rows = [
            "| node | 2 people | 3 | 5 | 14 | used up first (3; 14) | nodes for a million people, three a session |",
            "|---|---|---|---|---|---|---|",
        ]
        for cores in [2, 4, 8, 16, 32, 64] {
            let kind = NodeKind(cores: cores, memory: cores * 4)
            let counts = [2, 3, 5, 14].map { "\(kind.sessions(people: $0).count)" }
            let places = max(1, kind.places)
            let limits =
                "\(kind.sessions(people: 3).limit.rawValue); \(kind.sessions(people: 14).limit.rawValue)"
            let cells =
                ["\(cores) cores, \(cores * 4) GB"] + counts + [limits, "\((333_334 + places - 1) / places)"]
            rows.append("| " + cells.joined(separator: " | ") + " |")
        }
        return rows.joined(separator: "\n") + "\n"
    }

    private func network() -> String {
        var rows = ["| network, an hour of a session | 2 people | 3 | 14 |", "|---|---|---|---|"]
        for layout in Prices.Layout.allCases {
            let costs = [2, 3, 14].map { "\(Decimal(prices.networkHour(people: $0, layout), 3))" }
            rows.append("| " + ([layout.rawValue] + costs).joined(separator: " | ") + " |")
        }
        return rows.joined(separator: "\n") + "\n"
    }
}
