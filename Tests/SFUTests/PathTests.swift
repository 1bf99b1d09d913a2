import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The way to a participant: handshakes that race, networks that change, peers that vanish.
@Suite struct PathTests {
    @Test(arguments: [DTLSRole.client, .server], [0.0, 0.2])
    func theHandshakeSurvivesLoss(role: DTLSRole, loss: Double) throws {
        let network = try SimulatedNetwork(seed: 11)
        let path = SimulatedNetwork.Path(jitter: .milliseconds(5), loss: loss, duplication: loss / 4)
        let peers = try (0..<4).map { _ in try network.join(role: role, up: path, down: path) }
        #expect(
            network.run(limit: .seconds(30)) {
                peers.allSatisfy { $0.participant.channelsState == .connected }
            }
        )
    }

    /// The client's first flight overtakes signalling.
    @Test func aHandshakeThatBeginsBeforeTheWorkerIsToldIsAnswered() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join(connects: false)
        network.run(for: .milliseconds(200))
        #expect(!peer.participant.isConnected)
        let before = network.now
        try network.connect(peer)
        #expect(network.run(limit: .milliseconds(100)) { peer.participant.isConnected })
        // Two round trips: what had come was not thrown away.
        #expect(network.now - before <= .milliseconds(45))
    }

    @Test func mediaFollowsThePeerToAnotherAddress() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        peer.address = network.newAddress()
        network.act(peer) { participant, queue in participant.changePath(now: network.now, into: &queue) }
        network.run(for: .seconds(2))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        #expect(stream.arrivals.last.map { network.now - $0.at < .milliseconds(50) } == true)
        #expect(
            try network.core.webRTCTransport(peer.transport).currentStatistics().remoteAddress == peer.address
        )
        #expect(
            network.events.contains {
                if case .selectedAddressChanged(_, peer.address) = $0 { true } else { false }
            }
        )
    }

    @Test func anICERestartDoesNotInterruptTheStream() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        for _ in 0..<3 {
            let credentials = network.core.restartICE(try network.core.webRTCTransport(peer.transport))
            network.run(for: .milliseconds(300))
            peer.address = network.newAddress()
            network.act(peer) { participant, queue in
                participant.restartICE(remote: credentials, now: network.now, into: &queue)
            }
            try network.core.webRTCTransport(peer.transport).ice.remote = peer.participant.ice.local
            network.run(for: .seconds(1))
        }
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        #expect(stream.arrivals.last.map { network.now - $0.at < .milliseconds(50) } == true)
    }

    /// No wake-up may be due again and again for something that cannot be sent.
    @Test func aPeerThatVanishesCostsNothingAndMayComeBack() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        let other = try network.join()
        #expect(network.connectAll())
        let (_, published) = try network.publish(.camera(), by: peer)
        let consumer = try network.view(producer, by: peer)
        try network.view(published, by: other)
        network.run(for: .seconds(1))
        try network.act(peer) { participant, queue in
            let stream = try participant.openChannel(
                DataChannelParameters(label: "x"),
                now: network.now,
                into: &queue
            )
            try participant.send([1], on: stream, now: network.now, into: &queue)
        }
        peer.up.loss = 1
        peer.down.loss = 1
        network.run(for: .seconds(40))
        #expect(try network.core.webRTCTransport(peer.transport).currentStatistics().iceState == .failed)
        let offered = peer.offered
        let wakeUps = network.wakeUps
        network.run(for: .seconds(10))
        #expect(peer.offered == offered)
        // 30 frames a second from the desk, and a few timers.
        #expect(network.wakeUps - wakeUps < 1_000)

        let credentials = network.core.restartICE(try network.core.webRTCTransport(peer.transport))
        peer.up.loss = 0
        peer.down.loss = 0
        let before = try #require(peer.participant.stream(consumer.ssrc)).arrivals.count
        network.act(peer) { participant, queue in
            participant.restartICE(remote: credentials, now: network.now, into: &queue)
        }
        try network.core.webRTCTransport(peer.transport).ice.remote = peer.participant.ice.local
        network.run(for: .seconds(2))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        #expect(stream.arrivals.count > before + 100)
        #expect(stream.arrivals.last.map { network.now - $0.at < .milliseconds(50) } == true)
    }

    @Test func aProducerClosedInTheMiddleLeavesNoTimerBehind() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        let (_, producer) = try network.publish(.camera(), by: peer)
        network.run(for: .milliseconds(550))
        try network.core.close(producer)
        let wakeUps = network.wakeUps
        network.run(for: .seconds(2))
        #expect(network.wakeUps - wakeUps < 500)
    }

    /// Longer than packets are kept and shorter than the path counts as lost, and then longer than that: on a
    /// still desktop nothing would follow to reveal what is missing.
    @Test(arguments: [4, 12])
    func whatWasLostWithThePathIsMadeGoodThoughTheDesktopIsStill(seconds: Int) throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(2))
        peer.up.loss = 1
        peer.down.loss = 1
        network.run(for: .milliseconds(300))
        source.stream.isStill = true
        network.run(for: .seconds(Int64(seconds)))
        let before = try #require(peer.participant.stream(consumer.ssrc)).statistics.keyFrames
        peer.up.loss = 0
        peer.down.loss = 0
        network.run(for: .seconds(3))
        #expect(try #require(peer.participant.stream(consumer.ssrc)).statistics.keyFrames == before + 1)
        network.run(for: .seconds(10))
        #expect(try #require(peer.participant.stream(consumer.ssrc)).statistics.keyFrames == before + 1)
    }

    /// A browser under load drops what comes before its own side of the handshake is done.
    @Test(arguments: [1, 5])
    func aReceiverThatMissedTheWholeBeginningOfAStillDesktopGetsItAgain(seconds: Int) throws {
        let network = try SimulatedNetwork()
        let (source, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        source.stream.isStill = true
        peer.down.drops = { PacketKind(of: $0) == .rtp }
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(Int64(seconds)))
        peer.down.drops = nil
        let before = source.stream.keyFrameRequests
        network.run(for: .seconds(8))
        #expect(peer.participant.stream(consumer.ssrc)?.statistics.keyFrames == 1)
        #expect(source.stream.keyFrameRequests == before + 1)
        network.run(for: .seconds(30))
        #expect(source.stream.keyFrameRequests == before + 1)
    }
}
