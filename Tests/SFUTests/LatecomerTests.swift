import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Who comes soon after others begins with the key frame that they were sent.
@Suite struct LatecomerTests {
    @Test func whoComesWithinASecondOfOthersBeginsWithTheirKeyFrame() throws {
        let room = try DeskRoom(people: 14)
        let before = room.desk.keyFrameRequests
        for place in room.peers.indices {
            let consumer = try room.view(by: place)
            let came = room.network.now
            room.run(for: .milliseconds(70))
            let stream = try room.received(consumer)
            let first = try #require(stream.arrivals.first, "viewer \(place) sees nothing")
            #expect(first.stamp?.isKeyFrame == true && first.stamp?.index == 0)
            #expect(first.at - came < .milliseconds(70))
            #expect(stream.arrivals.last?.stamp.map { room.desk.frames - $0.frame <= 2 } == true)
        }
        room.run(for: .seconds(1))
        #expect(room.desk.keyFrameRequests == before + 1)
        for peer in room.peers {
            for stream in peer.participant.streams { expectUnbroken(stream) }
        }
    }

    /// All of them have said what they want to see before they can be reached.
    @Test func whoCanBeReachedOnlyLaterBeginsWithTheOthersKeyFrame() throws {
        let room = try DeskRoom(people: 0)
        let network = room.network
        let before = room.desk.keyFrameRequests
        var consumers: [(SimulatedNetwork.Peer, ConsumerParameters)] = []
        for _ in 0..<14 {
            let peer = try network.join(down: .init(delay: .milliseconds(Int64(5 + 4 * consumers.count))))
            consumers.append((peer, try network.view(room.producer, by: peer)))
            network.run(for: .milliseconds(60))
        }
        network.run(for: .seconds(1))
        #expect(room.desk.keyFrameRequests == before + 1)
        for (peer, consumer) in consumers {
            let stream = try #require(peer.participant.stream(consumer.ssrc))
            #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
            expectUnbroken(stream)
        }
    }

