import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Who needs a key frame gets one, and the source is asked no more often than that takes.
@Suite struct KeyFrameTests {
    @Test func manyJoinersCostOneRequest() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<10).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        let before = source.stream.keyFrameRequests
        let consumers = try peers.map { try network.view(producer, by: $0) }
        network.run(for: .seconds(1))
        #expect(source.stream.keyFrameRequests == before + 1)
        for (peer, consumer) in zip(peers, consumers) {
            let first = try #require(peer.participant.stream(consumer.ssrc)?.arrivals.first?.stamp)
            #expect(first.isKeyFrame && first.index == 0)
        }
        #expect(
            try network.core.producer(producer).currentStatistics().keyFrameRequests
                == UInt64(source.stream.keyFrameRequests)
        )
    }

    @Test func whoComesWithinASecondOfOthersBeginsWithTheirKeyFrame() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<14).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        let before = source.stream.keyFrameRequests
        for (index, peer) in peers.enumerated() {
            let consumer = try network.view(producer, by: peer)
            let came = network.now
            network.run(for: .milliseconds(70))
            let stream = try #require(peer.participant.stream(consumer.ssrc))
            let first = try #require(stream.arrivals.first, "viewer \(index) sees nothing")
            #expect(first.stamp?.isKeyFrame == true && first.stamp?.index == 0)
            #expect(first.at - came < .milliseconds(70))
            #expect(stream.arrivals.last?.stamp.map { source.stream.frames - $0.frame <= 2 } == true)
        }
        network.run(for: .seconds(1))
        #expect(source.stream.keyFrameRequests == before + 1)
        for peer in peers {
            for stream in peer.participant.streams { expectUnbroken(stream) }
        }
    }

    /// All of them have said what they want to see before they can be reached.
    @Test func whoCanBeReachedOnlyLaterBeginsWithTheOthersKeyFrame() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        network.run(for: .seconds(3))
        let before = source.stream.keyFrameRequests
        var consumers: [(SimulatedNetwork.Peer, ConsumerParameters)] = []
        for _ in 0..<14 {
            let peer = try network.join(down: .init(delay: .milliseconds(Int64(5 + 4 * consumers.count))))
            consumers.append((peer, try network.view(producer, by: peer)))
            network.run(for: .milliseconds(60))
        }
        network.run(for: .seconds(1))
        #expect(source.stream.keyFrameRequests == before + 1)
        for (peer, consumer) in consumers {
            let stream = try #require(peer.participant.stream(consumer.ssrc))
            #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
            expectUnbroken(stream)
        }
    }

    @Test func aKeyFrameThatIsKeptServesWhileTheDeskIsStill() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<2).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        _ = try network.view(producer, by: peers[0])
        network.run(for: .milliseconds(100))
        source.stream.isStill = true
        network.run(for: .milliseconds(100))
        let before = source.stream.keyFrameRequests
        let consumer = try network.view(producer, by: peers[1])
        network.run(for: .milliseconds(100))
        let stream = try #require(peers[1].participant.stream(consumer.ssrc))
        #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
        #expect(stream.arrivals.last?.stamp?.frame == source.stream.frames - 1)
        #expect(stream.senderReport != nil)
        #expect(source.stream.keyFrameRequests == before)
        expectUnbroken(stream)
    }

    @Test func anOldKeyFrameServesNobody() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<2).map { _ in try network.join() }
        #expect(network.connectAll())
        _ = try network.view(producer, by: peers[0])
        network.run(for: .milliseconds(2_500))
        let before = source.stream.keyFrameRequests
        let consumer = try network.view(producer, by: peers[1])
        network.run(for: .milliseconds(200))
        #expect(source.stream.keyFrameRequests == before + 1)
        #expect(peers[1].participant.stream(consumer.ssrc)?.arrivals.first?.stamp?.isKeyFrame == true)
    }

    @Test func whatASourceSentBeforeItWasStartedAnewServesNobody() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<2).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        _ = try network.view(producer, by: peers[0])
        network.run(for: .milliseconds(300))
        source.stream.isStill = true
        source.transport.forgetPeer()
        let consumer = try network.view(producer, by: peers[1])
        network.run(for: .milliseconds(300))
        #expect(peers[1].participant.stream(consumer.ssrc)?.arrivals.isEmpty == true)
        source.stream.isStill = false
        network.restart(source, sequence: 7, timestamp: 7)
        network.run(for: .milliseconds(300))
        let stream = try #require(peers[1].participant.stream(consumer.ssrc))
        #expect(stream.arrivals.first?.stamp.map { $0.isKeyFrame && $0.frame == 0 } == true)
        expectUnbroken(stream)
    }

    /// What has come since the key frame is sent as fast as most paths carry it.
    @Test func aSecondOfTheDeskIsNotSentAtOneBlow() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        source.stream.setBitrate(3_000_000)
        let peers = try (0..<2).map { _ in try network.join() }
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        _ = try network.view(producer, by: peers[0])
        network.run(for: .seconds(1))
        let before = source.stream.keyFrameRequests
        let consumer = try network.view(producer, by: peers[1])
        network.run(for: .milliseconds(300))
        #expect(source.stream.keyFrameRequests == before)
        let stream = try #require(peers[1].participant.stream(consumer.ssrc))
        let began = try #require(stream.arrivals.first?.at)
        func bytes(within interval: Interval) -> Int {
            stream.arrivals.lazy.filter { $0.at - began <= interval }.reduce(0) { $0 + $1.payloadLength }
        }
        #expect(bytes(within: .milliseconds(1)) >= 60_000)
        #expect(bytes(within: .milliseconds(1)) <= 80_000)
        #expect(bytes(within: .milliseconds(30)) <= 240_000)
        #expect(bytes(within: .milliseconds(100)) >= 375_000)
        #expect(stream.arrivals.last?.stamp.map { source.stream.frames - $0.frame <= 2 } == true)
        expectUnbroken(stream)
    }

    @Test(arguments: [SyntheticCodec.vp8, .h264])
    func ofSeveralEncodingsTheBestBeginsWithItsKeptKeyFrame(codec: SyntheticCodec) throws {
        let room = try SimulcastRoom(codec)
        let others = try (0..<3).map { _ in try room.join() }
        room.network.run(for: .seconds(3))
        let first = try room.view()
        room.network.run(for: .milliseconds(200))
        let before = room.streams.map(\.keyFrameRequests)
        let consumers = try others.map { peer in
            let consumer = try room.view(by: peer)
            room.network.run(for: .milliseconds(200))
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

    /// It would show pictures from before those on show.
    @Test func whoHasSeenNewerPicturesIsNotTakenBackByAKeptKeyFrame() throws {
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

    @Test(arguments: [false, true])
    func theReceiversRequestReachesTheSource(isFullIntraRequest: Bool) throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk(.vp8))
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        let before = source.stream.keyFrameRequests
        for _ in 0..<3 {
            network.act(peer) { participant, queue in
                participant.sendRTCP(into: &queue) { out in
                    ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
                    if isFullIntraRequest {
                        FullIntraRequest.write(1, from: 1, about: consumer.ssrc, into: &out)
                    } else {
                        PictureLossIndication.write(from: 1, about: consumer.ssrc, into: &out)
                    }
                }
            }
        }
        network.run(for: .milliseconds(200))
        #expect(source.stream.keyFrameRequests == before + 1)
        #expect(peer.participant.stream(consumer.ssrc)?.statistics.keyFrames == 2)
        #expect(try network.core.consumer(consumer.id).consumer.currentStatistics().keyFrameRequests == 3)
    }

    @Test func anUnansweredRequestIsRepeated() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        network.run(for: .seconds(3))
        source.stream.isStill = true
        let silent = source.address
        // The request goes to a process that is gone.
        source.address = network.newAddress()
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        #expect(peer.participant.stream(consumer.ssrc)?.arrivals.isEmpty == true)
        source.address = silent
        source.stream.isStill = false
        network.run(for: .seconds(1))
        #expect(peer.participant.stream(consumer.ssrc)?.arrivals.isEmpty == false)
    }

    @Test func aStreamThatBeganBeforeThePathIsUpStartsWithAKeyFrame() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        let consumer = try network.view(producer, by: peer)
        #expect(network.connectAll())
        let connected = network.now
        network.run(for: .seconds(1))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        let first = try #require(stream.arrivals.first)
        #expect(first.stamp?.isKeyFrame == true)
        #expect(first.at - connected < .milliseconds(50))
        expectUnbroken(stream)
    }
}
