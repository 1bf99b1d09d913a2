import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Whatever comes to the port, streams go on and counters tell.
@Suite struct HostileInputTests {
    @Test func strangersGetNothingAndAreCounted() throws {
        let (network, peer, consumer) = try running()
        let before = network.core.statistics
        var random = SplitMix64(seed: 9)
        for round in 0..<3_000 {
            var bytes = (0..<Int.random(in: 0...1_500, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            // Every protocol in turn.
            if !bytes.isEmpty { bytes[0] = [0x00, 0x16, 0x80, 0x90, 0xff][round % 5] }
            network.inject(
                bytes,
                from: SocketAddress(ipv4: 0xcb00_7100 | UInt32(round % 200), port: UInt16(1_000 + round))
            )
            if round % 100 == 0 { network.run(for: .milliseconds(10)) }
        }
        network.run(for: .seconds(1))
        #expect(network.core.statistics.datagramsUnclaimed - before.datagramsUnclaimed == 3_000)
        try expectUnharmed(network, peer, consumer)
    }

    @Test func damagedDatagramsFromAKnownAddressAreRefused() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join(connects: false)
        // One of each kind that the participant sends: check, handshake, data, media, report.
        var captured: [PacketKind: [UInt8]] = [:]
        peer.up.drops = { packet in
            if let kind = PacketKind(of: packet) { captured[kind] = packet.withUnsafeBytes { [UInt8]($0) } }
            return false
        }
        try network.connect(peer)
        let (_, producer) = try network.addSource(.desk())
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        try network.publish(.camera(), by: peer)
        network.run(for: .seconds(7))
        #expect(captured.count == 4)
        peer.up.drops = nil

        let transport = try network.core.webRTCTransport(peer.transport)
        let before = transport.currentStatistics().packetsRejected
        var injected: UInt64 = 0
        var random = SplitMix64(seed: 10)
        for bytes in [PacketKind.stun, .dtls, .rtp, .rtcp].compactMap({ captured[$0] }) {
            for length in 2..<bytes.count {
                network.inject(Array(bytes[..<length]), from: peer.address)
                injected += 1
            }
            for _ in 0..<300 {
                var changed = bytes
                let position = Int.random(in: 1..<changed.count, using: &random)
                changed[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                network.inject(changed, from: peer.address)
                injected += 1
            }
            network.run(for: .milliseconds(100))
        }
        let rejected = transport.currentStatistics().packetsRejected - before
        // Some change kind and are nobody's; a change of the STUN magic or name, too.
        #expect(rejected > injected * 9 / 10)
        try expectUnharmed(network, peer, consumer)
    }

    /// Someone with keys who sends nonsense in RTCP.
    @Test func nonsenseFromAnAuthenticPeerIsRefused() throws {
        let (network, peer, consumer) = try running()
        var random = SplitMix64(seed: 12)
        for round in 0..<2_000 {
            network.act(peer) { participant, queue in
                participant.sendRTCP(into: &queue) { out in
                    let type = UInt8([200, 201, 202, 203, 205, 205, 206, 206][round % 8])
                    let count = UInt8([0, 1, 4, 15, 31][round % 5])
                    let words = Int.random(in: 1...40, using: &random)
                    // Every fourth claims more than it has.
                    let claimed = round % 4 == 0 ? words + Int.random(in: 0...300, using: &random) : words
                    out.append(0x80 | count)
                    out.append(type)
                    out.append(bigEndian: UInt16(claimed))
                    for word in 0..<words {
                        // About the stream itself, so that what it asks is looked at.
                        out.append(
                            bigEndian: word == 1
                                ? consumer.ssrc : UInt32.random(in: .min ... .max, using: &random)
                        )
                    }
                }
            }
            if round % 20 == 0 { network.run(for: .milliseconds(5)) }
        }
        network.run(for: .seconds(2))
        #expect(try network.core.webRTCTransport(peer.transport).currentStatistics().packetsRejected > 400)
        try expectUnharmed(network, peer, consumer)
    }

    @Test func nonsenseAtThePlainPortIsRefused() throws {
        let (network, peer, consumer) = try running()
        let source = try #require(network.sources.first)
        var random = SplitMix64(seed: 13)
        for round in 0..<1_000 {
            var bytes = (0..<Int.random(in: 0...1_600, using: &random)).map { _ in
                UInt8.random(in: .min ... .max, using: &random)
            }
            if bytes.count > 12, round % 2 == 0 { bytes.replaceSubrange(0..<2, with: [0x80, 125]) }
            network.core.handlePlain(
                bytes.span.bytes,
                at: source.transport,
                from: source.address,
                now: network.now
            )
            network.core.handlePlain(
                bytes.span.bytes,
                at: source.transport,
                from: network.newAddress(),
                now: network.now
            )
        }
        #expect(source.transport.currentStatistics().packetsRejected == 2_000)
        try expectUnharmed(network, peer, consumer)
    }

    /// A stranger who knows the user name but not the password learns no more than that, and moves nothing.
    @Test func aForgedCheckMovesNothing() throws {
        let (network, peer, consumer) = try running()
        let transport = try network.core.webRTCTransport(peer.transport)
        var forger = ICEControllingAgent(
            local: .random(),
            remote: ICECredentials(
                usernameFragment: transport.ice.local.usernameFragment,
                password: "not the password, though"
            ),
            remoteAddress: SimulatedNetwork.port,
            tieBreaker: 1,
            seed: 1
        )
        var queue = TransmitQueue(capacity: 8)
        forger.start(now: network.now, into: &queue)
        let check = queue.withBytes(at: 0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
        for _ in 0..<500 { network.inject(check, from: network.newAddress()) }
        network.run(for: .seconds(1))
        #expect(transport.currentStatistics().remoteAddress == peer.address)
        try expectUnharmed(network, peer, consumer)
    }

    private func running() throws -> (SimulatedNetwork, SimulatedNetwork.Peer, ConsumerParameters) {
        let network = try SimulatedNetwork(seed: 21)
        let (_, producer) = try network.addSource(.desk())
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(1))
        return (network, peer, consumer)
    }

    private func expectUnharmed(
        _ network: SimulatedNetwork,
        _ peer: SimulatedNetwork.Peer,
        _ consumer: ConsumerParameters,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        network.run(for: .seconds(1))
        let stream = try #require(peer.participant.stream(consumer.ssrc), sourceLocation: sourceLocation)
        expectUnbroken(stream, sourceLocation: sourceLocation)
        let isAlive = stream.arrivals.last.map { network.now - $0.at < .milliseconds(60) } == true
        #expect(isAlive, sourceLocation: sourceLocation)
        let statistics = try network.core.webRTCTransport(peer.transport).currentStatistics()
        #expect(
            statistics.iceState == .connected && statistics.dtlsState == .connected,
            sourceLocation: sourceLocation
        )
        #expect(peer.participant.statistics.rejected == 0, sourceLocation: sourceLocation)
    }
}
