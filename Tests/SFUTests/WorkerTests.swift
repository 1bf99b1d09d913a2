import IO
import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The whole Worker, with its thread and its sockets, on loopback.
@Suite struct WorkerTests {
    enum Family: CaseIterable {
        case ipv4, ipv6

        func address(_ port: UInt16) -> SocketAddress {
            self == .ipv4
                ? SocketAddress(ipv4: 0x7f00_0001, port: port) : SocketAddress(high: 0, low: 1, port: port)
        }

        /// Whether this machine has it.
        var isAvailable: Bool { (try? UDPSocket(boundTo: address(0))) != nil }
    }

    @Test(arguments: Family.allCases.filter(\.isAvailable))
    func aDeskAndACameraReachAViewer(family: Family) async throws {
        let room = try LoopbackRoom()
        defer { room.finish() }
        let router = await room.worker.makeRouter()
        let plain = try await room.worker.makePlainTransport(on: router)
        let desk = PublishedStream.Parameters.desk()
        let producer = try await room.worker.produce(on: plain.id, kind: .video, parameters: .plain(desk))
        let publisher = PublishedStream(desk, random: &room.random)
        publisher.start(now: .now())
        room.loop.add(try PlainPublisher(publisher, to: plain.localAddress))

        let address = family.address(room.port)
        let (viewer, person) = (
            try await room.join(router, at: address), try await room.join(router, at: address)
        )
        #expect(
            room.loop.run(limit: .seconds(5)) {
                [viewer, person].allSatisfy { $0.socket.participant.channelsState == .connected }
            }
        )
        let camera = PublishedStream.Parameters.camera()
        let cameraProducer = try await room.worker.produce(
            on: person.id,
            kind: .video,
            parameters: .published(camera)
        )
        person.socket.participant.publish(camera, now: .now())

        var ssrcs: [UInt32] = []
        var consumers: [ConsumerID] = []
        for id in [producer, cameraProducer] {
            let consumer = try await room.worker.consume(
                id,
                on: viewer.id,
                options: ConsumerOptions(capabilities: .browser)
            )
            viewer.socket.participant.receive(ReceivedStream.Parameters(consumer))
            ssrcs.append(consumer.ssrc)
            consumers.append(consumer.id)
        }
        #expect(
            room.loop.run(limit: .seconds(5)) {
                ssrcs.allSatisfy { viewer.socket.participant.stream($0)?.arrivals.count ?? 0 > 60 }
            }
        )
        for ssrc in ssrcs {
            let stream = try #require(viewer.socket.participant.stream(ssrc))
            #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
            expectUnbroken(stream)
        }
        let statistics = try await room.worker.statistics(of: consumers[0])
        #expect(statistics.packets >= 60)
        let worker = await room.worker.statistics()
        #expect(worker.transports == 3 && worker.producers == 2 && worker.consumers == 2)
        #expect(worker.datagramsUnsent == 0)
        let reading = await room.worker.reading()
        #expect(reading.connectedByUDP == 2 && reading.connectedByTCP == 0)

        // Another port: the stream follows.
        try viewer.socket.changePath(now: .now())
        let before = viewer.socket.participant.stream(ssrcs[0])?.arrivals.count ?? 0
        #expect(
            room.loop.run(limit: .seconds(5)) {
                viewer.socket.participant.stream(ssrcs[0])?.arrivals.count ?? 0 > before + 60
            }
        )

        try await room.worker.close(plain.id)
        try await room.worker.close(viewer.id)
        #expect(room.loop.run(limit: .seconds(5)) { viewer.socket.participant.isConnected == false })
    }

    @Test func messagesGoToWhoeverSubscribed() async throws {
        let room = try LoopbackRoom()
        defer { room.finish() }
        let router = await room.worker.makeRouter()
        let person = try await room.join(router, at: room.address)
        #expect(room.loop.run(limit: .seconds(5)) { person.socket.participant.channelsState == .connected })
        let stream = try person.socket.act { participant, queue throws(DataChannelError) in
            try participant.openChannel(DataChannelParameters(label: "control"), now: .now(), into: &queue)
        }
        room.loop.run(limit: .milliseconds(200))
        var opened: DataProducerID?
        for await event in room.worker.events {
            guard case .dataProducerOpened(person.id, let id, let parameters) = event else { continue }
            #expect(parameters.label == "control")
            opened = id
            break
        }
        let id = try #require(opened)
        let messages = try await room.worker.subscribe(id)
        for number in UInt8(0)..<10 {
            try person.socket.act { participant, queue throws(DataChannelError) in
                try participant.send([number], on: stream, now: .now(), into: &queue)
            }
        }
        room.loop.run(limit: .milliseconds(200))
        try await room.worker.send([42], on: id)
        #expect(
            room.loop.run(limit: .seconds(5)) {
                var isAnswered = false
                while let event = person.socket.participant.pollEvent() {
                    if case .message(stream, true, [42]) = event { isAnswered = true }
                }
                return isAnswered
            }
        )
        // The stream ends with the channel.
        try await room.worker.close(person.id)
        var received: [[UInt8]] = []
        for await message in messages { received.append(message.bytes) }
        #expect(received == (UInt8(0)..<10).map { [$0] })
    }

    @Test func stoppingEndsTheEventsAndIsFinal() async throws {
        let worker = try Worker(.loopback)
        worker.start()
        let router = await worker.makeRouter()
        _ = try await worker.makeWebRTCTransport(on: router)
        _ = try await worker.makePlainTransport(on: router)
        await worker.stop()
        for await _ in worker.events {}
    }

    @Test func itTellsWhereItCanBeReached() async throws {
        var configuration = WorkerConfiguration.loopback
        configuration.announcedAddresses = [
            SocketAddress(ipv4: 0xc000_0201, port: 9), SocketAddress(high: 0, low: 1, port: 0),
        ]
        let worker = try Worker(configuration)
        worker.start()
        #expect(
            worker.candidates.map(\.address.port) == [worker.localAddress.port, worker.localAddress.port]
        )
        #expect(worker.candidates.map(\.address.ipv4) == [0xc000_0201, nil])
        await worker.stop()
    }
}
