import SFU
import Testing
import WebRTC
import Wire

/// A Worker's core without sockets, and a source of VP8 in some encodings that is this process: what transports without
/// ICE need.
final class WayRoom {
    static let payloadType: UInt8 = 96
    static let clockRate = 90_000

    let core: WorkerCore
    let router: RouterID
    let source: DirectTransport
    let producer: ProducerID
    private(set) var now: Instant
    private(set) var consumers: [ConsumerID] = []
    /// What the source was told, whole compounds.
    let told = Recorded<[UInt8]>()
    /// The number and the timestamp of each encoding's next packet.
    private var next: [(sequence: UInt16, timestamp: UInt32)]
    private var queue = TransmitQueue(capacity: 256)
    private var keys = SplitMix64(seed: 77)

    /// - Parameter wallClock: Nanoseconds of Unix time at the beginning.
    init(
        encodings: Int = 1,
        seed: UInt64 = 1,
        now: Instant = Instant(nanoseconds: 1_000_000_000_000),
        wallClock: Int64 = 1_700_000_000_000_000_000
    ) throws {
        self.now = now
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: try DTLSCertificate(),
            wallClockOffset: wallClock - now.nanoseconds,
            random: RandomSource(seed: seed)
        )
        router = core.makeRouter()
        let told = told
        source = try core.makeDirectTransport(
            on: router,
            reader: DirectReader(rtp: { _, _ in }, rtcp: { told.append(bytes(of: $0)) }),
            now: now
        )
        producer = try core.produce(
            on: source.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [
                    RTPCodecParameters(
                        .vp8,
                        payloadType: Self.payloadType,
                        rtcpFeedback: [.nack, .nackPLI, .transportCC]
                    )
                ],
                encodings: (0..<encodings).map { RTPEncodingParameters(ssrc: Self.ssrc(of: $0)) }
            ),
            streamID: "camera"
        )
        next = []
        for encoding in 1...encodings {
            next.append((sequence: UInt16(1_000 * encoding), timestamp: UInt32(50_000 * encoding)))
        }
    }

    static func ssrc(of encoding: Int) -> UInt32 { 0x1000 + UInt32(encoding) }

    /// What a receiver of the stream takes.
    static func capabilities(rtx: Bool = false) -> RTPCapabilities {
        let vp8 = RTPCodecParameters(.vp8, payloadType: 100, rtcpFeedback: [.nack, .nackPLI])
        return RTPCapabilities(
            codecs: rtx ? [vp8, .retransmission(of: vp8, payloadType: 101)] : [vp8]
        )
    }

    // MARK: Making

    func makePlain(_ options: PlainTransportOptions = PlainTransportOptions()) throws -> PlainTransport {
        try core.makePlainTransport(on: router, options: options, now: now, using: &keys)
    }

    func makePipe(_ options: PipeTransportOptions = PipeTransportOptions()) throws -> PipeTransport {
        try core.makePipeTransport(on: router, options: options, now: now, using: &keys)
    }

    func consume(
        _ id: ProducerID? = nil,
        on transport: TransportID,
        rtx: Bool = false
    ) throws -> ConsumerParameters {
        let options = ConsumerOptions(capabilities: Self.capabilities(rtx: rtx))
        let parameters = try core.consume(id ?? producer, on: transport, options: options, now: now)
        consumers.append(parameters.id)
        return parameters
    }

    // MARK: Media

    /// Has the source send a packet that is a frame, 11 ms from now; its timestamps are 33 ms apart.
    func send(_ encoding: Int = 0, isKey: Bool = false, size: Int = 200) throws {
        try take(encoding, isKey: isKey, size: size)
        wakeUp()
    }

    /// The same, but it lies with the producer until ``wakeUp()``; returns the packet.
    @discardableResult
    func take(_ encoding: Int = 0, isKey: Bool = false, size: Int = 200) throws -> [UInt8] {
        now += .milliseconds(11)
        let header = RTPHeader(
            payloadType: Self.payloadType,
            sequenceNumber: next[encoding].sequence,
            timestamp: next[encoding].timestamp,
            ssrc: Self.ssrc(of: encoding),
            isMarked: true,
            payloadLength: size
        )
        next[encoding].sequence &+= 1
        next[encoding].timestamp &+= 2_970
        let packet = written { out in
            header.write(hasExtensions: false, into: &out)
            // VP8's descriptor with S, then its header, whose lowest bit is P (RFC 7741 §4.2, §4.3).
            out.append(0x10 as UInt8)
            out.append((isKey ? 0x00 : 0x01) as UInt8)
            out.append(
                repeating: UInt8(truncatingIfNeeded: Int(header.sequenceNumber)),
                count: size - 2,
                as: UInt8.self
            )
        }
        try core.sendRTP(packet.span.bytes, on: source.id, now: now)
        return packet
    }

    /// The source begins an encoding anew: its next packet is far from all before it.
    func restart(_ encoding: Int = 0) { next[encoding].sequence &+= 30_000 }

    /// A sender report of the source about an encoding.
    func report(_ encoding: Int = 0, ntp: NTPTime) throws {
        let packet = written { out in
            SenderReport(
                ssrc: Self.ssrc(of: encoding),
                ntpTime: ntp,
                rtpTimestamp: next[encoding].timestamp,
                packetCount: 0,
                octetCount: 0
            ).write(into: &out)
        }
        try core.sendRTCP(packet.span.bytes, on: source.id, now: now, into: &queue)
        wakeUp()
    }

    func deliver(
        _ datagram: [UInt8],
        to transport: TupleTransport,
        at port: TransportPort = .rtp,
        from: SocketAddress
    ) {
        core.handlePlain(datagram.span.bytes, at: transport, on: port, from: from, now: now)
        wakeUp()
    }

    /// Lets time go by in steps.
    func run(for interval: Interval, step: Interval = .milliseconds(10)) {
        let end = now + interval
        while now < end {
            now = min(end, now + step)
            wakeUp()
        }
    }

    func wakeUp() {
        core.handleTimeout(now: now, into: &queue)
        while core.forward(now: now, into: &queue) { queue.removeAll() }
        for transport in core.transports {
            guard let transport = transport as? TupleTransport else { continue }
            transport.sendFeedback(now: now, into: &transport.outbox.queue)
        }
        queue.removeAll()
    }

    /// Key-frame requests that the source has got about an encoding.
    func keyFrameRequests(_ encoding: Int = 0) -> Int {
        told.all.count { compound in
            elements(of: compound).contains {
                $0.type == RTCPType.payloadFeedback && $0.count == RTCPType.pictureLossIndication
                    && word(compound, at: $0.body.lowerBound + 4) == Self.ssrc(of: encoding)
            }
        }
    }
}

