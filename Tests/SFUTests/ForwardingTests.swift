import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A plain source and its viewers on a path without faults.
@Suite struct ForwardingTests {
    @Test func aParticipantConnects() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        let statistics = try network.core.webRTCTransport(peer.transport).currentStatistics()
        #expect(statistics.iceState == .connected)
        #expect(statistics.dtlsState == .connected)
        #expect(statistics.remoteAddress == peer.address)
        #expect(network.run { peer.participant.channelsState == .connected })
    }

    @Test func everyViewerGetsAnUnbrokenStream() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peers = try (0..<3).map { _ in try network.join() }
        #expect(network.connectAll())
        let consumers = try peers.map { try network.view(producer, by: $0) }
        network.run(for: .seconds(3))
        for (peer, consumer) in zip(peers, consumers) {
            let stream = try #require(peer.participant.stream(consumer.ssrc))
            expectUnbroken(stream)
            #expect(stream.arrivals.count > 300)
            #expect(stream.mid == consumer.rtp.mid)
            #expect(stream.arrivals.first?.stamp?.isKeyFrame == true)
            #expect(stream.arrivals.first?.stamp?.index == 0)
        }
        #expect(source.stream.packets > 300)
    }
}

/// Numbers go up by one in the order they came, stamps follow one another, and timestamps never go back.
func expectUnbroken(_ stream: ReceivedStream, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(stream.statistics.missing == 0, sourceLocation: sourceLocation)
    let arrivals = stream.arrivals.sorted { $0.sequence < $1.sequence }
    for (previous, next) in zip(arrivals, arrivals.dropFirst()) {
        let isNext = next.sequence == previous.sequence + 1
        let isLater = Int32(bitPattern: next.timestamp &- previous.timestamp) >= 0
        guard isNext, isLater else {
            #expect(isNext, "\(next.sequence) follows \(previous.sequence)", sourceLocation: sourceLocation)
            #expect(isLater, "the timestamp goes back", sourceLocation: sourceLocation)
            return
        }
    }
}
