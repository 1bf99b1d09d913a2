import CAllocations
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// Nothing is allocated for a packet on its way through the Worker, once everybody is connected.
@Suite(.enabled(if: !_isDebugAssertConfiguration(), "code that is not optimised allocates"))
struct SFUAllocationTests {
    private static let packets = 1_000
    private static let viewers = 10

    @Test func forwardingFromAPlainSourceAllocatesNothing() throws {
        let room = try Room(viewers: Self.viewers)
        let source = try room.makePlainSource()
        let datagrams = room.plainDatagrams(Self.packets + 200)
        var allocations: UInt = 0
        for (number, datagram) in datagrams.enumerated() {
            // Behind the first packets, which make room for themselves.
            if number == 200 { allocations = CAllocations_count() }
            room.core.handlePlain(datagram.span.bytes, at: source, from: Room.source, now: room.now)
            room.forward()
        }
        allocations = CAllocations_count() - allocations
        #expect(allocations == 0)
        #expect(room.sent >= Self.packets * Self.viewers)
    }

    @Test func forwardingFromACameraAllocatesNothing() throws {
        let room = try Room(viewers: Self.viewers + 1)
        let datagrams = try room.cameraDatagrams(Self.packets + 200)
        var allocations: UInt = 0
        for number in datagrams.indices {
            if number == 200 { allocations = CAllocations_count() }
            var bytes = datagrams[number]
            // The copy that decryption in place needs; the kernel's buffer has no such cost.
            let copied = CAllocations_count()
            var span = bytes.mutableSpan
            var raw = span.mutableBytes
            allocations += number >= 200 ? CAllocations_count() - copied : 0
            room.core.handle(&raw, from: room.address(of: 0), now: room.now, into: &room.queue)
            room.forward()
        }
        allocations = CAllocations_count() - allocations
        #expect(allocations == 0)
        #expect(room.sent >= Self.packets * Self.viewers)
    }
}

/// A core with connected participants, at one instant: no timer is due while packets are counted.
private final class Room {
    static let port = SocketAddress(ipv4: 0xc000_0201, port: 5_000)
    static let source = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)

    let core: WorkerCore
    let router: RouterID
    let now = Instant(nanoseconds: 1_000_000_000_000)
    var queue = TransmitQueue(capacity: 4_096)
    private(set) var sent = 0
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
        let certificate = try DTLSCertificate()
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: certificate,
            wallClockOffset: 0,
            seed: 1
        )
        router = core.makeRouter()
        for _ in 0..<viewers {
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
            try transport.connect(dtls, sctp: nil, now: now, into: &queue)
            participants.append(participant)
            transports.append(transport.id)
            participant.start(now: now, into: &queue)
            connect(participants.count - 1)
        }
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
                core.handle(&raw, from: address(of: index), now: now, into: &queue)
            }
            core.events.removeAll()
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
        try view(
            try core.produce(on: transport.id, kind: .video, parameters: parameters, streamID: nil),
            from: 0
        )
        return transport
    }

    private func view(_ producer: ProducerID, from first: Int) throws {
        for transport in transports[first...] {
            let options = ConsumerOptions(capabilities: capabilities)
            _ = try core.consume(producer, on: transport, options: options, now: now)
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

    /// One wake-up.
    func forward() {
        core.handleTimeout(now: now, into: &queue)
        while core.forward(now: now, into: &queue) {}
        sent += queue.count
        queue.removeAll()
    }
}
