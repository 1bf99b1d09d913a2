import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Who needs a key frame gets one, and the source is asked no more often than that takes.
@Suite struct KeyFrameTests {
    @Test func manyJoinersCostOneRequest() throws {
        let room = try DeskRoom(people: 10)
        let before = room.desk.keyFrameRequests
        let consumers = try room.peers.indices.map { try room.view(by: $0) }
        room.run(for: .seconds(1))
        #expect(room.desk.keyFrameRequests == before + 1)
        for consumer in consumers {
            let first = try #require(room.received(consumer).arrivals.first?.stamp)
            #expect(first.isKeyFrame && first.index == 0)
        }
        let statistics = try room.network.core.producer(room.producer).currentStatistics()
        #expect(statistics.keyFrameRequests == UInt64(room.desk.keyFrameRequests))
    }

    @Test(arguments: [false, true])
    func theReceiversRequestReachesTheSource(isFullIntraRequest: Bool) throws {
        let room = try DeskRoom(.desk(.vp8), running: .zero)
        let consumer = try room.view()
        room.run(for: .seconds(1))
        let before = room.desk.keyFrameRequests
        for _ in 0..<3 {
            room.network.act(room.peers[0]) { participant, queue in
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
        room.run(for: .milliseconds(200))
        #expect(room.desk.keyFrameRequests == before + 1)
        #expect(try room.received(consumer).statistics.keyFrames == 2)
        let statistics = try room.network.core.consumer(consumer.id).currentStatistics()
        #expect(statistics.keyFrameRequests == 3)
    }

    @Test func anUnansweredRequestIsRepeated() throws {
        let room = try DeskRoom()
        room.desk.isStill = true
        let silent = room.source.address
        // The request goes to a process that is gone.
        room.source.address = room.network.newAddress()
        let consumer = try room.view()
        room.run(for: .seconds(1))
        #expect(try room.received(consumer).arrivals.isEmpty)
        room.source.address = silent
        room.desk.isStill = false
        room.run(for: .seconds(1))
        #expect(try !room.received(consumer).arrivals.isEmpty)
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
