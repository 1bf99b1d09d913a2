import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// AV1 with three temporal layers, of which the dependency descriptor tells.
@Suite struct AV1Tests {
    private let network: SimulatedNetwork
    private let publisher: SimulatedNetwork.Peer
    private let viewer: SimulatedNetwork.Peer
    private let producer: ProducerID
    private let stream: PublishedStream

    init() throws { try self.init(seed: 1) }

    private init(seed: UInt64) throws {
        network = try SimulatedNetwork(seed: seed)
        publisher = try network.join()
        viewer = try network.join()
        // Nothing is known of the path, so that only preferences choose layers.
        viewer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        var parameters = PublishedStream.Parameters.camera(.av1)
        parameters.dependencyDescriptorID = 7
        (stream, producer) = try network.publish(parameters, by: publisher)
    }

    private func prefer(_ temporal: Int, of consumer: ConsumerParameters) throws {
        try network.core.setPreferredLayers(consumer.id, spatial: 0, temporal: temporal, now: network.now)
        network.finishCall()
    }

    private func arrivals(_ consumer: ConsumerParameters) throws -> [ReceivedStream.Arrival] {
        let stream = try #require(viewer.participant.stream(consumer.ssrc))
        return stream.arrivals.sorted { $0.sequence < $1.sequence }
    }

    /// Every packet has a descriptor, and every frame refers to frames that came, whole.
    private func expectDecodable(_ packets: [ReceivedStream.Arrival]) throws {
        #expect(packets.first?.dependency?.structure != nil)
        #expect(zip(packets, packets.dropFirst()).allSatisfy { $1.sequence == $0.sequence + 1 })
        var complete: Set<UInt16> = []
        for packet in packets {
            let dependency = try #require(packet.dependency)
            #expect(packet.isMarked == dependency.endsFrame)
            guard dependency.endsFrame else { continue }
            let missing = dependency.dependencies.frameDifferences.filter {
                !complete.contains(dependency.frameNumber &- UInt16($0))
            }
            #expect(missing.isEmpty, "frame \(dependency.frameNumber)")
            complete.insert(dependency.frameNumber)
        }
    }

    @Test func layersAreDroppedAtOnceAndComeBackWithoutAKeyFrame() throws {
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(2))
        let keyFrames = stream.keyFrames
        var rates: [Int] = []
        var active: [UInt32?] = []
        for temporal in [2, 0, 1, 2, 0, 2] {
            try prefer(temporal, of: consumer)
            network.run(for: .milliseconds(200))
            let before = try arrivals(consumer).count
            network.run(for: .seconds(2))
            let packets = try arrivals(consumer)
            rates.append(packets.dropFirst(before).count { $0.isMarked })
            active.append(packets.last?.dependency?.activeDecodeTargets)
        }
        for (rate, expected) in zip(rates, [60, 15, 30, 60, 15, 60]) { #expect(abs(rate - expected) <= 2) }
        // A bit for each target: all, without the highest layer, the base layer.
        #expect(active == [nil, 0b100, 0b110, 0b111, 0b100, 0b111])
        #expect(stream.keyFrames == keyFrames)
        try expectDecodable(arrivals(consumer))
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func lossIsRepairedWithTheDescriptors(seed: UInt64) throws {
        let room = try Self(seed: seed)
        room.publisher.up.loss = 0.05
        room.viewer.down.loss = 0.05
        let consumer = try room.network.view(room.producer, by: room.viewer)
        for round in 0..<8 {
            room.network.run(for: .milliseconds(900))
            try room.prefer([0, 2, 1, 2][round % 4], of: consumer)
            if round % 3 == 2 { room.stream.requestKeyFrame(now: room.network.now) }
        }
        room.publisher.up.loss = 0
        room.viewer.down.loss = 0
        room.network.run(for: .seconds(2))
        let received = try #require(room.viewer.participant.stream(consumer.ssrc))
        #expect(received.statistics.recovered > 2)
        let last = try #require(received.arrivals.last)
        #expect(room.network.now - last.at < .milliseconds(100))
        // What was lost before a key frame is not asked for any more.
        var packets = try room.arrivals(consumer)
        let start = packets.lastIndex { $0.dependency?.structure != nil } ?? 0
        packets.removeFirst(start)
        let voids = Set(received.voids)
        for (before, after) in zip(packets, packets.dropFirst()) {
            #expect((before.sequence + 1..<after.sequence).allSatisfy { voids.contains($0) })
        }
    }

    /// Whoever does not know descriptors gets the layers that it wants without them.
    @Test func aReceiverWithoutTheExtensionGetsNone() throws {
        var capabilities = RTPCapabilities.browser
        capabilities.allowsMixedExtensions = false
        let consumer = try network.view(
            producer,
            by: viewer,
            options: ConsumerOptions(capabilities: capabilities)
        )
        network.run(for: .seconds(2))
        try prefer(0, of: consumer)
        network.run(for: .seconds(1))
        let before = try arrivals(consumer).count
        network.run(for: .seconds(2))
        let packets = try arrivals(consumer)
        #expect(packets.allSatisfy { $0.dependency == nil })
        #expect(packets.first?.stamp?.isKeyFrame == true)
        #expect(abs(packets.dropFirst(before).count { $0.isMarked } - 15) <= 2)
    }
}
