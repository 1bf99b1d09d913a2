import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Somebody has the room send to a host that never asked for anything.
@Suite struct RedirectionTests {
    private static let stranger = SocketAddress(ipv4: 0xcb00_7109, port: 666)

    /// A viewer's connection that works, and one check that nominates somebody else's address.
    @Test(arguments: [1, 50])
    func aNominationSendsTheStrangerNoMedia(checks: Int) throws {
        let scene = try Scene()
        let viewer = try scene.network.join()
        #expect(scene.network.connectAll())
        let (_, producer) = try scene.network.addSource(.desk())
        let consumer = try scene.network.view(producer, by: viewer)
        scene.network.run(for: .seconds(1))
        for _ in 0..<checks {
            try scene.forgeCheck(of: viewer)
            scene.network.run(for: .milliseconds(200))
        }
        scene.network.run(for: .seconds(30))
        scene.expectBounded()
        let stream = try #require(viewer.participant.stream(consumer.ssrc))
        expectUnbroken(stream)
        #expect(stream.arrivals.last.map { scene.network.now - $0.at < .milliseconds(60) } == true)
    }

    /// Nobody has connected yet: nothing of the handshake, and none of its repetitions, goes there.
    @Test(arguments: [DTLSRole.client, .server])
    func aHandshakeIsNotBegunWithTheStranger(role: DTLSRole) throws {
        let scene = try Scene()
        let peer = try scene.network.join(connects: false, role: role)
        peer.up.drops = { _ in true }
        try scene.network.connect(peer)
        for _ in 0..<3 {
            try scene.forgeCheck(of: peer)
            scene.network.run(for: .seconds(1))
        }
        scene.network.run(for: .seconds(30))
        scene.expectBounded()
        #expect(!scene.kinds.contains(.dtls))
    }

    /// The client's first flight in the stranger's name, over and over.
    @Test func aFirstFlightInTheStrangersNameIsAnsweredThreefoldAtMost() throws {
        let scene = try Scene()
        let peer = try scene.network.join(connects: false)
        var hello: [UInt8]?
        peer.up.drops = { packet in
            if PacketKind(of: packet) == .dtls { hello = packet.withUnsafeBytes { [UInt8]($0) } }
            return hello != nil
        }
        scene.network.run(for: .milliseconds(200))
        try scene.network.connect(peer)
        let first = try #require(hello)
        peer.address = scene.network.newAddress()
        for _ in 0..<200 {
            try scene.forgeCheck(of: peer)
            scene.inject(first)
            scene.network.run(for: .milliseconds(100))
            scene.expectBounded()
        }
        scene.network.run(for: .seconds(30))
        scene.expectBounded()
    }

    /// Of a packet that somebody has caught and sent on, once.
    @Test func aCaughtPacketIsAnsweredThreefoldAtMost() throws {
        let scene = try Scene()
        let peer = try scene.network.join()
        #expect(scene.network.connectAll())
        scene.network.run(for: .seconds(1))
        var caught: [UInt8]?
        peer.up.drops = { packet in
            guard caught == nil, PacketKind(of: packet) == .rtcp else { return false }
            caught = packet.withUnsafeBytes { [UInt8]($0) }
            return true
        }
        try scene.network.publish(.camera(), by: peer)
        #expect(scene.network.run(limit: .seconds(3)) { caught != nil })
        scene.inject(try #require(caught))
        scene.network.run(for: .seconds(10))
        scene.expectBounded()
    }

    /// What all this costs somebody who is where they say they are: nothing.
    @Test(arguments: [DTLSRole.client, .server])
    func aParticipantIsConnectedAfterThreeRoundTrips(role: DTLSRole) throws {
        let scene = try Scene()
        let before = scene.network.now
        let peer = try scene.network.join(role: role)
        #expect(scene.network.run(limit: .seconds(3)) { peer.participant.isConnected })
        // Check, hello and proof, key exchange; a room that is the client needs the proof for its hello.
        let roundTrips = role == .client ? 3 : 4
        #expect(scene.network.now - before <= .milliseconds(20) * Int64(roundTrips))
    }

    /// A network that changes under a viewer who nominates the new path: one round trip for the proof.
    @Test func aPathThatIsNominatedIsFollowedAfterARoundTrip() throws {
        let scene = try Scene()
        let peer = try scene.network.join()
        #expect(scene.network.connectAll())
        let (_, producer) = try scene.network.addSource(.desk())
        try scene.network.view(producer, by: peer)
        scene.network.run(for: .seconds(1))
        peer.address = scene.network.newAddress()
        let network = scene.network
        network.act(peer) { participant, queue in participant.changePath(now: network.now, into: &queue) }
        network.run(for: .milliseconds(31))
        #expect(
            try network.core.webRTCTransport(peer.transport).currentStatistics().remoteAddress == peer.address
        )
    }

    private final class Scene {
        let network: SimulatedNetwork
        private var overheard: [(kind: PacketKind?, bytes: Int)] = []
        private var injected = 0

        init() throws {
            network = try SimulatedNetwork(seed: 51)
            network.overhears = { [unowned self] address, bytes in
                guard address == RedirectionTests.stranger else { return }
                overheard.append((PacketKind(of: bytes), bytes.byteCount))
            }
        }

        var kinds: [PacketKind?] { overheard.map(\.kind) }

        func inject(_ bytes: [UInt8]) {
            injected += bytes.count
            network.inject(bytes, from: RedirectionTests.stranger)
        }

        func forgeCheck(of peer: SimulatedNetwork.Peer) throws {
            let ice = try network.core.webRTCTransport(peer.transport).ice
            inject(Forgery.check(ice.local, peer.participant.ice.local))
        }

        func expectBounded(sourceLocation: SourceLocation = #_sourceLocation) {
            let sent = overheard.reduce(0) { $0 + $1.bytes }
            #expect(sent <= 3 * injected, sourceLocation: sourceLocation)
            #expect(!kinds.contains(.rtp) && !kinds.contains(.rtcp), sourceLocation: sourceLocation)
        }
    }
}
