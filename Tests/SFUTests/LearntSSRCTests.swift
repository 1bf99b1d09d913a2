import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Streams whose SSRC nobody has announced, or is not the one that was (RFC 8843 §9.2).
@Suite struct LearntSSRCTests {
    /// A peer that removes a track and adds another may send it in the same section.
    @Test(arguments: [SyntheticCodec.vp8, .h264, .opus], [true, false])
    func anotherSSRCWithTheSameMidReplacesTheStream(codec: SyntheticCodec, announcesSSRC: Bool) throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let parameters = PublishedStream.Parameters.camera(codec)
        let (first, producer) = try network.publish(
            parameters,
            as: .published(parameters, announcesSSRC: announcesSSRC),
            by: publisher
        )
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(2))
        let before = try #require(viewer.participant.stream(consumer.ssrc)).arrivals.count
        #expect(before > 60)
        first.isStill = true
        network.run(for: .milliseconds(200))
        var other = parameters
        other.ssrc = parameters.ssrc &+ 77
        other.rtxSSRC = parameters.rtxSSRC.map { $0 &+ 77 }
        _ = publisher.participant.publish(other, now: network.now)
        network.run(for: .seconds(2))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(received.arrivals.count - before > 60)
        #expect(received.statistics.duplicates == 0)
    }

    /// Without any header extension a payload type stands for the only section that has it.
    @Test func aPayloadTypeThatOnlyOneSectionHasIsEnough() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let consumer = try publishUnmarked(.camera(.vp8), in: network, by: publisher, to: viewer)
        network.run(for: .seconds(2))
        #expect(try #require(viewer.participant.stream(consumer.ssrc)).arrivals.count > 60)
    }

    @Test func aPayloadTypeOfTwoSectionsIsNobodys() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        var silent = PublishedStream.Parameters.camera(.vp8)
        silent.ssrc = 4_711
        silent.mid = "other"
        _ = try network.core.produce(
            on: publisher.transport,
            kind: .video,
            parameters: unmarked(silent),
            streamID: nil
        )
        let consumer = try publishUnmarked(.camera(.vp8), in: network, by: publisher, to: viewer)
        network.run(for: .seconds(1))
        #expect(viewer.participant.stream(consumer.ssrc)?.arrivals.isEmpty ?? true)
    }

    private func publishUnmarked(
        _ camera: PublishedStream.Parameters,
        in network: SimulatedNetwork,
        by publisher: SimulatedNetwork.Peer,
        to viewer: SimulatedNetwork.Peer
    ) throws -> ConsumerParameters {
        var camera = camera
        camera.midID = nil
        let (_, producer) = try network.publish(camera, as: unmarked(camera), by: publisher)
        return try network.view(producer, by: viewer)
    }

    private func unmarked(_ camera: PublishedStream.Parameters) -> RTPParameters {
        var parameters = RTPParameters.published(camera, announcesSSRC: false)
        parameters.headerExtensions.removeAll { $0.uri == .mid }
        return parameters
    }
}
