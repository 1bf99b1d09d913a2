import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Somebody in the room sends valid checks of their own in another person's name.
@Suite struct AddressTheftTests {
    @Test func aCheckInAVictimsNameTakesNothingOver() throws {
        let scene = try Scene()
        for _ in 0..<100 {
            try scene.forgeCheck(from: scene.victim.address)
            scene.network.run(for: .milliseconds(100))
        }
        try scene.expectHeardThroughout()
        #expect(scene.network.core.statistics.datagramsRebound == 0)
        #expect(try scene.statistics(of: scene.thief).remoteAddress == scene.thief.address)
    }

    /// Without knowing the port: every one that a router could have chosen.
    @Test func aSweepOverAllPortsLeavesEverybodyTheirAddress() throws {
        let scene = try Scene()
        let host = try #require(scene.victim.address.ipv4)
        for port in 30_000..<58_000 as Range<UInt16> {
            try scene.forgeCheck(from: SocketAddress(ipv4: host, port: port))
            if port % 100 == 0 { scene.network.run(for: .milliseconds(10)) }
        }
        scene.network.run(for: .seconds(5))
        try scene.expectHeardThroughout()
        #expect(scene.network.core.statistics.datagramsRebound == 0)
    }

    /// On the path, and so able to answer what goes to the victim: then each packet's keys decide whose it is.
    @Test func whoReadsWhatGoesToTheVictimRobsNothingEither() throws {
        let scene = try Scene()
        let thief = scene.thief
        scene.victim.down.drops = { [network = scene.network, victim = scene.victim] packet in
            guard PacketKind(of: packet) == .stun,
                let answer = Forgery.answer(
                    to: packet,
                    thief.participant.ice.local,
                    mapped: SimulatedNetwork.port
                )
            else { return false }
            network.inject(answer, from: victim.address)
            return false
        }
        for _ in 0..<20 {
            try scene.forgeCheck(from: scene.victim.address)
            scene.network.run(for: .milliseconds(500))
        }
        #expect(
            try scene.network.core.webRTCTransport(thief.transport).ice.isProven(scene.victim.address),
            "the thief has got what a thief on the path can get"
        )
        try scene.expectHeardThroughout()
        scene.network.run(for: .seconds(40))
        try scene.expectHeardThroughout()
    }

    /// Somebody leaves without a word, and their router gives the port to the next person at once.
    @Test func anAddressThatARouterGivesToTheNextPersonIsTheirs() throws {
        let network = try SimulatedNetwork(seed: 5)
        let (_, producer) = try network.addSource(.desk())
        let first = try network.join()
        #expect(network.connectAll())
        try network.view(producer, by: first)
        network.run(for: .seconds(2))
        let second = try network.join()
        second.address = first.address
        first.address = network.newAddress()
        first.up.drops = { _ in true }
        #expect(network.run(limit: .seconds(2)) { second.participant.isConnected })
        let consumer = try network.view(producer, by: second)
        try network.publish(.camera(), by: second)
        network.run(for: .seconds(60))
        let stream = try #require(second.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        #expect(stream.arrivals.last.map { network.now - $0.at < .milliseconds(60) } == true)
        #expect(second.participant.statistics.nacksReceived == 0)
        let statistics = try network.core.webRTCTransport(second.transport).currentStatistics()
        #expect(statistics.iceState == .connected)
    }

    /// Both claim it before either has proved anything.
    @Test func aNewcomerWhoseAddressIsClaimedBeforehandGetsIn() throws {
        let scene = try Scene()
        let host = try #require(scene.victim.address.ipv4)
        // The address that the next one gets.
        for next in 1...20 as ClosedRange<UInt32> {
            try scene.forgeCheck(from: SocketAddress(ipv4: host + next, port: scene.victim.address.port))
        }
        scene.network.run(for: .milliseconds(50))
        let before = scene.network.now
        let newcomer = try scene.network.join()
        #expect(newcomer.address.ipv4.map { 1...20 ~= $0 - host } == true)
        #expect(scene.network.run(limit: .seconds(3)) { newcomer.participant.isConnected })
        #expect(scene.network.now - before < .milliseconds(100))
    }

    /// A victim who publishes a camera and has a channel, a viewer, and a thief.
    private final class Scene {
        let network: SimulatedNetwork
        let victim: SimulatedNetwork.Peer
        let viewer: SimulatedNetwork.Peer
        let thief: SimulatedNetwork.Peer
        private let consumer: ConsumerParameters

        init() throws {
            network = try SimulatedNetwork(seed: 41)
            victim = try network.join()
            viewer = try network.join()
            thief = try network.join()
            #expect(network.connectAll())
            let (_, producer) = try network.publish(.camera(), by: victim)
            consumer = try network.view(producer, by: viewer)
            network.run(for: .seconds(1))
        }

        func forgeCheck(from address: SocketAddress) throws {
            let ice = try network.core.webRTCTransport(thief.transport).ice
            network.inject(Forgery.check(ice.local, thief.participant.ice.local), from: address)
        }

        func statistics(of peer: SimulatedNetwork.Peer) throws -> TransportStatistics {
            try network.core.webRTCTransport(peer.transport).currentStatistics()
        }

        /// The victim's camera reached the viewer without a gap, and the victim is where they were.
        func expectHeardThroughout(sourceLocation: SourceLocation = #_sourceLocation) throws {
            let stream = try #require(
                viewer.participant.stream(consumer.ssrc),
                sourceLocation: sourceLocation
            )
            expectUnbroken(stream, sourceLocation: sourceLocation)
            let times = stream.arrivals.map(\.at).sorted()
            let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .zero
            #expect(longest < .milliseconds(100), sourceLocation: sourceLocation)
            #expect(
                times.last.map { network.now - $0 < .milliseconds(60) } == true,
                sourceLocation: sourceLocation
            )
            #expect(victim.participant.statistics.nacksReceived == 0, sourceLocation: sourceLocation)
            let statistics = try statistics(of: victim)
            #expect(statistics.remoteAddress == victim.address, sourceLocation: sourceLocation)
            #expect(statistics.iceState == .connected, sourceLocation: sourceLocation)
        }
    }
}
