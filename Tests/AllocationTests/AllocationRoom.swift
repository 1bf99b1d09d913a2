import CAllocations
import Participant
import SFU
import WebRTC
import Wire

/// A core with connected participants, on a clock that goes on only with ``advance()``.
final class AllocationRoom {
    static let port = SocketAddress(ipv4: 0xc000_0201, port: 5_000)
    static let source = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)

    let core: WorkerCore
    private let certificate: DTLSCertificate
    private var producer: ProducerID?
    let router: RouterID
    private(set) var now = Instant(nanoseconds: 1_000_000_000_000)
    var queue = TransmitQueue(capacity: 4_096)
    private(set) var sent = 0
    /// Bytes that the core's objects hold, of what it did within ``measure(_:)``.
    private(set) var memory = 0
    private var participants: [Participant] = []
    private var transports: [TransportID] = []
    private var random = SplitMix64(seed: 1)
    private let capabilities = RTPCapabilities(
        codecs: [RTPCodecParameters(.vp8, payloadType: 96)],
        headerExtensions: [
            RTPHeaderExtensionParameters(.mid, id: 1), RTPHeaderExtensionParameters(.absoluteSendTime, id: 2),
            RTPHeaderExtensionParameters(.transportWideCC, id: 3),
        ]
    )

    init(viewers: Int) throws {
        certificate = try DTLSCertificate()
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: certificate,
            wallClockOffset: 0,
            random: RandomSource(seed: 1)
        )
        router = core.makeRouter()
        for _ in 0..<viewers { try join() }
    }

    /// Adds up what `body` allocates and does not give back.
    func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
        let before = CAllocations_live()
        defer { memory += CAllocations_live() - before }
        return try body()
    }

    private func join() throws {
        let transport = try measure { try core.makeWebRTCTransport(on: router, now: now) }
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
        try measure {
            try transport.connect(dtls, ice: participant.ice.local, sctp: nil, now: now, into: &queue)
        }
        participants.append(participant)
        transports.append(transport.id)
        participant.start(now: now, into: &queue)
        connect(participants.count - 1)
    }

    /// As many new viewers take the place of those that there are.
    func churn() throws {
        let count = transports.count
        for transport in transports {
            try measure { try core.close(transport, now: now, into: &queue) }
        }
        queue.removeAll()
        measure { core.events.removeAll() }
        participants = []
        transports = []
        for _ in 0..<count { try join() }
        if let producer { try view(producer, from: 0) }
    }

    func address(of index: Int) -> SocketAddress {
        SocketAddress(ipv4: 0x0a00_0001 + UInt32(index), port: 4_000)
    }

    /// Carries datagrams to and fro until there are none.
    private func connect(_ index: Int) {
        while !queue.isEmpty {
            for var datagram in take() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                measure { core.handle(&raw, from: address(of: index), now: now, into: &queue) }
            }
            measure { core.events.removeAll() }
            for var datagram in take() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                participants[index].handle(&raw, from: Self.port, now: now, into: &queue)
            }
        }
    }

    private func take() -> [[UInt8]] {
        defer { queue.removeAll() }
        return queue.datagrams.indices.map {
            queue.withBytes(at: $0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
        }
    }

    func makePlainSource() throws -> PlainTransport {
        let transport = try core.makePlainTransport(on: router)
        let parameters = RTPParameters(
            codecs: [RTPCodecParameters(.vp8, payloadType: 120)],
            encodings: [RTPEncodingParameters(ssrc: 7)]
        )
        let producer = try core.produce(
            on: transport.id,
            kind: .video,
            parameters: parameters,
            streamID: nil
        )
        self.producer = producer
        try view(producer, from: 0)
        return transport
    }

    private func view(_ producer: ProducerID, from first: Int) throws {
        for transport in transports[first...] {
            let options = ConsumerOptions(capabilities: capabilities)
            _ = try measure { try core.consume(producer, on: transport, options: options, now: now) }
        }
    }

    /// One packet after the other, the first of them a key frame.
    func plainDatagrams(_ count: Int) -> [[UInt8]] {
        var parameters = PublishedStream.Parameters(.vp8, ssrc: 7, payloadType: 120)
        parameters.frameInterval = .zero
        let stream = PublishedStream(parameters, random: &random)
        stream.start(now: now)
        return (0..<count).map { _ in
            var bytes: [UInt8] = []
            stream.writeFrame(now: now) { _, packet in bytes = packet.withUnsafeBytes { [UInt8]($0) } }
            return bytes
        }
    }

    /// The same from the first participant, encrypted; the others view it.
    func cameraDatagrams(_ count: Int) throws -> [[UInt8]] {
        var parameters = PublishedStream.Parameters(.vp8, ssrc: 7, payloadType: 120)
        parameters.frameInterval = .zero
        parameters.transportWideCCID = 3
        let signalled = RTPParameters(
            codecs: [RTPCodecParameters(.vp8, payloadType: 120, rtcpFeedback: [.nack])],
            headerExtensions: [RTPHeaderExtensionParameters(.transportWideCC, id: 3)],
            encodings: [RTPEncodingParameters(ssrc: 7)]
        )
        try view(
            try core.produce(on: transports[0], kind: .video, parameters: signalled, streamID: nil),
            from: 1
        )
        core.handleTimeout(now: now, into: &queue)
        queue.removeAll()
        participants[0].publish(parameters, now: now)
        return (0..<count).flatMap { _ in
            participants[0].handleTimeout(now: now, into: &queue)
            return take()
        }
    }

    /// A little time goes by, so that what is kept for a while is forgotten again.
    func advance() { now = now + .milliseconds(1) }

    /// One wake-up.
    func forward() {
        core.handleTimeout(now: now, into: &queue)
        while core.forward(now: now, into: &queue) {}
        sent += queue.count
        queue.removeAll()
    }
}
