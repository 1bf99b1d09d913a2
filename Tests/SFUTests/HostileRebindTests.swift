import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Somebody who wants a participant's media sent elsewhere, or the Worker's time.
@Suite struct HostileRebindTests {
    private static let stranger = SocketAddress(ipv4: 0xcb00_7109, port: 666)

    /// On the path: the packet comes from the stranger first, and never from the participant.
    @Test func whoCatchesPacketsAndSendsThemOnGetsChecksAndNoMedia() throws {
        let scene = try Scene()
        var caught: [[UInt8]] = []
        scene.peer.up.drops = { packet in
            guard PacketKind(of: packet) != .stun, caught.count < 40 else { return false }
            caught.append(packet.withUnsafeBytes { [UInt8]($0) })
            return true
        }
        for _ in 0..<400 {
            scene.network.run(for: .milliseconds(10))
            for packet in caught { scene.network.inject(packet, from: Self.stranger) }
            caught.removeAll()
        }
        scene.peer.up.drops = nil
        scene.network.run(for: .seconds(1))
        #expect(scene.network.core.statistics.datagramsRebound > 100)
        // At 0, 100, 300, 700, 1,500 and 3,100 ms.
        #expect(scene.kinds == Array(repeating: .stun, count: 6))
        #expect(try scene.statistics.addressChecks == 6)
        #expect(try scene.statistics.remoteAddress == scene.peer.address)
        try scene.expectPictureMoves()
    }

