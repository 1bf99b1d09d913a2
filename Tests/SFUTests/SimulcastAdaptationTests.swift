import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What viewers of several encodings get over paths of which nobody but the estimator knows.
@Suite struct SimulcastAdaptationTests {
    /// A camera with three encodings and sound, and viewers behind links of their own.
    private final class Room {
        let network: SimulatedNetwork
        let publisher: SimulatedNetwork.Peer
        private(set) var cameras: [ProducerID] = []
        let sound: ProducerID

        /// - Parameter bitrates: Of each camera, lowest encoding first, bits per second.
        init(seed: UInt64, cameras bitrates: [[Int]] = [[120_000, 350_000, 1_000_000]]) throws {
            network = try SimulatedNetwork(seed: seed)
            publisher = try network.join()
            #expect(network.connectAll())
            var sound = PublishedStream.Parameters.camera(.opus, ssrc: 0x3000)
            sound.mid = "sound"
            self.sound = try network.publish(sound, by: publisher).producer
            for (index, bitrates) in bitrates.enumerated() {
                var parameters = PublishedStream.Parameters.simulcast(ssrc: 0x4000 + 0x100 * UInt32(index))
                for encoding in parameters.indices { parameters[encoding].mid = "camera\(index)" }
                let (streams, camera) = try network.publish(simulcast: parameters, by: publisher)
                cameras.append(camera)
                for (bitrate, stream) in zip(bitrates, streams) { stream.setBitrate(bitrate) }
            }
        }

        func admit(_ link: SimulatedLink?) throws -> SimulatedNetwork.Peer {
            let viewer = try network.join()
            #expect(network.connectAll())
            viewer.down = SimulatedNetwork.Path(delay: .milliseconds(20), link: link)
            return viewer
        }

        func packets(_ consumer: ConsumerParameters) throws -> UInt64 {
            try network.core.consumer(consumer.id).currentStatistics().packets
        }

        func layer(_ consumer: ConsumerParameters) throws -> Int? {
            try network.core.consumer(consumer.id).currentStatistics().spatialLayer
        }

        func received(
            _ consumer: ConsumerParameters,
            by viewer: SimulatedNetwork.Peer
        ) throws
            -> ReceivedStream
        {
            try #require(viewer.participant.stream(consumer.ssrc))
        }

        /// The longest time without a new picture in a stretch of the recording.
        func freeze(_ stream: ReceivedStream, from start: Instant) -> Interval {
            let times = frames(of: stream).map(\.completed).filter { $0 >= start }
            return zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .seconds(3_600)
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func aNarrowPathGetsALowerEncodingAndRisesWhenItWidens(seed: UInt64) throws {
        let room = try Room(seed: seed)
        let link = SimulatedLink(rate: 600_000, queue: .milliseconds(300))
        let viewer = try room.admit(link)
        let picture = try room.network.view(room.cameras[0], by: viewer)
        let sound = try room.network.view(room.sound, by: viewer)
        room.network.run(for: .seconds(8))
        let steady = room.network.now
        let heard = try room.packets(sound)
        for _ in 0..<20 {
            room.network.run(for: .seconds(1))
            #expect(try #require(try room.layer(picture)) <= 1)
        }
        #expect(try room.layer(picture) == 1)
        #expect(try room.freeze(room.received(picture, by: viewer), from: steady) < .milliseconds(300))
        #expect(try room.packets(sound) - heard >= 995)

        link.rate = 5_000_000
        link.queueBytes = 150_000
        #expect(room.network.run(limit: .seconds(15)) { (try? room.layer(picture)) == 2 })
        room.network.run(for: .seconds(10))
        #expect(try room.layer(picture) == 2)
        #expect(try room.freeze(room.received(picture, by: viewer), from: steady) < .milliseconds(300))
    }

    /// With more than one picture, some are left out for a moment and none stays behind.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aLongQueueIsSeenOffBeforeAllPicturesGoOn(seed: UInt64) throws {
        let bitrates = [130_000, 300_000, 700_000]
        let room = try Room(seed: seed, cameras: Array(repeating: bitrates, count: 4))
        let link = SimulatedLink(rate: 2_000_000, queue: .seconds(2))
        let viewer = try room.admit(link)
        let pictures = try room.cameras.map { try room.network.view($0, by: viewer) }
        room.network.run(for: .seconds(12))
        link.rate = 500_000
        room.network.run(for: .seconds(5))
        #expect(link.longestWait > .seconds(1))
        link.reset()
        room.network.run(for: .seconds(5))
        #expect(link.longestWait < .milliseconds(200))
        let limited = try pictures.count {
            try room.network.core.consumer($0.id).currentStatistics().isLimited
        }
        #expect(limited <= 1, "500 kbit/s carry three pictures")
    }

    /// What a viewer on a wide path gets is the same whether or not another one's path is narrow.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func aNarrowPathCostsNobodyElseAnything(seed: UInt64) throws {
        let results = try [600_000, 100_000_000].map { rate in
            let room = try Room(seed: seed)
            let weak = try room.admit(SimulatedLink(rate: rate, queue: .milliseconds(300)))
            let strong = try room.admit(SimulatedLink(rate: 20_000_000, queue: .milliseconds(300)))
            _ = try room.network.view(room.cameras[0], by: weak)
            let picture = try room.network.view(room.cameras[0], by: strong)
            room.network.run(for: .seconds(8))
            let (start, bytes) = (room.network.now, try room.received(picture, by: strong).statistics.bytes)
            room.network.run(for: .seconds(20))
            let received = try room.received(picture, by: strong)
            #expect(try room.layer(picture) == 2)
            #expect(room.freeze(received, from: start) < .milliseconds(100))
            let pictures = frames(of: received).count { $0.completed >= start }
            return (pictures: Double(pictures), bytes: Double(received.statistics.bytes - bytes))
        }
        #expect(results[0].pictures > 590)
        #expect(abs(results[0].pictures / results[1].pictures - 1) < 0.03)
        #expect(abs(results[0].bytes / results[1].bytes - 1) < 0.03)
    }

    @Test(arguments: [0, 1])
    func wherePathsCarryOneOfTwoThePriorityDecides(first: Int) throws {
        let room = try Room(seed: 1, cameras: [[150_000, 400_000, 900_000], [150_000, 400_000, 900_000]])
        let link = SimulatedLink(rate: 5_000_000, queue: .milliseconds(300))
        let viewer = try room.admit(link)
        let sound = try room.network.view(room.sound, by: viewer)
        let pictures = try room.cameras.map { try room.network.view($0, by: viewer) }
        try room.network.core.consumer(pictures[first].id).priority = 200
        room.network.run(for: .seconds(10))
        #expect(try pictures.map { try room.layer($0) } == [2, 2])
        link.rate = 160_000
        link.queueBytes = 8_000
        room.network.run(for: .seconds(10))
        let heard = try room.packets(sound)
        let isLimited = try pictures.map {
            try room.network.core.consumer($0.id).currentStatistics().isLimited
        }
        #expect(isLimited[1 - first])
        #expect(!isLimited[first])
        // Sound is not paused, however narrow the path.
        link.rate = 70_000
        link.queueBytes = 4_000
        room.network.run(for: .seconds(10))
        #expect(try room.packets(sound) - heard >= 495)
        link.rate = 5_000_000
        link.queueBytes = 150_000
        room.network.run(for: .seconds(25))
        #expect(try pictures.map { try room.layer($0) } == [2, 2])
    }
}
