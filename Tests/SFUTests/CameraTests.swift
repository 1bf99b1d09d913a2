import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A browser that publishes: SRTP in, feedback out, and viewers in other browsers.
@Suite struct CameraTests {
    @Test(arguments: [SyntheticCodec.vp8, .h264, .opus], [true, false])
    func itsStreamReachesAViewer(codec: SyntheticCodec, announcesSSRC: Bool) throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let (stream, producer) = try network.publish(
            .camera(codec),
            as: .published(.camera(codec), announcesSSRC: announcesSSRC),
            by: publisher
        )
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(3))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        expectUnbroken(received)
        #expect(received.arrivals.count > 100)
        #expect(stream.packets - received.arrivals.count < 40)
        // Reports and arrival times go back.
        #expect(publisher.participant.statistics.reportsReceived >= 2)
        #expect(publisher.participant.statistics.reportedLoss == 0)
        #expect(publisher.participant.statistics.transportFeedbackReceived > 20)
        #expect(publisher.participant.statistics.transportFeedbackLost == 0)
        #expect(received.senderReport != nil)
    }

    /// A viewer's request crosses to another transport's source without waiting for one of its timers.
    @Test func aViewersKeyFrameRequestReachesItAtOnce() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let (stream, producer) = try network.publish(.camera(), by: publisher)
        network.run(for: .milliseconds(1_500))
        let before = stream.keyFrameRequests
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .milliseconds(25))
        #expect(stream.keyFrameRequests == before + 1)
        network.run(for: .milliseconds(25))
        #expect(viewer.participant.stream(consumer.ssrc)?.statistics.keyFrames == 1)
        network.run(for: .milliseconds(400))
        viewer.participant.requestKeyFrame(of: consumer.ssrc)
        network.run(for: .milliseconds(35))
        #expect(stream.keyFrameRequests == before + 2)
    }

    @Test func lossOnTheWayInIsRepaired() throws {
        let network = try SimulatedNetwork(seed: 5)
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let (stream, producer) = try network.publish(.camera(), by: publisher)
        let consumer = try network.view(producer, by: viewer)
        // Before the key frame nothing is needed, so nothing is repaired.
        network.run(for: .seconds(1))
        publisher.up.loss = 0.05
        network.run(for: .seconds(5))
        publisher.up.loss = 0
        network.run(for: .seconds(1))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(stream.retransmitted > 10)
        #expect(try network.core.producer(producer).currentStatistics().recovered > 10)
        expectUnbroken(received)
        #expect(publisher.participant.statistics.transportFeedbackLost > 10)
        // Nothing arrives twice under one number: that would be one nonce for two headers.
        #expect(received.statistics.duplicates == 0)
    }

    /// The store has forgotten the packet, and still it must not go out under a number that was used.
    @Test func aRepetitionIsDroppedHoweverLateItComes() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        var camera = PublishedStream.Parameters.camera()
        camera.frameInterval = .milliseconds(100)
        let (stream, producer) = try network.publish(camera, by: publisher)
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(1))
        // Number and timestamp as they were on the wire, after the flags and the payload type.
        var old: [UInt8] = []
        publisher.up.drops = { packet in
            if old.isEmpty, packet.bigEndian(UInt32.self, at: 8) == stream.parameters.ssrc {
                old = packet.extracting(2..<8).withUnsafeBytes { [UInt8]($0) }
            }
            return false
        }
        network.run(for: .seconds(5))
        stream.isStill = true
        network.run(for: .milliseconds(100))
        let before = try network.core.consumer(consumer.id).currentStatistics().packets
        #expect(old.count == 6)
        network.act(publisher) { participant, queue in
            // A retransmission: RTX payload type, an SSRC of its own, the original number first (RFC 4588
            // §4).
            let packet =
                [0x80, 99, 0x30, 0x00] + old[2...] + [0, 0, 0x22, 0x23] + old[..<2] + [0x10, 1, 2, 3]
            participant.sendRTP(packet.span.bytes, into: &queue)
        }
        network.run(for: .milliseconds(100))
        #expect(try network.core.consumer(consumer.id).currentStatistics().packets == before)
        #expect(viewer.participant.stream(consumer.ssrc)?.statistics.duplicates == 0)
    }

    /// The first packet of the key frame comes as a retransmission, behind the rest of it.
    @Test func aViewerWhoWaitsGetsAKeyFrameWhoseBeginningWasRepaired() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let (stream, producer) = try network.publish(.camera(), by: publisher)
        // The first key frame is too old by then.
        network.run(for: .seconds(3))
        stream.isStill = true
        network.run(for: .milliseconds(100))
        let lost = stream.sequence
        publisher.up.drops = { packet in
            PacketKind(of: packet) == .rtp && packet.bigEndian(UInt16.self, at: 2) == lost
                && packet.bigEndian(UInt32.self, at: 8) == stream.parameters.ssrc
        }
        let consumer = try network.view(
            producer,
            by: viewer,
            options: ConsumerOptions(capabilities: .browser(retransmits: false))
        )
        network.run(for: .milliseconds(250))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(received.arrivals.map { $0.stamp?.index } == (0..<8).map { UInt16($0) })
        expectUnbroken(received)
    }

    @Test func pausingTheProducerDropsItsPacketsAndResumingStartsWithAKeyFrame() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        #expect(network.connectAll())
        let (stream, producer) = try network.publish(.camera(), by: publisher)
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(1))
        try network.core.producer(producer).setPaused(true, now: network.now)
        network.run(for: .seconds(1))
        let before = try #require(viewer.participant.stream(consumer.ssrc)).arrivals.count
        let requests = stream.keyFrameRequests
        try network.core.producer(producer).setPaused(false, now: network.now)
        network.finishCall()
        network.run(for: .seconds(1))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(received.arrivals.count > before + 60)
        #expect(received.arrivals[before].stamp?.isKeyFrame == true)
        #expect(stream.keyFrameRequests == requests + 1)
        expectUnbroken(received)
    }
}
