internal import Foundation
internal import IO
internal import Participant
internal import Wire

/// The cases, in order.
struct Cases {
    private let options: Options

    init(_ options: Options) {
        self.options = options
    }

    func run() throws {
        Table.printHead()
        for viewers in [14, 50, 200, 500, 1_000] where options.wants("desk-\(viewers)") { try desk(viewers) }
        for viewers in [50, 200] where options.wants("beside-\(viewers)") { try beside(viewers) }
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
        case room, janus, janusOneLoop, floor
    }

    /// `nil` if it is not there.
    private func take(_ contestant: Contestant, _ viewers: Int) throws -> Measurement? {
        let context = try Context()
        context.gluesPackets = options.gluesPackets
        let loop = try Loop()
        let forwarder: any Forwarder
        switch contestant {
        case .room: forwarder = try Room(context)
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
    private func desk(_ viewers: Int) throws {
        let context = try Context()
        context.gluesPackets = options.gluesPackets
        let loop = try Loop()
        let room = try Room(context)
        defer { room.stop() }
        let feed = try DeskFeed(to: room, in: loop, context)
        try join(viewers, room, loop, context)
        Table.print(
            Measurement.take("desk", room.process, loop, context, .seconds(options.seconds)) { feed.packets }
        )
    }

    /// Joins viewers at the rate that handshakes allow, and waits until each receives.
    private func join(_ count: Int, _ forwarder: any Forwarder, _ loop: Loop, _ context: Context) throws {
        for number in 0..<count {
            try forwarder.addViewer(to: loop, context)
            loop.run(.milliseconds(2))
            guard number % 16 == 15 else { continue }
            loop.run(.seconds(5)) {
                loop.viewers.suffix(16).allSatisfy { $0.participant?.isConnected ?? true }
            }
        }
        let isReceiving = loop.run(.seconds(20)) {
            loop.viewers.allSatisfy {
                $0.participant?.streams.allSatisfy { $0.statistics.packets > 0 } ?? true
            }
        }
        guard isReceiving else { throw BenchmarkError("\(forwarder.name): not every viewer receives") }
        loop.run(.seconds(1))
    }
}