    /// The stranger answers, too, without knowing the password.
    @Test func aForgedAnswerMovesNothing() throws {
        let scene = try Scene()
        let bytes = try scene.catchPacket(.rtcp)
        scene.network.inject(bytes, from: Self.stranger)
        scene.network.run(for: .milliseconds(15))
        let check = try #require(scene.overheard.first)
        let id = try STUNMessage(parsing: check.span.bytes).transactionID
        for password in [nil, "", "guess"] as [String?] {
            var queue = TransmitQueue(capacity: 1)
            queue.append(to: SimulatedNetwork.port) { out in
                out.appendSTUNHeader(.successResponse, id)
                out.appendSTUNXORMappedAddress(SimulatedNetwork.port, id)
                if let password {
                    out.appendSTUNMessageIntegrity { STUNIntegrity(of: $0, password: password) }
                }
                out.appendSTUNFingerprint()
            }
            let answer = queue.withBytes(at: 0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
            scene.network.inject(answer, from: Self.stranger)
            // The check that went to the stranger, handed to the participant with another source.
            scene.network.inject(check, from: Self.stranger)
        }
        scene.network.run(for: .seconds(1))
        #expect(try scene.statistics.remoteAddress == scene.peer.address)
        #expect(!scene.kinds.contains(.rtp) && !scene.kinds.contains(.rtcp) && !scene.kinds.contains(.dtls))
        try scene.expectPictureMoves()
    }

    @Test(arguments: [PacketKind.rtp, .rtcp, .dtls])
    func aReplayProvesNothing(kind: PacketKind) throws {
        let scene = try Scene()
        let bytes = try scene.catchPacket(kind, isLost: false)
        scene.network.run(for: .milliseconds(200))
        let before = scene.network.core.statistics
        for _ in 0..<50 { scene.network.inject(bytes, from: Self.stranger) }
        scene.network.run(for: .seconds(1))
        #expect(scene.overheard.isEmpty)
        #expect(try scene.statistics.addressChecks == 0)
        #expect(scene.network.core.statistics.datagramsRebound == before.datagramsRebound)
        #expect(scene.network.core.statistics.datagramsUnclaimed == before.datagramsUnclaimed + 50)
        try scene.expectPictureMoves()
    }

    /// With the SSRC and the number that the next packet will have.
    @Test(arguments: [PacketKind.rtp, .rtcp, .dtls])
    func aPlausiblePacketWithoutTheKeysProvesNothing(kind: PacketKind) throws {
        let scene = try Scene()
        let bytes = try scene.catchPacket(kind)
        let before = scene.network.core.statistics
        var random = SplitMix64(seed: 4)
        for _ in 0..<2_000 {
            var changed = bytes
            let position = Int.random(in: 0..<changed.count, using: &random)
            changed[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            scene.network.inject(changed, from: scene.network.newAddress())
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.overheard.isEmpty)
        #expect(try scene.statistics.addressChecks == 0)
        #expect(scene.network.core.statistics.datagramsRebound == before.datagramsRebound)
        #expect(scene.network.core.statistics.datagramsUnclaimed == before.datagramsUnclaimed + 2_000)
        try scene.expectPictureMoves()
    }

    /// What is spent on strangers is bounded, and earned again.
    @Test func aFloodIsNotLookedAtAndAPeerIsFoundAfterIt() throws {
        let scene = try Scene()
        let bytes = try scene.catchPacket(.rtcp)
        var forged = bytes
        forged[20] ^= 1
        for _ in 0..<1_000 { scene.network.inject(forged, from: Self.stranger) }
        scene.network.inject(bytes, from: Self.stranger)
        scene.network.run(for: .milliseconds(15))
        #expect(scene.network.core.statistics.datagramsRebound == 0, "it came too late")
        scene.network.run(for: .milliseconds(500))
        scene.peer.address = scene.network.newAddress()
        scene.network.run(for: .milliseconds(400))
        #expect(try scene.statistics.remoteAddress == scene.peer.address)
    }

    /// A viewer who publishes a camera and has a channel, and a stranger who listens.
    private final class Scene {
        let network: SimulatedNetwork
        let peer: SimulatedNetwork.Peer
        private let consumer: ConsumerParameters
        private let channel: UInt16
        private(set) var overheard: [[UInt8]] = []

        init() throws {
            network = try SimulatedNetwork(seed: 31)
            let (_, producer) = try network.addSource(.desk())
            peer = try network.join()
            #expect(network.connectAll())
            consumer = try network.view(producer, by: peer)
            try network.publish(.camera(), by: peer)
            let (network, peer) = (network, peer)
            #expect(network.run { peer.participant.channelsState == .connected })
            channel = try network.act(peer) { participant, queue in
                try participant.openChannel(
                    DataChannelParameters(label: "x"),
                    now: network.now,
                    into: &queue
                )
            }
            network.run(for: .seconds(1))
            network.overhears = { [unowned self] address, bytes in
                guard address == HostileRebindTests.stranger else { return }
                overheard.append(bytes.withUnsafeBytes { [UInt8]($0) })
            }
        }

        var kinds: [PacketKind?] { overheard.map { PacketKind(of: $0.span.bytes) } }
        var statistics: TransportStatistics {
            get throws { try network.core.webRTCTransport(peer.transport).currentStatistics() }
        }

        /// The next packet of a kind that the participant sends.
        func catchPacket(_ kind: PacketKind, isLost: Bool = true) throws -> [UInt8] {
            var caught: [UInt8]?
            peer.up.drops = { packet in
                guard caught == nil, PacketKind(of: packet) == kind else { return false }
                caught = packet.withUnsafeBytes { [UInt8]($0) }
                return isLost
            }
            if kind == .dtls {
                try network.act(peer) { participant, queue in
                    try participant.send([1, 2, 3], on: channel, now: network.now, into: &queue)
                }
            }
            #expect(network.run(limit: .seconds(2)) { caught != nil })
            peer.up.drops = nil
            return try #require(caught)
        }

        func expectPictureMoves() throws {
            network.run(for: .seconds(1))
            let stream = try #require(peer.participant.stream(consumer.ssrc))
            expectUnbroken(stream)
            #expect(stream.arrivals.last.map { network.now - $0.at < .milliseconds(60) } == true)
        }
    }
}
