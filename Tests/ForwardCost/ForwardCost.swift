internal import Participant
internal import SFU
internal import WebRTC
internal import Wire

/// Forwards so many packets of a desk to twenty viewers through a Worker's core, without sockets and at one
/// instant: the same instructions each time, for `check` to count.
///
///     forward-cost PACKETS
@main
final class ForwardCost {
    private static let viewers = 20
    private static let port = SocketAddress(ipv4: 0xc000_0201, port: 5_000)
    private static let source = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)

    private let core: WorkerCore
    private let certificate: DTLSCertificate
    private let now = Instant(nanoseconds: 1_000_000_000_000)
    private var queue = TransmitQueue(capacity: 4_096)
    private var random = SplitMix64(seed: 1)

    static func main() throws {
        guard CommandLine.arguments.count == 2, let packets = Int(CommandLine.arguments[1]) else {
            fatalError("forward-cost PACKETS")
        }
        let cost = ForwardCost(try DTLSCertificate())
        print(try cost.run(packets))
    }

    private init(_ certificate: DTLSCertificate) {
        self.certificate = certificate
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: certificate,
            wallClockOffset: 0,
            random: RandomSource(seed: 1)
        )
    }

    /// Returns how many datagrams came out.
    private func run(_ packets: Int) throws -> Int {
        let router = core.makeRouter()
        let plain = try core.makePlainTransport(on: router)
        let parameters = RTPParameters(
            codecs: [RTPCodecParameters(.vp8, payloadType: 120)],
            encodings: [RTPEncodingParameters(ssrc: 7)]
        )
        let producer = try core.produce(on: plain.id, kind: .video, parameters: parameters, streamID: nil)
        for index in 0..<Self.viewers {
            try join(router, producer, at: SocketAddress(ipv4: 0x0a00_0001 + UInt32(index), port: 4_000))
        }

        var stream = PublishedStream.Parameters(.vp8, ssrc: 7, payloadType: 120)
        stream.frameInterval = .zero
        stream.packetsPerFrame = 9
        let desk = PublishedStream(stream, random: &random)
        desk.start(now: now)
        var sent = 0
        for _ in 0..<(packets / stream.packetsPerFrame) {
            desk.writeFrame(now: now) { _, packet in
                core.handlePlain(packet, at: plain, from: Self.source, now: now)
            }
            core.handleTimeout(now: now, into: &queue)
            while core.forward(now: now, into: &queue) {}
            sent += queue.count
            queue.removeAll()
        }
        return sent
    }

    private func join(_ router: RouterID, _ producer: ProducerID, at address: SocketAddress) throws {
        let transport = try core.makeWebRTCTransport(on: router, now: now)
        var configuration = ParticipantConfiguration(
            certificate: certificate,
            remote: transport.ice.local,
            remoteAddress: Self.port,
            remoteFingerprints: [certificate.fingerprint],
            seed: random.next()
        )
        configuration.hasDataChannels = false
        let participant = try Participant(configuration)
        let dtls = DTLSParameters(role: .client, fingerprints: [certificate.fingerprint])
        try transport.connect(dtls, ice: participant.ice.local, sctp: nil, now: now, into: &queue)
        participant.start(now: now, into: &queue)
        while !queue.isEmpty {
            for var datagram in take() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                core.handle(&raw, from: address, now: now, into: &queue)
            }
            core.events.removeAll()
            for var datagram in take() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                participant.handle(&raw, from: Self.port, now: now, into: &queue)
            }
        }
        let capabilities = RTPCapabilities(
            codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
            headerExtensions: [
                RTPHeaderExtensionParameters(.mid, id: 1),
                RTPHeaderExtensionParameters(.absoluteSendTime, id: 2),
                RTPHeaderExtensionParameters(.transportWideCC, id: 3),
            ]
        )
        _ = try core.consume(
            producer,
            on: transport.id,
            options: ConsumerOptions(capabilities: capabilities),
            now: now
        )
    }

    private func take() -> [[UInt8]] {
        defer { queue.removeAll() }
        return queue.datagrams.indices.map {
            queue.withBytes(at: $0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
        }
    }
}
