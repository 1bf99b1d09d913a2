import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A source that is started anew with the same SSRC: its viewers go on from the next key frame and see no
/// seam.
@Suite struct RestartTests {
    @Test(arguments: [true, false], [SyntheticCodec.h264, .opus])
    func viewersGoOnWithoutASeam(isAnnounced: Bool, codec: SyntheticCodec) throws {
        let network = try SimulatedNetwork(seed: 3)
        let (source, producer) = try network.addSource(.desk(codec))
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(2))
        source.stream.isStill = true
        network.run(for: .milliseconds(isAnnounced ? 30 : 500))
        let before = try #require(peer.participant.stream(consumer.ssrc)).arrivals.count
        if isAnnounced { source.transport.forgetPeer() }
        source.stream.isStill = false
        network.restart(source, sequence: source.stream.sequence &+ 20_000, timestamp: 12_345)
        network.run(for: .seconds(2))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        #expect(stream.arrivals.count > before + 90)
        let first = try #require(stream.arrivals[before].stamp)
        #expect(first.frame == 0 && first.index == 0)
        #expect(try network.core.producer(producer).currentStatistics().restarts == 1)
        // The clock goes on by the time that passed, give or take the time of a few packets.
        let ticks = stream.arrivals[before].timestamp &- stream.arrivals[before - 1].timestamp
        let passed =
            (stream.arrivals[before].at - stream.arrivals[before - 1].at).nanoseconds * Int64(codec.clockRate)
            / 1_000_000_000
        #expect(abs(Int64(ticks) - passed) < Int64(codec.clockRate) / 50)
    }

    @Test func aProcessFromElsewhereIsHeardOnlyAfterSilence() throws {
        let network = try SimulatedNetwork()
        let (source, _) = try network.addSource(.desk())
        network.run(for: .seconds(1))
        let known = source.address
        let before = source.transport.currentStatistics().packetsRejected
        source.address = network.newAddress()
        network.run(for: .milliseconds(90))
        #expect(source.transport.currentStatistics().packetsRejected > before)
        #expect(source.transport.currentStatistics().remoteAddress == known)
        network.run(for: .milliseconds(500))
        #expect(source.transport.currentStatistics().remoteAddress == source.address)
    }
}
