import SFU
import Synchronization
import Testing
import WebRTC
import Wire

/// Producers on another router, of one Worker and of two, with their threads and sockets on loopback.
@Suite(.serialized) struct PipeToRouterTests {
    @Test(arguments: [true, false])
    func aCameraIsWatchedOnAnotherRouter(isSameWorker: Bool) async throws {
        let near = try Self.worker()
        let far = isSameWorker ? near : try Self.worker()
        let camera = try await Camera(on: near)
        let router = await far.makeRouter()
        let piped = try await near.pipeToRouter(camera.producer, router, of: far)
        #expect(try await near.pipeToRouter(camera.producer, router, of: far) == piped, "it is there already")
        let seen = Seen()
        let viewer = try await far.makeDirectTransport(on: router, reader: seen.reader)
        let consumer = try await far.consume(piped, on: viewer, options: Camera.options)
        try await camera.run(until: { seen.encodings.contains(1) && seen.count >= 30 })

        // The other layer, by the choice of who watches there.
        try await far.setPreferredLayers(consumer.id, spatial: 0)
        try await camera.run(until: { seen.newest == 0 })
        #expect(seen.isUnbroken)

        try await near.pause(camera.producer)
        try await eventually { try await far.isPaused(piped) }
        try await near.resume(camera.producer)
        try await eventually { try await !far.isPaused(piped) }
        let before = seen.count
        try await camera.run(until: { seen.count > before + 10 })

        try await near.close(camera.producer)
        try await eventually { await far.statistics().producers == 0 }
        #expect(await near.statistics().consumers == 0)
        await near.stop()
        await far.stop()
    }

    /// What nobody there watches is not asked of the source, and comes when somebody does.
    @Test func theSourceIsToldWhatIsWatchedOnAnotherRouter() async throws {
        let near = try Self.worker()
        let far = try Self.worker()
        let camera = try await Camera(on: near)
        let told = Mutex<[Set<Int>]>([])
        let events = near.events
        let listening = Task {
            for await event in events {
                guard case .wantedLayersChanged(camera.producer, let layers) = event else { continue }
                told.withLock { $0.append(layers) }
            }
        }
        let router = await far.makeRouter()
        let piped = try await near.pipeToRouter(camera.producer, router, of: far)
        let seen = Seen()
        let viewer = try await far.makeDirectTransport(on: router, reader: seen.reader)
        let consumer = try await far.consume(piped, on: viewer, options: Camera.options)
        try await camera.run(until: { told.withLock { $0.last == [1] } })
        try await camera.run(until: { seen.newest == 1 })

        try await far.setPreferredLayers(consumer.id, spatial: 0)
        try await camera.run(until: { told.withLock { $0.last == [0] } })
        try await camera.run(until: { seen.newest == 0 })
        #expect(seen.isUnbroken)

        try await far.close(consumer.id)
        try await camera.run(until: { told.withLock { $0.last == [] } })
        await near.stop()
        await far.stop()
        listening.cancel()
    }

    @Test func onePairOfTransportsServesAll() async throws {
        let near = try Self.worker()
        let far = try Self.worker()
        let first = try await Camera(on: near)
        let second = try await Camera(on: near, router: first.router)
        let router = await far.makeRouter()
        async let one = near.pipeToRouter(first.producer, router, of: far)
        async let two = near.pipeToRouter(second.producer, router, of: far)
        async let same = near.pipeToRouter(first.producer, router, of: far)
        let ids = try await (one, two, same)
        #expect(ids.0 == ids.2 && ids.0 != ids.1)
        #expect(await far.statistics().transports == 1)
        // Closed there, nothing is sent to it any more; and it can be piped anew.
        try await far.close(ids.0)
        try await eventually { await near.statistics().consumers == 2 }
        let again = try await near.pipeToRouter(first.producer, router, of: far)
        #expect(again != ids.0)
        #expect(await far.statistics().transports == 1)
        await near.stop()
        try await eventually { await far.statistics().producers == 0 }
        await far.stop()
    }

