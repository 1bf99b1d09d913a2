import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The same seed gives the same bytes, but for those that OpenSSL makes: its handshakes, and what is encrypted with the
/// keys of them.
@Suite struct SameSeedTests {
    @Test func twoRoomsWithOneSeedSendTheSame() throws {
        let (one, other) = (try Self.run(seed: 5), try Self.run(seed: 5))
        #expect(one.count > 3_000)
        #expect(one.count == other.count)
        #expect(zip(one, other).first { $0 != $1 } == nil)
    }

    @Test func anotherSeedGivesOtherPasswordsAndNumbers() throws {
        let (one, other) = (try Self.run(seed: 5), try Self.run(seed: 6))
        for kind in [PacketKind.stun, .rtp] {
            let (of, ofOther) = (one.filter { $0.kind == kind }, other.filter { $0.kind == kind })
            #expect(!of.isEmpty && Set(of.map(\.bytes)).isDisjoint(with: ofOther.map(\.bytes)))
        }
    }

    /// What DTLS hides in the other tests: tags, first numbers and the key of cookies.
    @Test func twoAssociationsWithOneSeedSayTheSame() {
        func handshake(_ seed: UInt64) -> [[UInt8]] {
            var random = RandomSource(seed: seed)
            let now = Instant(nanoseconds: 0)
            var ends = [true, false].map { DataChannels(isDTLSClient: $0, using: &random) }
            var packets: [[UInt8]] = []
            ends[0].connect(now: now)
            for turn in 0..<4 {
                var packet = [UInt8](repeating: 0, count: 1_500)
                let length = packet.withUnsafeMutableBytes { buffer in
                    var out = OutputRawSpan(buffer: buffer, initializedCount: 0)
                    _ = ends[turn % 2].pollPacket(now: now, into: &out)
                    return out.finalize(for: buffer)
                }
                packets.append(Array(packet[..<length]))
                ends[1 - turn % 2].handle(packet.span.bytes.extracting(first: length), now: now)
            }
            return packets
        }
        let packets = handshake(7)
        #expect(packets.allSatisfy { !$0.isEmpty })
        #expect(packets == handshake(7))
        #expect(Set(packets).isDisjoint(with: handshake(8)))
    }

    // MARK: A room

    /// What is comparable of one datagram.
    private struct Sent: Hashable {
        var at: Instant
        var source: SocketAddress
        var kind: PacketKind?
        /// `nil` for a handshake: signatures differ in length.
        var length: Int?
        /// A message of ICE, or what is sent in the clear.
        var bytes: [UInt8]
    }

    /// A desk, a camera, messages, a change of address, a restart of ICE, and losses.
    private static func run(seed: UInt64) throws -> [Sent] {
        let network = try SimulatedNetwork(seed: seed)
        var sent: [Sent] = []
        network.observes = { [unowned network] source, bytes in
            sent.append(Self.sent(bytes, from: source, at: network.now))
        }
        let (_, desk) = try network.addSource(.desk())
        let peers = try (0..<4).map { _ in try network.join() }
        try #require(network.connectAll())
        for peer in peers { (peer.up.loss, peer.down.loss) = (0.03, 0.03) }
        let camera = PublishedStream.Parameters.camera()
        let producer = try network.core.produce(
            on: peers[0].transport,
            kind: .video,
            parameters: .published(camera),
            streamID: nil
        )
        _ = network.act(peers[0]) { participant, _ in participant.publish(camera, now: network.now) }
        for peer in peers[1...] {
            try network.view(desk, by: peer)
            try network.view(producer, by: peer)
        }
        let channel = try network.act(peers[1]) { participant, queue in
            let parameters = DataChannelParameters(label: "control")
            return try participant.openChannel(parameters, now: network.now, into: &queue)
        }
        for number in UInt8(0)..<50 {
            network.run(for: .milliseconds(20))
            try network.act(peers[1]) { participant, queue in
                try participant.send([number], on: channel, now: network.now, into: &queue)
            }
        }
        peers[2].address = network.newAddress()
        network.run(for: .seconds(1))
        let credentials = network.core.restartICE(try network.core.webRTCTransport(peers[3].transport))
        network.act(peers[3]) { participant, queue in
            participant.restartICE(remote: credentials, now: network.now, into: &queue)
        }
        network.run(for: .seconds(2))
        network.observes = nil
        return sent
    }

    private static func sent(_ bytes: RawSpan, from source: SocketAddress, at now: Instant) -> Sent {
        let kind = PacketKind(of: bytes)
        var clear = 0
        switch kind {
        case .stun: clear = bytes.byteCount
        case .rtp: clear = (try? RTPHeader(parsing: bytes))?.payload.lowerBound ?? 0
        case .rtcp: clear = 8
        case .dtls, nil: clear = 1
        }
        // A record of DTLS that carries messages (RFC 6347 §4.1), and not one of a handshake.
        let isHandshake = kind == .dtls && bytes.bigEndian(UInt8.self, at: 0) != 23
        return Sent(
            at: now,
            source: source,
            kind: kind,
            length: isHandshake ? nil : bytes.byteCount,
            bytes: bytes.extracting(first: min(clear, bytes.byteCount)).withUnsafeBytes { [UInt8]($0) }
        )
    }
}
