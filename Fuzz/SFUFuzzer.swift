import Participant
import SFU
import WebRTC
import Wire

/// Interprets each input as a program of things that happen to a Worker's core: datagrams from strangers,
/// from a peer's address, from a plain source, from the peer of a plain transport and from the other end of a pipe; RTP
/// and RTCP that are authentic and say anything; viewers' layers; time.
///
/// ```
/// | what (1) | length (1) | bytes … |, again and again
/// ```
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    if inputs % inputsPerRoom == 0 { room = try? FuzzedRoom() }
    inputs += 1
    var program = UnsafeRawBufferPointer(start: start, count: count)[...]
    while let what = program.popFirst(), let length = program.popFirst() {
        let bytes = [UInt8](program.prefix(Int(length) * 4))
        program = program.dropFirst(bytes.count)
        room?.handle(what, bytes)
    }
    room?.settle()
    return 0
}

// libFuzzer calls from one thread.
nonisolated(unsafe) private var room: FuzzedRoom?
nonisolated(unsafe) private var inputs = 0
/// A handshake costs as much as a hundred inputs.
private let inputsPerRoom = 64

/// Two connected participants, a plain source, a plain peer and a pipe, and every stream viewed by all but the source.
private final class FuzzedRoom {
    private let core: WorkerCore
    private let plain: PlainTransport
    private let tuple: PlainTransport
    private let pipe: PipeTransport
    private var participants: [Participant] = []
    private var consumers: [ConsumerID] = []
    private var now = Instant(nanoseconds: 1_000_000_000_000)
    private var queue = TransmitQueue(capacity: 1_024)