/// What a reader was given; it is called on the test's own thread.
final class Recorded<Element>: @unchecked Sendable {
    private(set) var all: [Element] = []
    func append(_ element: Element) { all.append(element) }
    func removeAll() { all.removeAll() }
}

// MARK: Bytes

struct SentDatagram: Hashable {
    var destination: SocketAddress
    var bytes: [UInt8]

    var isRTCP: Bool { PacketKind(of: bytes.span.bytes) == .rtcp }
    var header: RTPHeader? { try? RTPHeader(parsing: bytes.span.bytes) }
    var payload: [UInt8] { header.map { Array(bytes[$0.payload]) } ?? [] }
}

extension Outbox {
    /// Takes out what waits to leave.
    func drain() -> [SentDatagram] {
        defer { queue.removeAll() }
        return queue.datagrams.indices.map { index in
            SentDatagram(
                destination: queue.datagrams[index].destination,
                bytes: queue.withBytes(at: index) { SFUTests.bytes(of: $0) }
            )
        }
    }
}

func bytes(of span: RawSpan) -> [UInt8] { span.withUnsafeBytes { [UInt8]($0) } }

func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    var queue = TransmitQueue(capacity: 1)
    queue.append(to: SocketAddress(ipv4: 0x7f00_0001, port: 1), write)
    return queue.isEmpty ? [] : queue.withBytes(at: 0) { bytes(of: $0) }
}

func elements(of compound: [UInt8]) -> [RTCPPackets.Element] {
    var packets = RTCPPackets()
    var found: [RTCPPackets.Element] = []
    while let element = try? packets.next(in: compound.span.bytes) { found.append(element) }
    return found
}

func word(_ bytes: [UInt8], at offset: Int) -> UInt32? { bytes.span.bytes.bigEndian(UInt32.self, at: offset) }
