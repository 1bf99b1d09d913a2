import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A program on the desk sends to the port that takes the desk's media.
@Suite struct PlainKeyTests {
    private static let key = "5ec4e7"
    private static let ssrc: UInt32 = 0x1111
    private let core: WorkerCore
    private let transport: PlainTransport
    private let producer: ProducerID
    private let now = Instant(nanoseconds: 1_000_000_000_000)
    private let desk = SocketAddress(ipv4: 0x7f00_0001, port: 40_000)
    private let program = SocketAddress(ipv4: 0x7f00_0001, port: 40_001)

    init() throws {
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: try DTLSCertificate(),
            wallClockOffset: 0,
            random: RandomSource(seed: 1)
        )
        transport = try core.makePlainTransport(on: core.makeRouter(), key: Self.key)
        producer = try core.produce(
            on: transport.id,
            kind: .video,
            parameters: RTPParameters(
                codecs: [RTPCodecParameters(.vp8, payloadType: 120)],
                encodings: [RTPEncodingParameters(ssrc: Self.ssrc)]
            ),
            streamID: nil
        )
    }

    @Test func withoutTheKeyNothingIsTakenAndAllIsCounted() throws {
        for sequence in 0..<50 as Range<UInt16> { send(packet(sequence), from: program) }
        send(report(cname: nil), from: program)
        send(report(cname: "desk"), from: program)
        send(report(cname: "5ec4e6"), from: program)
        send(report(cname: "5ec4e"), from: program)
        send(report(cname: "5ec4e77"), from: program)
        #expect(try packets == 0)
        #expect(transport.currentStatistics().packetsRejected == 55)
    }

    @Test func theSenderOfTheKeyIsTakenAndNobodyBesideIt() throws {
        send(report(cname: Self.key), from: desk)
        for sequence in 0..<10 as Range<UInt16> {
            send(packet(sequence), from: desk)
            send(packet(sequence &+ 500), from: program)
        }
        #expect(try packets == 10)
        #expect(transport.currentStatistics().packetsRejected == 10)
        #expect(transport.currentStatistics().remoteAddress == desk)
    }

    /// However long the desk is silent: a still screen sends nothing.
    @Test func silenceMakesRoomForNobody() throws {
        send(report(cname: Self.key), from: desk)
        send(packet(0), from: desk)
        send(packet(1), from: program, at: now + .seconds(60))
        #expect(try packets == 1)
        transport.forgetPeer()
        send(packet(2), from: program, at: now + .seconds(61))
        send(packet(2), from: desk, at: now + .seconds(61))
        #expect(try packets == 1, "whoever comes next shows the key")
    }

    /// A desk that was started anew has another port.
    @Test func theKeyFromElsewhereMovesTheSender() throws {
        send(report(cname: Self.key), from: desk)
        send(packet(0), from: desk)
        let next = SocketAddress(ipv4: 0x7f00_0001, port: 40_002)
        send(report(cname: Self.key), from: next)
        send(packet(1), from: next)
        send(packet(2), from: desk)
        #expect(try packets == 2)
    }

    private var packets: UInt64 { get throws { try core.producer(producer).currentStatistics().packets } }

    private func send(_ bytes: [UInt8], from source: SocketAddress, at time: Instant? = nil) {
        core.handlePlain(bytes.span.bytes, at: transport, from: source, now: time ?? now)
    }

    private func packet(_ sequence: UInt16) -> [UInt8] {
        written { out in
            RTPHeader(
                payloadType: 120,
                sequenceNumber: sequence,
                timestamp: 1,
                ssrc: Self.ssrc,
                payloadLength: 20
            ).write(hasExtensions: false, into: &out)
            out.append(repeating: 0x10, count: 20, as: UInt8.self)
        }
    }

    private func report(cname: String?) -> [UInt8] {
        written { out in
            SenderReport(
                ssrc: Self.ssrc,
                ntpTime: NTPTime(unixNanoseconds: 0),
                rtpTimestamp: 0,
                packetCount: 0,
                octetCount: 0
            ).write(into: &out)
            if let cname { SourceDescription.write(Self.ssrc, cname: cname, into: &out) }
        }
    }

    private func written(_ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
        var queue = TransmitQueue(capacity: 1)
        queue.append(to: desk, write)
        return queue.withBytes(at: 0) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
    }
}
