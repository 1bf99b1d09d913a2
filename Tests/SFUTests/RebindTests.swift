import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A router between a participant and the Worker forgets its mapping: what the participant sends comes from
/// another address, what goes to the old one is lost, and neither side is told.
@Suite struct RebindTests {
    /// There and back.
    private static let roundTrip = Interval.milliseconds(20)

    @Test func thePictureGoesOnWithinARoundTripOfTheNextPacket() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(2))
        let sent = try firstSent(by: peer, after: { peer.address = network.newAddress() }, on: network)
        network.run(for: .milliseconds(500))
        let stream = try #require(peer.participant.stream(consumer.ssrc))
        let next = try #require(stream.arrivals.first { $0.at > sent })
        // The packet, the check, its answer, and then the next frame.
        #expect(next.at - sent < Self.roundTrip * 2 + .milliseconds(34))
        network.run(for: .seconds(2))
        expectUnbroken(stream)
        let statistics = try network.core.webRTCTransport(peer.transport).currentStatistics()
        #expect(statistics.remoteAddress == peer.address)
        #expect(statistics.addressChecks == 1)
        #expect(statistics.packetsRejected == 0)
        #expect(network.core.statistics.datagramsRebound > 0)
        #expect(network.core.statistics.datagramsUnclaimed == 0)
    }

    @Test func aCameraLosesNothing() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        let viewer = try network.join()
        #expect(network.connectAll())
        let (_, producer) = try network.publish(.camera(), by: peer)
        let consumer = try network.view(producer, by: viewer)
        network.run(for: .seconds(2))
        for _ in 0..<5 {
            peer.address = network.newAddress()
            network.run(for: .milliseconds(700))
        }
        let stream = try #require(viewer.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        let times = stream.arrivals.map(\.at).sorted()
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 < .milliseconds(60) })
        #expect(peer.participant.statistics.nacksReceived == 0)
        #expect(
            try network.core.webRTCTransport(peer.transport).currentStatistics().remoteAddress == peer.address
        )
    }

    /// Somebody moves the mouse, and publishes nothing.
    @Test func messagesArriveAtOnceAndTheAddressIsFollowed() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        #expect(network.run { peer.participant.channelsState == .connected })
        let stream = try network.act(peer) { participant, queue in
            try participant.openChannel(
                DataChannelParameters(label: "pointer", isOrdered: false, maximumRetransmits: 0),
                now: network.now,
                into: &queue
            )
        }
        #expect(network.run { peer.events.contains(.channelAcknowledged(stream: stream)) })
        network.run(for: .seconds(1))
        peer.address = network.newAddress()
        for number in UInt8(0)..<50 {
            try network.act(peer) { participant, queue in
                try participant.send([number], on: stream, now: network.now, into: &queue)
            }
            network.run(for: .milliseconds(10))
        }
        network.run(for: .milliseconds(100))
        let messages = network.events.compactMap { event in
            if case .dataMessage(peer.transport, _, let message) = event { message.bytes } else { nil }
        }
        #expect(messages == (UInt8(0)..<50).map { [$0] })
        #expect(
            try network.core.webRTCTransport(peer.transport).currentStatistics().remoteAddress == peer.address
        )
    }

    /// Browsers that only receive all report under the SSRC 1.
    @Test func ofManyViewersWithOneSSRCEachIsFound() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peers = try (0..<14).map { _ in try network.join(seed: 7) }
        #expect(network.connectAll())
        let ssrcs = try peers.map { try network.view(producer, by: $0).ssrc }
        network.run(for: .seconds(2))
        // All at once: they are behind one router.
        for peer in peers { peer.address = network.newAddress() }
        let change = network.now
        network.run(for: .seconds(3))
        for (peer, ssrc) in zip(peers, ssrcs) {
            let stream = try #require(peer.participant.stream(ssrc))
            let next = try #require(stream.arrivals.first { $0.at > change + Self.roundTrip / 2 })
            #expect(next.at - change < .milliseconds(400))
            expectUnbroken(stream)
        }
        #expect(Set(peers.map(\.participant.ssrc)).count == 1)
    }

    /// More than are tried for one packet: whose number is the next is tried first.
    @Test func ofACrowdThatCameOneAfterTheOtherEachIsFound() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk(.opus))
        let peers = try (0..<40).map { _ in
            let peer = try network.join(seed: 7)
            #expect(network.connectAll())
            try network.view(producer, by: peer)
            network.run(for: .milliseconds(400))
            return peer
        }
        for peer in peers { peer.address = network.newAddress() }
        network.run(for: .seconds(2))
        for (place, peer) in peers.enumerated() {
            let found = try network.core.webRTCTransport(peer.transport).currentStatistics().remoteAddress
            #expect(found == peer.address, "viewer \(place)")
        }
    }

    @Test func aLostCheckIsSentAgainWhileThePeerGoesOnSending() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        try network.publish(.camera(), by: peer)
        network.run(for: .seconds(1))
        var lost = 0
        peer.down.drops = { packet in
            guard PacketKind(of: packet) == .stun, lost < 2 else { return false }
            lost += 1
            return true
        }
        peer.address = network.newAddress()
        network.run(for: .milliseconds(450))
        let statistics = try network.core.webRTCTransport(peer.transport).currentStatistics()
        #expect(statistics.addressChecks == 3)
        #expect(statistics.remoteAddress == peer.address)
    }

    /// There is nobody to ask whether it is there.
    @Test func withoutThePeersCredentialsNothingIsFollowed() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join(connects: false)
        try network.connect(peer, tellsICE: false)
        #expect(network.connectAll())
        try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        let old = peer.address
        peer.address = network.newAddress()
        network.run(for: .seconds(20))
        let transport = try network.core.webRTCTransport(peer.transport)
        #expect(transport.currentStatistics().remoteAddress == old)
        #expect(transport.currentStatistics().addressChecks == 0)
        #expect(network.core.statistics.datagramsRebound == 0, "what it sends from there is nobody's")
        peer.address = old
        network.run(for: .seconds(6))
        #expect(transport.currentStatistics().iceState == .connected)
    }

    @Test func anICERestartTakesTheNewCredentials() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        let transport = try network.core.webRTCTransport(peer.transport)
        let credentials = network.core.restartICE(transport)
        network.act(peer) { participant, queue in
            participant.restartICE(remote: credentials, now: network.now, into: &queue)
        }
        transport.ice.remote = peer.participant.ice.local
        network.run(for: .milliseconds(500))
        peer.address = network.newAddress()
        network.run(for: .milliseconds(300))
        #expect(transport.currentStatistics().remoteAddress == peer.address)
    }

    /// When the first datagram after `change` leaves the participant.
    private func firstSent(
        by peer: SimulatedNetwork.Peer,
        after change: () -> Void,
        on network: SimulatedNetwork
    ) throws -> Instant {
        change()
        var first: Instant?
        peer.up.drops = { [unowned network] _ in
            first = first ?? network.now
            return false
        }
        #expect(network.run(limit: .seconds(1)) { first != nil })
        peer.up.drops = nil
        return try #require(first)
    }
}