    @Test func messagesComeOutOnAnotherRouter() async throws {
        let near = try Self.worker()
        let far = try Self.worker()
        let source = await near.makeRouter()
        let transport = try await near.makeDirectTransport(on: source, reader: DirectReader(rtp: { _, _ in }))
        let producer = try await near.produceData(on: transport, DataChannelParameters(label: "control"))
        let router = await far.makeRouter()
        let piped = try await near.pipeToRouter(producer, router, of: far)
        let messages = try await far.subscribe(piped)
        for number in UInt8(0)..<50 { try await near.send([number], on: producer) }
        var received: [UInt8] = []
        for await message in messages {
            received += message.bytes
            if received.count == 50 { break }
        }
        #expect(received == Array(0..<50))
        try await near.close(producer)
        for await _ in messages {}
        await near.stop()
        await far.stop()
    }

    @Test func whatCannotBePipedIsRefused() async throws {
        let near = try Self.worker()
        let camera = try await Camera(on: near)
        await #expect(throws: SFUError.self) { try await near.pipeToRouter(camera.producer, camera.router) }
        let far = try Self.worker()
        let router = await far.makeRouter()
        try await far.close(router)
        await #expect(throws: SFUError.notFound) {
            try await near.pipeToRouter(camera.producer, router, of: far)
        }
        #expect(await near.statistics().transports == 1, "what was begun is undone")
        try await near.close(camera.producer)
        let open = await far.makeRouter()
        await #expect(throws: SFUError.notFound) {
            try await near.pipeToRouter(camera.producer, open, of: far)
        }
        await near.stop()
        await far.stop()
    }

    private static func worker() throws -> Worker {
        var configuration = WorkerConfiguration()
        configuration.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        let worker = try Worker(configuration)
        worker.start()
        return worker
    }
}

/// A source in two encodings that is this process.
private struct Camera {
    static let options = ConsumerOptions(
        capabilities: RTPCapabilities(codecs: [RTPCodecParameters(.vp8, payloadType: 100)])
    )

    let worker: Worker
    let router: RouterID
    let transport: TransportID
    let producer: ProducerID

    init(on worker: Worker, router: RouterID? = nil) async throws {
        self.worker = worker
        if let router {
            self.router = router
        } else {
            self.router = await worker.makeRouter()
        }
        transport = try await worker.makeDirectTransport(
            on: self.router,
            reader: DirectReader(rtp: { _, _ in })
        )
        producer = try await worker.produce(
            on: transport,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 96, rtcpFeedback: [.nackPLI])],
                encodings: [RTPEncodingParameters(ssrc: 1), RTPEncodingParameters(ssrc: 2)]
            )
        )
    }

    /// Sends both encodings, with a key frame now and then, until `condition` holds.
    func run(until condition: () -> Bool) async throws {
        for _ in 0..<3_000 {
            if condition() { return }
            let frame = Self.frames.add(1, ordering: .relaxed).oldValue
            for ssrc in UInt32(1)...2 {
                let packet = written { out in
                    RTPHeader(
                        payloadType: 96,
                        sequenceNumber: UInt16(truncatingIfNeeded: frame),
                        timestamp: UInt32(truncatingIfNeeded: frame) &* 3_000,
                        ssrc: ssrc,
                        isMarked: true,
                        payloadLength: 100
                    ).write(hasExtensions: false, into: &out)
                    out.append(0x10 as UInt8)
                    out.append((frame.isMultiple(of: 10) ? 0 : 1) as UInt8)
                    out.append(repeating: 0, count: 98, as: UInt8.self)
                }
                try await worker.sendRTP(packet, on: transport)
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it has not come")
    }

    private static let frames = Atomic(0)
}

/// What a reader on another thread has been given.
private final class Seen: Sendable {
    private let packets = Mutex<[DirectPacket]>([])

    var reader: DirectReader {
        DirectReader(rtp: { [self] described, _ in packets.withLock { $0.append(described) } })
    }
    var count: Int { packets.withLock(\.count) }
    var newest: Int? { packets.withLock { $0.last?.encoding } }
    var encodings: Set<Int> { packets.withLock { Set($0.map(\.encoding)) } }
    var isUnbroken: Bool {
        packets.withLock { all in
            zip(all, all.dropFirst()).allSatisfy {
                $1.header.sequenceNumber == $0.header.sequenceNumber &+ 1
            }
        }
    }
}

private func eventually(_ condition: () async throws -> Bool) async throws {
    for _ in 0..<1_000 {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("it has not come about")
}
