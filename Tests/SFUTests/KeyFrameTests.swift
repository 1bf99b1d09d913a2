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
        network.run(for: .seconds(1))
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
        network.run(for: .seconds(1))
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