    private static let port = SocketAddress(ipv4: 0xc000_0201, port: 5_000)
    private static let source = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)
    private static let stranger = SocketAddress(ipv4: 0xcb00_7101, port: 7_000)

    init() throws {
        let certificate = try DTLSCertificate()
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: certificate,
            wallClockOffset: 0,
            random: RandomSource(seed: 1)
        )
        let router = core.makeRouter()
        plain = try core.makePlainTransport(on: router)
        var keys = SplitMix64(seed: 2)
        tuple = try core.makePlainTransport(
            on: router,
            options: PlainTransportOptions(),
            now: now,
            using: &keys
        )
        try tuple.connect(to: Self.source, now: now)
        pipe = try core.makePipeTransport(
            on: router,
            options: PipeTransportOptions(enablesRTX: true),
            now: now,
            using: &keys
        )
        try core.connect(pipe, to: Self.source, from: Self.port, now: now)
        let vp8 = RTPCodecParameters(.vp8, payloadType: 96, rtcpFeedback: [.nack, .transportCC])
        let vp9 = RTPCodecParameters(.vp9, payloadType: 99, rtcpFeedback: [.nack])
        let h264 = RTPCodecParameters(.h264, payloadType: 98, rtcpFeedback: [.nack])
        let opus = RTPCodecParameters(.opus, payloadType: 111)
        let rtx = RTPCodecParameters.retransmission(of: vp8, payloadType: 97)
        let extensions = RTPHeaderExtensionURI.allCases.enumerated().map { index, uri in
            RTPHeaderExtensionParameters(uri, id: UInt8(index + 1))
        }
        func parameters(
            _ codecs: [RTPCodecParameters],
            _ encodings: RTPEncodingParameters...
        ) -> RTPParameters {
            RTPParameters(mid: "m", codecs: codecs, headerExtensions: extensions, encodings: encodings)
        }
        var producers = [
            try core.produce(
                on: plain.id,
                kind: .video,
                parameters: parameters([h264], RTPEncodingParameters(ssrc: 1)),
                streamID: nil
            )
        ]
        for index in 0..<2 {
            let transport = try core.makeWebRTCTransport(on: router, now: now)
            let participant = try Participant(
                ParticipantConfiguration(
                    certificate: certificate,
                    remote: transport.ice.local,
                    remoteAddress: Self.port,
                    remoteFingerprints: [certificate.fingerprint],
                    seed: UInt64(index)
                )
            )
            participants.append(participant)
            let dtls = DTLSParameters(role: .client, fingerprints: [certificate.fingerprint])
            try transport.connect(dtls, sctp: SCTPParameters(), now: now, into: &queue)
            participant.start(now: now, into: &queue)
            exchange(with: index)
            for signalled in [
                parameters(
                    [vp8, rtx],
                    RTPEncodingParameters(ssrc: 2, rtxSSRC: 3, rid: "q"),
                    RTPEncodingParameters(ssrc: 5, rtxSSRC: 6, rid: "h"),
                    RTPEncodingParameters(ssrc: 7, rtxSSRC: 8, rid: "f")
                ),
                parameters([vp9, rtx], RTPEncodingParameters(ssrc: 9)),
                parameters([vp8, rtx], RTPEncodingParameters()),
                parameters([opus], RTPEncodingParameters(ssrc: 4)),
            ] {
                let kind = signalled.codecs[0].codec.kind
                producers.append(
                    try core.produce(on: transport.id, kind: kind, parameters: signalled, streamID: nil)
                )
            }
        }
        let capabilities = RTPCapabilities(codecs: [vp8, vp9, h264, opus, rtx], headerExtensions: extensions)
        for transport in core.transports where transport is WebRTCTransport {
            for (index, producer) in producers.enumerated() {
                // The streams' SSRCs are small, so that inputs find them.
                var options = ConsumerOptions(capabilities: capabilities)
                options.ssrc = UInt32(2 * index + 20)
                options.rtxSSRC = UInt32(2 * index + 21)
                consumers.append(try core.consume(producer, on: transport.id, options: options, now: now).id)
            }
        }
        for (index, producer) in producers.enumerated() {
            var options = ConsumerOptions(capabilities: capabilities)
            options.ssrc = UInt32(2 * index + 20)
            options.rtxSSRC = UInt32(2 * index + 21)
            consumers.append(try core.consume(producer, on: tuple.id, options: options, now: now).id)
            _ = try core.pipe(producer, on: pipe.id, isPaused: false, now: now)
        }
        for transport in [tuple, pipe] as [TupleTransport] {
            let encodings = [
                RTPEncodingParameters(ssrc: 2, rtxSSRC: 3), RTPEncodingParameters(ssrc: 5, rtxSSRC: 6),
            ]
            let parameters = RTPParameters(codecs: [vp8, rtx], encodings: encodings)
            _ = try core.produce(on: transport.id, kind: .video, parameters: parameters, streamID: nil)
        }
    }

    func handle(_ what: UInt8, _ bytes: [UInt8]) {
        let index = Int(what >> 4) % participants.count
        var bytes = bytes
        switch what % 9 {
        case 0: take(&bytes, from: Self.stranger)
        case 1: take(&bytes, from: address(of: index))
        case 2: core.handlePlain(bytes.span.bytes, at: plain, from: Self.source, now: now)
        case 3:
            participants[index].sendRTP(bytes.span.bytes, into: &queue)
            deliver(from: index)
        case 4:
            participants[index].sendRTCP(into: &queue) { out in
                if bytes.count <= out.freeCapacity { out.append(copying: bytes.span.bytes) }
            }
            deliver(from: index)
        case 6: core.handlePlain(bytes.span.bytes, at: tuple, from: Self.source, now: now)
        case 7: core.handlePlain(bytes.span.bytes, at: pipe, from: Self.source, now: now)
        case 5:
            // Which consumer, and how many layers of each kind its receiver wants, or its path carries.
            let layers = Int(bytes.first ?? 0)
            guard let consumer = try? core.consumer(consumers[layers >> 4 % consumers.count]) else {
                return
            }
            let (spatial, temporal) = (layers & 3, layers >> 2 & 3)
            if what & 0x80 == 0 {
                try? core.setPreferredLayers(consumer.id, spatial: spatial, temporal: temporal, now: now)
            } else {
                consumer.setTarget(spatial: spatial == 3 ? nil : spatial, temporal: temporal, now: now)
            }
        default:
            now += .milliseconds(Int64(bytes.count))
            wakeUp()
        }
    }

    func settle() {
        wakeUp()
        core.events.removeAll()
        // A timer that is due although its time has been is a loop that never sleeps.
        if let due = core.pollTimeout(), due <= now {
            wakeUp()
            precondition(core.pollTimeout().map { $0 > now } ?? true, "a timer stays due")
        }
    }

    private func wakeUp() {
        core.handleTimeout(now: now, into: &queue)
        while core.forward(now: now, into: &queue) { queue.removeAll() }
        for transport in [plain, tuple, pipe] as [TupleTransport] {
            transport.sendFeedback(now: now, into: &queue)
            transport.outbox.queue.removeAll()
        }
        queue.removeAll()
    }

    private func take(_ bytes: inout [UInt8], from source: SocketAddress) {
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        core.handle(&raw, from: source, now: now, into: &queue)
        queue.removeAll()
    }

    private func deliver(from index: Int) {
        for var datagram in drain() { take(&datagram, from: address(of: index)) }
    }

    private func exchange(with index: Int) {
        while !queue.isEmpty {
            for var datagram in drain() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                core.handle(&raw, from: address(of: index), now: now, into: &queue)
            }
            for var datagram in drain() {
                var span = datagram.mutableSpan
                var raw = span.mutableBytes
                participants[index].handle(&raw, from: Self.port, now: now, into: &queue)
            }
        }
    }

    private func drain() -> [[UInt8]] {
        defer { queue.removeAll() }
        return queue.datagrams.indices.map {
            queue.withBytes(at: $0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
        }
    }

    private func address(of index: Int) -> SocketAddress {
        SocketAddress(ipv4: 0x0a00_0001 + UInt32(index), port: 4_000)
    }
}
