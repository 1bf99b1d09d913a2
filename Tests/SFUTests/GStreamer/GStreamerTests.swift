import Foundation
import SFU
import Testing
import Wire

/// GStreamer sends to one plain transport and receives from another: real pictures, encoded and decoded, with RTCP both
/// ways.
@Suite(.serialized, .enabled(if: GStreamerPeer.isInstalled))
struct GStreamerTests {
    private static let vp8 = RTPCodecParameters(
        .vp8,
        payloadType: 96,
        rtcpFeedback: [.nack, .nackPLI, .ccmFIR]
    )
    private static let loopback: UInt32 = 0x7f00_0001

    /// RTP and RTCP on ports of their own, as GStreamer's examples have it; lost packets come again as they were.
    @Test func framesReportsAndAnswersGoBothWays() async throws {
        let worker = try Self.worker()
        let router = await worker.makeRouter()
        let options = PlainTransportOptions(rtcpMux: false, comedia: true)
        let into = try await worker.makePlainTransport(on: router, options: options)
        let producer = try await Self.produce(on: into, of: worker)
        let sender = try GStreamerPeer("send")
        try sender.tell("connect \(into.localAddress.port) \(try #require(into.rtcpAddress).port)")

        let out = try await worker.makePlainTransport(
            on: router,
            options: PlainTransportOptions(rtcpMux: false)
        )
        let receiver = try GStreamerPeer("receive", "--drop", "40")
        try await worker.connect(
            out.id,
            to: SocketAddress(ipv4: Self.loopback, port: receiver.ports.rtp),
            rtcpPort: receiver.ports.rtcp
        )
        try receiver.tell("connect \(out.localAddress.port) \(try #require(out.rtcpAddress).port)")
        let consumer = try await worker.consume(
            producer,
            on: out.id,
            options: ConsumerOptions(capabilities: RTPCapabilities(codecs: [Self.vp8]))
        )
        try await Self.expectMedia(worker, sender, receiver, consumer.id, producer)
        await worker.stop()
    }

    /// One port for everything, sealed; lost packets come again in a stream of their own (RFC 4588).
    @Test(arguments: [SRTPCryptoSuite.aesCM128HMACSHA1_80, .aeadAES128GCM])
    func sealedTheyDo(suite: SRTPCryptoSuite) async throws {
        let worker = try Self.worker()
        let router = await worker.makeRouter()
        let into = try await worker.makePlainTransport(
            on: router,
            options: PlainTransportOptions(comedia: true, srtpCryptoSuite: suite)
        )
        let producer = try await Self.produce(on: into, of: worker)
        let senderKey = Self.key(suite)
        try await worker.connect(into.id, to: nil, srtp: senderKey)
        let sender = try GStreamerPeer("send", "--mux", "--srtp", suite.rawValue, senderKey.keyBase64)
        try sender.tell(
            "connect \(into.localAddress.port) \(into.localAddress.port) \(try #require(into.srtp).keyBase64)"
        )

        let out = try await worker.makePlainTransport(
            on: router,
            options: PlainTransportOptions(srtpCryptoSuite: suite)
        )
        let receiverKey = Self.key(suite)
        let receiver = try GStreamerPeer(
            "receive",
            "--mux",
            "--drop",
            "40",
            "--rtx",
            "97",
            "--srtp",
            suite.rawValue,
            receiverKey.keyBase64
        )
        try await worker.connect(
            out.id,
            to: SocketAddress(ipv4: Self.loopback, port: receiver.ports.rtp),
            srtp: receiverKey
        )
        try receiver.tell(
            "connect \(out.localAddress.port) \(out.localAddress.port) \(try #require(out.srtp).keyBase64)"
        )
        let consumer = try await worker.consume(
            producer,
            on: out.id,
            options: ConsumerOptions(
                capabilities: RTPCapabilities(
                    codecs: [Self.vp8, .retransmission(of: Self.vp8, payloadType: 97)]
                )
            )
        )
        try await Self.expectMedia(worker, sender, receiver, consumer.id, producer)
        await worker.stop()
    }

    // MARK: Private

    private static func worker() throws -> Worker {
        var configuration = WorkerConfiguration()
        configuration.bindAddress = SocketAddress(ipv4: loopback, port: 0)
        let worker = try Worker(configuration)
        worker.start()
        return worker
    }

    private static func produce(
        on transport: PlainTransportParameters,
        of worker: Worker
    ) async throws -> ProducerID {
        try await worker.produce(
            on: transport.id,
            kind: .video,
            parameters: RTPParameters(codecs: [vp8], encodings: [RTPEncodingParameters(ssrc: 0x5eed)])
        )
    }

    private static func key(_ suite: SRTPCryptoSuite) -> SRTPParameters {
        let bytes = (0..<(suite == .aeadAES128GCM ? 28 : 30)).map { _ in UInt8.random(in: .min ... .max) }
        return SRTPParameters(cryptoSuite: suite, keyBase64: Base64.encode(bytes))
    }

    /// Frames are shown although packets are lost, because what is missed comes again; reports go both ways; and a key
    /// frame comes when it is asked for.
    private static func expectMedia(
        _ worker: Worker,
        _ sender: GStreamerPeer,
        _ receiver: GStreamerPeer,
        _ consumer: ConsumerID,
        _ producer: ProducerID
    ) async throws {
        let isShown = try await eventually {
            let report = try receiver.report()
            // On a slow machine some of what is missed comes after the 150 ms that the receiver waits.
            return report.frames >= 90 && report.dropped >= 4 && (report.lost ?? .max) < report.dropped
                && report.sources.contains { $0.hasSenderReport && $0.packetsReported > 0 }
        }
        let received = try receiver.report()
        #expect(isShown, "\(received)")

        let reported = try await eventually {
            let statistics = try await worker.statistics(of: consumer)
            return statistics.roundTripTime != nil && statistics.packetsNacked >= 3
                && statistics.retransmitted >= 3
        }
        let told = try await worker.statistics(of: consumer)
        #expect(reported, "the receiver's reports and requests: \(told)")
        let isHeard = try await eventually {
            try sender.report().sources.contains { $0.hasReportBlock == true }
        }
        let heard = try sender.report()
        #expect(isHeard, "the source is told what came: \(heard)")

        let before = (sent: try sender.report().keyframes, shown: try receiver.report().keyframes)
        try receiver.tell("keyframe")
        let hasComeAnew = try await eventually {
            try receiver.report().keyframes > before.shown && sender.report().keyframes > before.sent
        }
        let (sent, shown) = (try sender.report(), try receiver.report())
        #expect(hasComeAnew, "\(sent) \(shown)")
        let asked = try await worker.statistics(of: consumer).keyFrameRequests
        #expect(asked >= 1)
    }

    private static func eventually(_ condition: () async throws -> Bool) async throws -> Bool {
        for _ in 0..<300 {
            if try await condition() { return true }
            try await Task.sleep(for: .milliseconds(200))
        }
        return false
    }
}