    @Test func itServesWhileTheDeskIsStill() throws {
        let room = try DeskRoom(people: 2)
        try room.view()
        room.run(for: .milliseconds(100))
        room.desk.isStill = true
        room.run(for: .milliseconds(100))
        let before = room.desk.keyFrameRequests
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(100))
        let stream = try room.received(consumer)
        #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
        #expect(stream.arrivals.last?.stamp?.frame == room.desk.frames - 1)
        #expect(stream.senderReport != nil)
        #expect(room.desk.keyFrameRequests == before)
        expectUnbroken(stream)
    }

    /// What has come since the key frame is sent as fast as most paths carry it.
    @Test func aSecondOfTheDeskIsNotSentAtOneBlow() throws {
        let room = try DeskRoom(people: 2)
        room.desk.setBitrate(3_000_000)
        try room.view()
        room.run(for: .seconds(1))
        let before = room.desk.keyFrameRequests
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(300))
        #expect(room.desk.keyFrameRequests == before)
        let stream = try room.received(consumer)
        let began = try #require(stream.arrivals.first?.at)
        func bytes(within interval: Interval) -> Int {
            stream.arrivals.lazy.filter { $0.at - began <= interval }.reduce(0) { $0 + $1.payloadLength }
        }
        #expect(bytes(within: .milliseconds(1)) >= 60_000)
        #expect(bytes(within: .milliseconds(1)) <= 80_000)
        #expect(bytes(within: .milliseconds(30)) <= 240_000)
        #expect(bytes(within: .milliseconds(100)) >= 375_000)
        #expect(stream.arrivals.last?.stamp.map { room.desk.frames - $0.frame <= 2 } == true)
        expectUnbroken(stream)
    }

    @Test(arguments: [SyntheticCodec.vp8, .h264])
    func ofSeveralEncodingsTheBestBeginsWithItsOwn(codec: SyntheticCodec) throws {
        let room = try SimulcastRoom(codec)
        let others = try (0..<3).map { _ in try room.join() }
        room.network.run(for: .seconds(3))
        let first = try room.view()
        room.network.run(for: .milliseconds(200))
        let before = room.streams.map(\.keyFrameRequests)
        let consumers = try others.map { peer in
            let consumer = try room.view(by: peer)
            #expect(room.network.run { (try? room.received(consumer))?.arrivals.isEmpty == false })
            #expect(room.layersTold(consumer).count == 1, "no later than the picture comes")
            room.network.run(for: .milliseconds(180))
            return consumer
        }
        #expect(room.streams.map(\.keyFrameRequests) == before)
        room.network.run(for: .seconds(1))
        #expect(try room.received(first).arrivals.last?.stamp?.encoding == 2)
        for consumer in consumers {
            let stream = try room.received(consumer)
            #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
            #expect(stream.arrivals.allSatisfy { $0.stamp?.encoding == 2 })
            #expect(room.layersTold(consumer).count == 1)
            expectUnbroken(stream)
            expectDecodable(stream)
        }
    }

    /// A packet that was passed by, and comes while others are still sent.
    @Test func whatComesLateOfItIsSentOnAtOnce() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewer) = (try network.join(), try network.join())
        // Nothing is known of the path.
        viewer.participant.sendsTransportFeedback = false
        #expect(network.connectAll())
        var camera = PublishedStream.Parameters.camera()
        camera.packetsPerKeyFrame = 110
        let (stream, producer) = try network.publish(camera, by: publisher)
        network.run(for: .seconds(3))
        var count = 0
        var late: [[UInt8]] = []
        publisher.up.drops = { packet in
            guard stream.keyFrames == 2, PacketKind(of: packet) == .rtp else { return false }
            count += 1
            guard count == 1 || count == 41 else { return false }
            late.append(packet.withUnsafeBytes { [UInt8]($0) })
            return true
        }
        let consumer = try network.view(producer, by: viewer)
        #expect(network.run { late.count == 2 })
        for packet in late {
            network.run(for: .milliseconds(2))
            network.inject(packet, from: publisher.address)
        }
        network.run(for: .milliseconds(500))
        let received = try #require(viewer.participant.stream(consumer.ssrc))
        #expect(received.statistics.keyFrames == 1)
        #expect(received.statistics.recovered == 0, "nothing was sent again")
        expectUnbroken(received)
    }

    // MARK: Which one serves nobody

    @Test func anOldOneServesNobody() throws {
        let room = try DeskRoom(people: 2, running: .zero)
        try room.view()
        // Longer than a second ago, but not longer than packets are kept.
        room.run(for: .milliseconds(1_500))
        let before = room.desk.keyFrameRequests
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(200))
        #expect(room.desk.keyFrameRequests == before + 1)
        #expect(try room.received(consumer).arrivals.first?.stamp?.isKeyFrame == true)
    }

    /// So many bytes, or packets, that they are not sent again to begin with.
    @Test(arguments: [(packets: 20, length: 1_100), (packets: 40, length: 100)])
    func oneThatMuchHasComeSinceServesNobody(_ frame: (packets: Int, length: Int)) throws {
        var parameters = PublishedStream.Parameters.desk()
        parameters.packetsPerFrame = frame.packets
        parameters.payloadLength = frame.length
        let room = try DeskRoom(parameters, people: 2)
        try room.view()
        room.run(for: .seconds(1))
        let before = room.desk.keyFrameRequests
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(200))
        #expect(room.desk.keyFrameRequests == before + 1)
        let stream = try room.received(consumer)
        #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
        expectUnbroken(stream)
    }

    @Test func whatASourceSentBeforeItWasStartedAnewServesNobody() throws {
        let room = try DeskRoom(people: 2)
        try room.view()
        room.run(for: .milliseconds(300))
        room.desk.isStill = true
        room.source.transport.forgetPeer()
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(300))
        #expect(try room.received(consumer).arrivals.isEmpty)
        room.desk.isStill = false
        room.network.restart(room.source, sequence: 7, timestamp: 7)
        room.run(for: .milliseconds(300))
        let stream = try room.received(consumer)
        #expect(stream.arrivals.first?.stamp.map { $0.isKeyFrame && $0.frame == 0 } == true)
        expectUnbroken(stream)
    }

    @Test func thatOfAPausedSourceServesNobody() throws {
        let room = try DeskRoom(people: 2)
        try room.view()
        room.run(for: .milliseconds(300))
        try room.network.core.producer(room.producer).setPaused(true, now: room.network.now)
        let frames = room.desk.frames
        let consumer = try room.view(by: 1)
        room.run(for: .milliseconds(300))
        #expect(try room.received(consumer).arrivals.isEmpty)
        try room.network.core.producer(room.producer).setPaused(false, now: room.network.now)
        room.network.finishCall()
        room.run(for: .milliseconds(300))
        let stream = try room.received(consumer)
        #expect(stream.arrivals.first?.stamp.map { $0.isKeyFrame && $0.frame > frames } == true)
        expectUnbroken(stream)
    }

    /// A packet is missing, and its sender cannot be asked for it.
    @Test func oneWithAHoleAfterItServesNobody() throws {
        let network = try SimulatedNetwork()
        let (publisher, viewers) = (try network.join(), [try network.join(), try network.join()])
        #expect(network.connectAll())
        let (_, producer) = try network.publish(.camera(), by: publisher)
        try network.view(producer, by: viewers[0])
        network.run(for: .milliseconds(300))
        publisher.down.loss = 1
        var isLost = false
        publisher.up.drops = { packet in
            guard !isLost, PacketKind(of: packet) == .rtp else { return false }
            isLost = true
            return true
        }
        network.run(for: .milliseconds(100))
        #expect(isLost)
        let consumer = try network.view(producer, by: viewers[1])
        network.run(for: .milliseconds(200))
        #expect(viewers[1].participant.stream(consumer.ssrc)?.arrivals.isEmpty == true)
        publisher.down.loss = 0
        network.run(for: .seconds(1))
        let stream = try #require(viewers[1].participant.stream(consumer.ssrc))
        #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
        expectUnbroken(stream)
    }

    /// It would show pictures from before those on show.
    @Test func whoHasSeenNewerPicturesIsNotTakenBack() throws {
        let room = try SimulcastRoom(.h264)
        let other = try room.join()
        let consumer = try room.view()
        room.network.run(for: .seconds(3))
        let low = try room.view(by: other)
        try room.prefer(0, of: low)
        room.network.run(for: .milliseconds(500))
        #expect(try room.received(low).arrivals.last?.stamp?.encoding == 0)
        let before = room.streams[0].keyFrameRequests
        try room.prefer(0, of: consumer)
        room.network.run(for: .milliseconds(500))
        #expect(room.streams[0].keyFrameRequests == before + 1)
        let arrivals = try room.received(consumer).arrivals
        #expect(arrivals.last?.stamp?.encoding == 0)
        let frames = arrivals.compactMap(\.stamp?.frame)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0 <= $1 })
        expectDecodable(try room.received(consumer))
    }
}
