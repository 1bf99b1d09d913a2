import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Nobody's viewers get more than a person may send.
@Suite struct MediaCeilingTests {
    @Test func aMicrophoneOfFiftyMegabitsDoesNotReachAnybody() throws {
        let scene = try Scene()
        let fake = try scene.publish(.fakeMicrophone(ssrc: 0x5000))
        let camera = try scene.publish(.camera())
        let before = scene.viewer.participant.statistics.bytesReceived
        scene.network.run(for: .seconds(5))
        let bitrate = (scene.viewer.participant.statistics.bytesReceived - before) * 8 / 5
        // The camera's 0.8 Mbit/s, and of the sound the ceiling and the burst.
        #expect(bitrate < 1_600_000)
        let statistics = try scene.statistics
        #expect(statistics.packetsOverLimit > 20_000)
        #expect(scene.told == [fake.producer])
        expectUnbroken(try #require(scene.viewer.participant.stream(camera.consumer.ssrc)))
        // Those above the ceiling are left out, not the stream.
        let sound = try #require(scene.viewer.participant.stream(fake.consumer.ssrc))
        #expect(sound.arrivals.last.map { scene.network.now - $0.at < .milliseconds(100) } == true)
    }

    /// So many small ones that it is the work that counts.
    @Test func aFloodOfSmallPacketsIsLeftOut() throws {
        let scene = try Scene()
        var parameters = PublishedStream.Parameters.fakeMicrophone(ssrc: 0x5000)
        parameters.payloadLength = 40
        let fake = try scene.publish(parameters)
        scene.network.run(for: .seconds(5))
        let sound = try #require(scene.viewer.participant.stream(fake.consumer.ssrc))
        #expect(sound.arrivals.count <= 400 * 7)
        #expect(scene.told == [fake.producer])
    }

    @Test func whatBrowsersSendIsNeverLeftOut() throws {
        let scene = try Scene()
        try scene.publish(.camera())
        try scene.publish(.microphone())
        scene.network.run(for: .seconds(10))
        // A path that stood still for a second and a half, and then delivers everything at once.
        var waiting: [[UInt8]] = []
        scene.person.up.drops = { packet in
            guard PacketKind(of: packet) == .rtp else { return false }
            waiting.append(packet.withUnsafeBytes { [UInt8]($0) })
            return true
        }
        scene.network.run(for: .milliseconds(1_500))
        scene.person.up.drops = nil
        for packet in waiting { scene.network.inject(packet, from: scene.person.address) }
        #expect(waiting.count > 150)
        scene.network.run(for: .seconds(5))
        #expect(try scene.statistics.packetsOverLimit == 0)
        #expect(scene.told.isEmpty)
    }

    @Test func soundIsHeldToWhatWasNegotiated() throws {
        let scene = try Scene()
        var parameters = PublishedStream.Parameters.fakeMicrophone(ssrc: 0x5000)
        parameters.frameInterval = .milliseconds(20)
        parameters.payloadLength = 500
        var rtp = RTPParameters.published(parameters)
        rtp.codecs[0].parameters["maxaveragebitrate"] = "20000"
        let fake = try scene.publish(parameters, as: rtp)
        scene.network.run(for: .seconds(10))
        let sound = try #require(scene.viewer.participant.stream(fake.consumer.ssrc))
        // 200 kbit/s come; 40 are passed on, and two seconds' worth at once.
        #expect((50...130).contains(sound.arrivals.count))
    }

    @Test func aPersonHasACeilingInAll() throws {
        let scene = try Scene()
        for index in 0..<4 as Range<UInt32> {
            var parameters = PublishedStream.Parameters.camera(ssrc: 0x7000 + 16 * index)
            parameters.mid = "\(index)"
            parameters.packetsPerFrame = 40
            parameters.packetsPerKeyFrame = 60
            try scene.publish(parameters)
        }
        let before = scene.viewer.participant.statistics.bytesReceived
        scene.network.run(for: .seconds(10))
        let bitrate = (scene.viewer.participant.statistics.bytesReceived - before) * 8 / 10
        // Each sends 10.6 Mbit/s, which one alone may.
        #expect(bitrate < 30_000_000)
        #expect(try scene.statistics.packetsOverLimit > 5_000)
    }

    /// Without levels nobody knows who is loudest.
    @Test func ofTheMicrophonesWithoutLevelsSixArePassedOn() throws {
        let network = try SimulatedNetwork(seed: 62)
        let viewer = try network.join()
        let people = try (0..<10).map { _ in try network.join() }
        #expect(network.connectAll())
        let consumers = try people.enumerated().map { index, person in
            let (_, producer) = try network.publish(.camera(.opus, ssrc: 0x6000 + UInt32(index)), by: person)
            return try network.view(producer, by: viewer)
        }
        network.run(for: .seconds(3))
        let heard = consumers.count { viewer.participant.stream($0.ssrc)?.arrivals.isEmpty == false }
        #expect(heard == 6)
    }

    private final class Scene {
        let network: SimulatedNetwork
        let person: SimulatedNetwork.Peer
        let viewer: SimulatedNetwork.Peer

        init() throws {
            network = try SimulatedNetwork(seed: 61)
            person = try network.join()
            viewer = try network.join()
            #expect(network.connectAll())
        }

        @discardableResult
        func publish(
            _ parameters: PublishedStream.Parameters,
            as rtp: RTPParameters? = nil
        ) throws -> (producer: ProducerID, consumer: ConsumerParameters) {
            let (_, producer) = try network.publish(parameters, as: rtp, by: person)
            return (producer, try network.view(producer, by: viewer))
        }

        var statistics: TransportStatistics {
            get throws { try network.core.webRTCTransport(person.transport).currentStatistics() }
        }

        var told: [ProducerID] {
            network.events.compactMap {
                if case .producerLimited(let producer) = $0 { producer } else { nil }
            }
        }
    }
}

extension PublishedStream.Parameters {
    /// 54 Mbit/s of what says that it is Opus.
    fileprivate static func fakeMicrophone(ssrc: UInt32) -> Self {
        var parameters = Self.camera(.opus, ssrc: ssrc)
        parameters.mid = "1"
        parameters.payloadLength = 1_100
        parameters.frameInterval = .microseconds(163)
        return parameters
    }

    fileprivate static func microphone() -> Self {
        var parameters = Self.camera(.opus, ssrc: 0x3333)
        parameters.mid = "1"
        return parameters
    }
}
