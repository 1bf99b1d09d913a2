import SFU
import Testing
import WebRTC
import Wire

/// Data channels through a pipe between two Workers' cores.
@Suite struct PipeDataTests {
    private let ends = try? PipeEnds()

    @Test(arguments: [true, false])
    func messagesComeOutInOrder(isOrdered: Bool) throws {
        let ends = try #require(ends)
        let parameters = DataChannelParameters(label: "control", subprotocol: "desk", isOrdered: isOrdered)
        let producer = try ends.near.core.produceData(on: ends.near.source.id, parameters)
        let consumer = try ends.near.core.pipeData(producer, on: ends.nearPipe.id, now: ends.near.now)
        ends.exchange()
        let opened = try #require(ends.far.core.events.openedProducers[ends.farPipe.id]?.first)
        #expect(opened.parameters == parameters)
        #expect(ends.nearPipe.stream(of: consumer).flatMap { ends.farPipe.dataProducer(on: $0) } == opened.id)
        for number in UInt8(0)..<100 {
            try ends.near.send([number, 1], isBinary: number % 2 == 0, as: producer)
            ends.exchange()
        }
        let messages = ends.far.core.events.messages(of: opened.id)
        #expect(messages.map(\.bytes) == (UInt8(0)..<100).map { [$0, 1] })
        #expect(messages.allSatisfy { $0.isBinary == ($0.bytes[0] % 2 == 0) })
        #expect(
            ends.near.core.events.messages(of: producer).count == 100,
            "whoever reads here goes on reading"
        )
    }

    @Test func aLongMessageArrivesWhole() throws {
        let ends = try #require(ends)
        let producer = try ends.near.core.produceData(
            on: ends.near.source.id,
            DataChannelParameters(label: "file")
        )
        _ = try ends.near.core.pipeData(producer, on: ends.nearPipe.id, now: ends.near.now)
        let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try ends.near.send(long, isBinary: true, as: producer)
        for _ in 0..<200 {
            ends.exchange()
            ends.near.run(for: .milliseconds(20))
            ends.far.run(for: .milliseconds(20))
        }
        let opened = try #require(ends.far.core.events.openedProducers[ends.farPipe.id]?.first)
        #expect(ends.far.core.events.messages(of: opened.id).map(\.bytes) == [long])
    }

    @Test func itClosesWithItsProducer() throws {
        let ends = try #require(ends)
        let producer = try ends.near.core.produceData(
            on: ends.near.source.id,
            DataChannelParameters(label: "chat")
        )
        _ = try ends.near.core.pipeData(producer, on: ends.nearPipe.id, now: ends.near.now)
        ends.exchange()
        let opened = try #require(ends.far.core.events.openedProducers[ends.farPipe.id]?.first)
        var queue = TransmitQueue(capacity: 8)
        try ends.near.core.close(producer, now: ends.near.now, into: &queue)
        for _ in 0..<20 {
            ends.near.run(for: .milliseconds(100))
            ends.far.run(for: .milliseconds(100))
            ends.exchange()
        }
        #expect(ends.far.core.events.closedProducers == [opened.id])
    }

    @Test func whatCannotBePipedIsRefused() throws {
        let ends = try #require(ends)
        #expect(throws: SFUError.self) {
            try ends.near.core.produceData(on: ends.nearPipe.id, DataChannelParameters(label: "x"))
        }
        let producer = try ends.near.core.produceData(
            on: ends.near.source.id,
            DataChannelParameters(label: "x")
        )
        let pipe = try ends.near.makePipe(PipeTransportOptions(enablesSCTP: false))
        #expect(throws: SFUError.self) {
            try ends.near.core.pipeData(producer, on: pipe.id, now: ends.near.now)
        }
        #expect(throws: SFUError.notFound) {
            try ends.near.core.pipeData(producer, on: ends.near.source.id, now: ends.near.now)
        }
    }
}

/// Two rooms and a pipe between them, whose datagrams this carries.
final class PipeEnds {
    let near: WayRoom
    let far: WayRoom
    let nearPipe: PipeTransport
    let farPipe: PipeTransport
    private static let nearAddress = SocketAddress(ipv4: 0x7f00_0001, port: 7_001)
    private static let farAddress = SocketAddress(ipv4: 0x7f00_0001, port: 7_002)

    init() throws {
        near = try WayRoom(seed: 1)
        far = try WayRoom(seed: 2)
        nearPipe = try near.makePipe()
        farPipe = try far.makePipe()
        try near.core.connect(nearPipe, to: Self.farAddress, from: Self.nearAddress, now: near.now)
        try far.core.connect(farPipe, to: Self.nearAddress, from: Self.farAddress, now: far.now)
        exchange()
    }

    /// Carries what waits at either end to the other one, until nothing does.
    func exchange() {
        for _ in 0..<50 {
            let there = nearPipe.outbox.drain()
            for datagram in there { far.deliver(datagram.bytes, to: farPipe, from: Self.nearAddress) }
            let back = farPipe.outbox.drain()
            for datagram in back { near.deliver(datagram.bytes, to: nearPipe, from: Self.farAddress) }
            if there.isEmpty, back.isEmpty { return }
        }
    }
}

extension WayRoom {
    /// Sends a message as a data producer of this process.
    func send(_ bytes: [UInt8], isBinary: Bool, as producer: DataProducerID) throws {
        var queue = TransmitQueue(capacity: 8)
        try core.send(bytes, isBinary: isBinary, on: producer, now: now, into: &queue)
        wakeUp()
    }
}
