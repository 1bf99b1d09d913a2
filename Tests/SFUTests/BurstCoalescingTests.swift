import SFU
import Testing
import WebRTC
import Wire

/// The packets of one picture that come from this machine go out together.
@Suite struct BurstCoalescingTests {
    private static let source = SocketAddress(ipv4: 0x7f00_0001, port: 6_000)
    private let core: WorkerCore
    private let video: PlainTransport
    private let otherVideo: PlainTransport
    private let audio: PlainTransport
    private let start = Instant(nanoseconds: 1_000_000_000)

    init() throws {
        core = WorkerCore(
            limits: WorkerConfiguration.Limits(),
            certificate: try DTLSCertificate(),
            wallClockOffset: 0,
            random: RandomSource(seed: 1)
        )
        let router = core.makeRouter()
        video = try core.makePlainTransport(on: router)
        otherVideo = try core.makePlainTransport(on: router)
        audio = try core.makePlainTransport(on: router)
        let kinds: [(PlainTransport, RTPCodec, MediaKind)] = [
            (video, .vp8, .video), (otherVideo, .vp8, .video), (audio, .opus, .audio),
        ]
        for (transport, codec, kind) in kinds {
            let parameters = RTPParameters(
                codecs: [RTPCodecParameters(codec, payloadType: 96)],
                encodings: [RTPEncodingParameters(ssrc: 7)]
            )
            _ = try core.produce(on: transport.id, kind: kind, parameters: parameters, streamID: nil)
        }
    }

    @Test func halfAPictureWaitsForTheOtherHalf() {
        #expect(core.burstEnd(now: start) == nil)
        receive(1, isMarked: false, at: video, now: start)
        let end = core.burstEnd(now: start)
        #expect(end == start + .microseconds(500))
        receive(2, isMarked: false, at: video, now: start + .microseconds(100))
        let later = core.burstEnd(now: start + .microseconds(100))
        #expect(later == end)
        receive(3, isMarked: true, at: video, now: start + .microseconds(200))
        let whole = core.burstEnd(now: start + .microseconds(200))
        #expect(whole == nil)
    }

    @Test func itWaitsHalfAMillisecondAtMost() {
        receive(1, isMarked: false, at: video, now: start)
        let over = core.burstEnd(now: start + .microseconds(500))
        #expect(over == nil)
        // What is late then goes as it comes.
        receive(2, isMarked: false, at: video, now: start + .milliseconds(2))
        let late = core.burstEnd(now: start + .milliseconds(2))
        #expect(late == nil)
    }

    @Test func anotherPictureThatBeginsMeanwhileMakesNobodyWaitForLonger() {
        receive(1, isMarked: false, at: video, now: start)
        let end = core.burstEnd(now: start)
        receive(1, isMarked: false, at: otherVideo, now: start + .microseconds(300))
        receive(2, isMarked: true, at: video, now: start + .microseconds(400))
        let other = core.burstEnd(now: start + .microseconds(400))
        #expect(other == end)
        let over = core.burstEnd(now: start + .microseconds(500))
        #expect(over == nil)
    }

    @Test func soundDoesNotWait() {
        receive(1, isMarked: false, at: audio, now: start)
        #expect(core.burstEnd(now: start) == nil)
    }

    @Test func withoutAnythingToForwardNothingWaits() {
        receive(1, isMarked: false, at: video, now: start)
        var queue = TransmitQueue(capacity: 256)
        while core.forward(now: start, into: &queue) {}
        #expect(core.burstEnd(now: start) == nil)
    }

    private func receive(_ number: UInt16, isMarked: Bool, at transport: PlainTransport, now: Instant) {
        var packet: [UInt8] = [0x80, isMarked ? 0xe0 : 0x60, UInt8(number >> 8), UInt8(number & 0xff)]
        packet += [0, 0, 0, 1, 0, 0, 0, 7, 0x10, 1, 2, 3]
        core.handlePlain(packet.span.bytes, at: transport, from: Self.source, now: now)
    }
}
