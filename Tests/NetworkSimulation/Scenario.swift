internal import Wire

/// A network, what happens on it, and what is measured.
///
/// The same seed gives the same measurement.
package enum Scenario: String, CaseIterable, Sendable {
    case megabit = "1 Mbit/s"
    case bufferbloat = "1 Mbit/s, 2 s of buffer"
    case jitter = "1 Mbit/s, 30 ms of jitter"
    case drop = "2 Mbit/s drops to 500 kbit/s"
    case rise = "500 kbit/s rises to 2 Mbit/s"
    case lossBurst = "1 s of 20 % loss"
    case steadyLoss = "steady 5 % loss, 100 ms round trip"
    case burstLoss = "5 % loss in bursts of 5, 60 ms round trip"
    case reordering = "1 Mbit/s, 5 % come 15 ms late"
    case rebind = "a router that changes the address"
    case sharedLink = "two viewers on one link of 2 Mbit/s"
    case weakViewer = "one of 14 viewers at 300 kbit/s, 5 % loss"
    case publisher = "a camera behind 800 kbit/s"

    package func run(seed: UInt64) throws -> Measurement {
        switch self {
        case .megabit: try steady(rate: 1_000_000, queue: .milliseconds(300), seed: seed)
        case .bufferbloat: try steady(rate: 1_000_000, queue: .seconds(2), seed: seed)
        case .jitter:
            try steady(rate: 1_000_000, queue: .milliseconds(300), jitter: .milliseconds(30), seed: seed)
        case .drop: try change(from: 2_000_000, to: 500_000, seed: seed)
        case .rise: try change(from: 500_000, to: 2_000_000, seed: seed)
        case .lossBurst: try lossBurst(seed: seed)
        case .steadyLoss: try steadyLoss(seed: seed)
        case .burstLoss: try burstLoss(seed: seed)
        case .reordering:
            try steady(rate: 1_000_000, queue: .milliseconds(300), reordering: 0.05, seed: seed)
        case .rebind: try rebind(seed: seed)
        case .sharedLink: try sharedLink(seed: seed)
        case .weakViewer: try weakViewer(seed: seed)
        case .publisher: try publisher(seed: seed)
        }
    }

    /// A link that stays as it is; used from the tenth second to the fortieth.
    private func steady(
        rate: Int,
        queue: Interval,
        jitter: Interval = .zero,
        reordering: Double = 0,
        seed: UInt64
    ) throws -> Measurement {
        let link = SimulatedLink(rate: rate, queue: queue)
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(20), jitter: jitter, reordering: reordering, link: link),
            up: .init(delay: .milliseconds(20), jitter: jitter, reordering: reordering),
            ceiling: 6_000_000
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(10))
        link.reset()
        room.run(for: .seconds(30))
        return Measurement(
            convergence: Self.first(viewer.estimates) { $0 >= rate * 85 / 100 },
            utilisation: Double(link.delivered * 8) / 30 / Double(rate),
            usualWait: Measurement.quantile(0.95, of: link.waits),
            longestWait: link.longestWait,
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(3), to: room.network.now)
        )
    }

    /// A link whose rate changes after 20 s.
    ///
    /// The queue is looked at from five seconds later on, for ten.
    private func change(from before: Int, to after: Int, seed: UInt64) throws -> Measurement {
        let link = SimulatedLink(rate: max(before, after), queue: .milliseconds(300))
        link.rate = before
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(20), link: link),
            up: .init(delay: .milliseconds(20)),
            ceiling: 6_000_000
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(20))
        let changed = viewer.estimates.count
        link.rate = after
        room.run(for: .seconds(5))
        link.reset()
        room.run(for: .seconds(10))
        return Measurement(
            convergence: Self.first(viewer.estimates[changed...]) {
                after < before ? $0 <= after * 110 / 100 : $0 >= after * 85 / 100
            },
            utilisation: Double(link.delivered * 8) / 10 / Double(after),
            usualWait: Measurement.quantile(0.95, of: link.waits),
            longestWait: link.longestWait,
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(3), to: room.network.now)
        )
    }

    /// A fast link that loses a fifth of all datagrams, both ways, for a second.
    private func lossBurst(seed: UInt64) throws -> Measurement {
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(25)),
            up: .init(delay: .milliseconds(25))
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(10))
        viewer.peer.down.loss = 0.2
        viewer.peer.up.loss = 0.2
        room.run(for: .seconds(1))
        viewer.peer.down.loss = 0
        viewer.peer.up.loss = 0
        let end = room.network.now
        room.run(for: .seconds(10))
        return Measurement(
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(3), to: room.network.now),
            recovery: viewer.pictures.recovery(after: end)
        )
    }

    /// A minute on a path that never stops losing datagrams on their way to the viewer.
    private func steadyLoss(seed: UInt64) throws -> Measurement {
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(50), loss: 0.05),
            up: .init(delay: .milliseconds(50), loss: 0.05)
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(65))
        return Measurement(
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(5), to: room.network.now)
        )
    }

    /// A minute on a path that loses datagrams in bursts, as a radio does.
    private func burstLoss(seed: UInt64) throws -> Measurement {
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(30), bursts: LossBursts(loss: 0.05, length: 5)),
            up: .init(delay: .milliseconds(30), bursts: LossBursts(loss: 0.05, length: 5))
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(65))
        return Measurement(
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(5), to: room.network.now)
        )
    }

    /// A router between viewer and room forgets the mapping and makes another: what is sent to the old
    /// address is lost, what the viewer sends comes from a new one.
    private func rebind(seed: UInt64) throws -> Measurement {
        let room = try SimulatedRoom(seed: seed)
        let viewer = try room.admit(
            down: .init(delay: .milliseconds(20)),
            up: .init(delay: .milliseconds(20))
        )
        try room.begin(seed: seed)
        room.run(for: .seconds(10))
        let change = room.network.now
        viewer.peer.address = room.network.newAddress()
        room.run(for: .seconds(20))
        return Measurement(
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(3), to: room.network.now),
            recovery: viewer.pictures.recovery(after: change + .milliseconds(20))
        )
    }

    /// Two viewers behind one router, each with a rendition of their own; the second comes at the same time.
    ///
    /// Looked at from the thirtieth second to the ninetieth.
    private func sharedLink(seed: UInt64) throws -> Measurement {
        let link = SimulatedLink(rate: 2_000_000, queue: .milliseconds(300))
        let room = try SimulatedRoom(seed: seed)
        for delay in [20, 20] as [Int64] {
            try room.admit(
                down: .init(delay: .milliseconds(delay), link: link),
                up: .init(delay: .milliseconds(delay)),
                ceiling: 6_000_000
            )
        }
        try room.begin(seed: seed)
        room.run(for: .seconds(30))
        link.reset()
        let before = room.viewers.map(\.received)
        room.run(for: .seconds(60))
        return Measurement(
            utilisation: Double(link.delivered * 8) / 60 / Double(link.rate),
            usualWait: Measurement.quantile(0.95, of: link.waits),
            longestWait: link.longestWait,
            freeze: room.viewers.map {
                $0.pictures.longestFreeze(from: room.start + .seconds(3), to: room.network.now)
            }.max(),
            fairness: Measurement.fairness(zip(room.viewers, before).map { Double($0.received - $1) })
        )
    }

    /// Fourteen viewers of one desk; what the other thirteen keep of their bitrate and pictures when one has
    /// a weak path.
    private func weakViewer(seed: UInt64) throws -> Measurement {
        var freeze: Interval?
        func watch(_ weak: SimulatedNetwork.Path) throws -> [(bytes: Int, pictures: Int)] {
            let room = try SimulatedRoom(seed: seed, bitrate: 800_000, smallBitrate: 160_000)
            try room.admit(down: weak, up: .init(delay: .milliseconds(25)))
            for _ in 0..<13 { try room.admit(down: .init(delay: .milliseconds(10))) }
            try room.begin(seed: seed)
            room.run(for: .seconds(5))
            let before = room.viewers.map(\.received)
            let start = room.network.now
            room.run(for: .seconds(20))
            freeze = room.viewers[0].pictures.longestFreeze(from: start, to: room.network.now)
            return zip(room.viewers, before).dropFirst().map {
                ($0.received - $1, $0.pictures.count(from: start, to: room.network.now))
            }
        }
        let alone = try watch(.init(delay: .milliseconds(25)))
        let beside = try watch(
            .init(
                delay: .milliseconds(25),
                loss: 0.05,
                link: SimulatedLink(rate: 300_000, queue: .milliseconds(300))
            )
        )
        // More is a change, too.
        let kept = zip(alone, beside).flatMap { alone, beside in
            [
                Double(min(alone.bytes, beside.bytes)) / Double(max(alone.bytes, beside.bytes)),
                Double(min(alone.pictures, beside.pictures)) / Double(max(alone.pictures, beside.pictures)),
            ]
        }
        return Measurement(freeze: freeze, fairness: kept.min())
    }

    /// A browser-like camera whose own estimator lives on the feedback that the room sends.
    private func publisher(seed: UInt64) throws -> Measurement {
        let link = SimulatedLink(rate: 800_000, queue: .milliseconds(300))
        let room = try SimulatedRoom(seed: seed)
        let camera = try room.addCamera(up: .init(delay: .milliseconds(20), link: link), ceiling: 3_000_000)
        let viewer = try room.admit(down: .init(delay: .milliseconds(20)))
        try room.begin(seed: seed)
        try room.watch(camera, by: viewer)
        room.run(for: .seconds(20))
        link.reset()
        room.run(for: .seconds(30))
        return Measurement(
            utilisation: Double(link.delivered * 8) / 30 / Double(link.rate),
            usualWait: Measurement.quantile(0.95, of: link.waits),
            longestWait: link.longestWait,
            freeze: viewer.pictures.longestFreeze(from: room.start + .seconds(5), to: room.network.now)
        )
    }

    private static func first(_ estimates: some Collection<Int>, _ matches: (Int) -> Bool) -> Interval? {
        guard let index = estimates.enumerated().first(where: { matches($0.element) })?.offset else {
            return nil
        }
        return SimulatedRoom.step * Int64(index + 1)
    }
}
