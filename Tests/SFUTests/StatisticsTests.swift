import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What the Worker tells of itself agrees with what happened.
@Suite struct StatisticsTests {
    @Test func theyAgreeWithWhatWasSentAndReceived() throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(10))
        network.act(peer) { participant, queue in
            participant.sendRTCP(into: &queue) { out in
                ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
                ReceiverEstimatedMaximumBitrate(bitrate: 2_500_000).write(
                    from: 1,
                    about: consumer.ssrc,
                    into: &out
                )
            }
        }
        source.stream.isStill = true
        network.run(for: .milliseconds(100))

        let produced = try network.core.producer(producer).currentStatistics()
        #expect(produced.packets == UInt64(source.stream.packets))
        #expect(produced.keyFrames == UInt64(source.stream.keyFrames))
        #expect(produced.lost == 0 && produced.restarts == 0)
        let consumed = try network.core.consumer(consumer.id).currentStatistics()
        let received = try #require(peer.participant.stream(consumer.ssrc))
        #expect(consumed.packets == UInt64(received.arrivals.count))
        #expect(consumed.bytes == consumed.packets * 1_100)
        #expect(consumed.lost == 0 && consumed.fractionLost == 0)
        let roundTrip = try #require(consumed.roundTripTime)
        #expect(abs(roundTrip.nanoseconds - 20_000_000) < 2_000_000)
        let transport = try network.core.webRTCTransport(peer.transport).currentStatistics()
        #expect(transport.packetsSent >= consumed.packets)
        #expect(transport.packetsRejected == 0)
        #expect(transport.receiverEstimatedBitrate == 2_500_000)
        // 30 × 4 × 1 100 bytes a second went through without delay.
        #expect((transport.availableBitrate ?? 0) > 1_000_000)
        let worker = network.core.statistics
        #expect(worker.datagramsReceived > 0 && worker.datagramsUnclaimed == 0)
    }

    @Test func lossShowsInThem() throws {
        let network = try SimulatedNetwork(seed: 6)
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        peer.down.loss = 0.1
        network.run(for: .seconds(10))
        let statistics = try network.core.consumer(consumer.id).currentStatistics()
        #expect(statistics.packetsNacked > 0)
        // Beyond what is asked for, what is known to be lost is sent again, and twice where loss is usual.
        #expect(statistics.retransmitted <= 4 * statistics.packetsNacked)
        #expect(0.06...0.15 ~= Double(statistics.lost) / Double(statistics.packets))
        #expect(0.01...0.3 ~= statistics.fractionLost)
    }
}

/// The same seed gives the same run.
@Suite struct DeterminismTests {
    private struct Trace: Equatable {
        var arrivals: [[ReceivedStream.Arrival]]
        var statistics: [ReceivedStream.Statistics]
        var sent: Int
        var wakeUps: Int
    }

    @Test func equalSeedsGiveEqualRuns() throws {
        let first = try run(seed: 5)
        #expect(try run(seed: 5) == first)
        #expect(try run(seed: 6) != first)
    }

    private func run(seed: UInt64) throws -> Trace {
        let network = try SimulatedNetwork(seed: seed)
        let (_, producer) = try network.addSource(.desk())
        let path = SimulatedNetwork.Path(jitter: .milliseconds(8), loss: 0.05, duplication: 0.02)
        let peers = try (0..<3).map { _ in try network.join(up: path, down: path) }
        #expect(network.run(limit: .seconds(20)) { peers.allSatisfy(\.participant.isConnected) })
        let consumers = try peers.map { try network.view(producer, by: $0) }
        let (_, published) = try network.publish(.camera(), by: peers[0])
        let viewer = try network.view(published, by: peers[1])
        network.run(for: .seconds(5))
        let streams =
            zip(peers, consumers).compactMap { $0.participant.stream($1.ssrc) }
            + [peers[1].participant.stream(viewer.ssrc)].compactMap { $0 }
        return Trace(
            arrivals: streams.map(\.arrivals),
            statistics: streams.map(\.statistics),
            sent: network.sent,
            wakeUps: network.wakeUps
        )
    }
}
