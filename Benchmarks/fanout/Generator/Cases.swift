internal import Foundation
internal import IO
internal import Participant
internal import Wire

/// The cases, in order.
struct Cases {
    let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        Table.printHead()
        for viewers in options.rooms { try desk(viewers) }
        if options.wants("audio") { try desk(50, hasVideo: false) }
        if options.wants("conference") { try conferences(14) }
        if options.wants("join") { try joinStorm(14) }
        if options.wants("memory") { try memory(200) }
        if options.wants("churn") { try churn(20) }
        if options.wants("idle") { try idle() }
        for viewers in [14, 200] where options.wants("input-\(viewers)") { try input(viewers) }
        for viewers in [50, 200] where options.wants("beside-\(viewers)") { try beside(viewers) }
    }

    /// One conference; turn and turn about with the older tree's, if there is one.
    private func conferences(_ people: Int) throws {
        guard let before = options.before else {
            _ = try conference(people)
            return
        }
        var results: [[Measurement]] = [[], []]
        for _ in 0..<options.pairs {
            results[0].append(try conference(people))
            results[1].append(try conference(people, before: before))
        }
        Table.printRatios([("conference", results[0]), ("conference before", results[1])])
    }

    /// People with cameras and microphones, all to all, and one desk.
    private func conference(_ people: Int, before: String? = nil) throws -> Measurement {
        let (context, loop) = try begin()
        let room = try Room(context, before: before)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context)
        var published: [[String]] = []
        for number in 0..<people {
            published.append(try room.addPerson(number, to: loop, context))
            loop.run(.milliseconds(7))
        }
        for number in 0..<people {
            let others = published.indices.filter { $0 != number }.flatMap { published[$0] }
            try room.addViewer(of: others, to: loop, context)
            loop.run(.milliseconds(7))
        }
        try waitForEverybody(loop)
        let work = try Work(of: room)
        let measurement = Measurement.take(
            before == nil ? "conference of \(people)" : "the same before",
            room.process,
            loop,
            context,
            .seconds(options.seconds)
        ) {
            feed.packets
        }
        Table.print(measurement)
        try work.print(until: room)
        return measurement
    }

    /// Viewers who all come within a second: how long until everybody receives, and how many key frames that
    /// takes.
    private func joinStorm(_ viewers: Int) throws {
        let (context, loop) = try begin()
        context.decryptionInterval = 1
        let room = try Room(context)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context)
        loop.run(.seconds(1))
        let before = (try room.statistics()[5], feed.video?.keyFrames ?? 0)
        let usage = room.process.usage()
        var begun: [Instant] = []
        var taken: [Interval?] = Array(repeating: nil, count: viewers)
        func look() {
            for (index, viewer) in loop.viewers.enumerated() where taken[index] == nil {
                let seesPicture =
                    viewer.participant?.streams.contains { $0.statistics.keyFrames > 0 } ?? false
                if seesPicture { taken[index] = .now() - begun[index] }
            }
        }
        for _ in 0..<viewers {
            begun.append(.now())
            try room.addViewer(to: loop, context)
            loop.run(.milliseconds(Int64(1_000 / viewers))) {
                look()
                return false
            }
        }
        loop.run(.seconds(10)) {
            look()
            return taken.allSatisfy { $0 != nil }
        }
        let sorted = taken.compactMap { $0 }.sorted()
        guard sorted.count == viewers else { throw BenchmarkError("join: not everybody sees the desk") }
        let cpu = Double(room.process.usage().since(usage).cpu) / 1e6
        print(
            "join                    \(viewers) in one second: first packet of a key frame after "
                + "\(Table.milliseconds(sorted[viewers / 2])) ms (median), \(Table.milliseconds(sorted[viewers - 1])) ms (longest); "
                + "\(try room.statistics()[5] - before.0) key frames asked for, \((feed.video?.keyFrames ?? 0) - before.1) made; "
                + "\(cpu / Double(viewers)) ms of CPU a join"
        )
    }

    /// What a viewer's connection and two consumers keep, beside fifty that have been there before; and after
    /// as many have come and gone again and again.
    private func memory(_ viewers: Int) throws {
        let (context, loop) = try begin()
        let room = try Room(context)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context)
        try join(50, room, loop, context)
        loop.run(.seconds(1))
        let before = room.process.usage().memory
        var kept: [Int] = []
        for round in 0..<options.churns {
            if round > 0 { for _ in 0..<viewers { try room.removeViewer(from: loop) } }
            try join(viewers, room, loop, context)
            loop.run(.seconds(1))
            kept.append((room.process.usage().memory - before) / (viewers * room.deskProducers.count))
        }
        feed.video?.isStill = true
        print(
            "memory                  \(viewers) viewers of picture and sound: "
                + kept.map { "\($0 >> 10)" }.joined(separator: ", ")
                + " KiB a consumer, its share of the connection included, after each time they came anew"
        )
    }

    /// The desk feeds a room in which nobody is, and one in which nobody sends.
    private func idle() throws {
        let (context, loop) = try begin()
        let room = try Room(context)
        defer { room.stop() }
        loop.run(.milliseconds(500))
        func load(_ title: String) {
            let usage = room.process.usage()
            loop.run(.seconds(options.seconds))
            let after = room.process.usage()
            let work = after.since(usage)
            let seconds = Double(options.seconds)
            print(
                "\(title): \(Double(work.cpu) / 1e7 / seconds) % of a core, "
                    + "\(Double(work.voluntarySwitches) / seconds) wake-ups a second, "
                    + "\(after.memory >> 10) KiB"
            )
        }
        load("empty room")
        let feed = try DeskFeed(to: room, in: loop, context)
        load("nobody watches the desk")
        feed.video?.isStill = true
    }

    func begin() throws -> (Context, Loop) {
        let context = try Context()
        context.gluesPackets = options.gluesPackets
        if options.usesIPv6 { context.room = SocketAddress(high: 0, low: 1, port: 0) }
        return (context, try Loop())
    }

    /// The room beside a peer and the floor, turn and turn about.
    private func beside(_ viewers: Int) throws {
        var results: [String: [Measurement]] = [:]
        var order: [String] = []
        for _ in 0..<options.pairs {
            for contestant in Contestant.allCases {
                guard let measurement = try take(contestant, viewers) else { continue }
                Table.print(measurement)
                if results[measurement.name] == nil { order.append(measurement.name) }
                results[measurement.name, default: []].append(measurement)
            }
        }
        Table.printRatios(order.map { ($0, results[$0] ?? []) })
    }

    private enum Contestant: CaseIterable {
        case room, before, janus, janusOneLoop, floor
    }

    /// `nil` if it is not there.
    private func take(_ contestant: Contestant, _ viewers: Int) throws -> Measurement? {
        let (context, loop) = try begin()
        let forwarder: any Forwarder
        switch contestant {
        case .room: forwarder = try Room(context)
        case .before:
            guard let before = options.before else { return nil }
            forwarder = try Room(context, before: before)
        case .janus:
            guard let path = options.janus else { return nil }
            forwarder = try Janus(path, eventLoops: nil, context)
        case .janusOneLoop:
            guard let path = options.janus else { return nil }
            forwarder = try Janus(path, eventLoops: 1, context)
        case .floor:
            guard let path = options.floor else { return nil }
            forwarder = try Floor(path, viewers: viewers, context, in: loop)
        }
        defer { forwarder.stop() }
        let feed = try DeskFeed(to: forwarder, in: loop, context)
        if contestant == .floor { loop.run(.seconds(1)) } else { try join(viewers, forwarder, loop, context) }
        return Measurement.take(forwarder.name, forwarder.process, loop, context, .seconds(options.seconds)) {
            feed.packets
        }
    }

    /// One desk to many.
    private func desk(_ viewers: Int, hasVideo: Bool = true) throws {
        let (context, loop) = try begin()
        let room = try Room(context, hasVideo: hasVideo)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context, hasVideo: hasVideo)
        try join(viewers, room, loop, context)
        let name = hasVideo ? "desk" : "audio only"
        let work = try Work(of: room)
        let measurement = Measurement.take(name, room.process, loop, context, .seconds(options.seconds)) {
            feed.packets
        }
        Table.print(measurement)
        try work.print(until: room)
    }

    /// Joins viewers at the rate that handshakes allow, and waits until each receives.
    func join(_ count: Int, _ forwarder: any Forwarder, _ loop: Loop, _ context: Context) throws {
        for number in 0..<count {
            try forwarder.addViewer(to: loop, context)
            loop.run(.milliseconds(2))
            guard number % 16 == 15 else { continue }
            loop.run(.seconds(5)) {
                loop.viewers.suffix(16).allSatisfy { $0.participant?.isConnected ?? true }
            }
        }
        try waitForEverybody(loop)
    }

    private func waitForEverybody(_ loop: Loop) throws {
        let isReceiving = loop.run(.seconds(20)) {
            loop.viewers.allSatisfy {
                $0.participant?.streams.allSatisfy { $0.statistics.packets > 0 } ?? true
            }
        }
        guard isReceiving else { throw BenchmarkError("not every viewer receives") }
        // Until the room has found out what each path carries.
        loop.run(.seconds(4))
    }
}
