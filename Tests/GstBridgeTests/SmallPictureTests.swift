import Glibc
import GstBridge
import Testing
import Wire

/// The desk's picture for narrow paths, beside the full one.
@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb"))) struct SmallPictureTests {
    @Test(arguments: [CaptureStream.h264Small, .vp8Small])
    func itBeginsWithAKeyFrameWheneverItIsStarted(stream: CaptureStream) throws {
        let desk = try SmallDesk()
        for round in 0..<2 {
            desk.start(stream)
            let packets = desk.receiver.receiveMedia { $0.contains(where: \.marker) }
            let first = try #require(packets.first)
            #expect(startsKeyFrame(stream, first), "round \(round)")
            desk.receiver.receiveUntilSilent()
            #expect(desk.media.statistics.streams[stream]?.keyFrames == 1, "and one is enough")
            desk.media.stopStream(stream)
            #expect(eventually { desk.statuses.count(of: .stream(stream, .stopped)) == round + 1 })
            _ = desk.receiver.receive()
        }
    }

    @Test func aVP8PictureIsHalfAsWideAndHigh() throws {
        let desk = try SmallDesk(width: 640, height: 480)
        desk.start(.vp8Small)
        let packet = try #require(desk.receiver.receiveMedia { !$0.isEmpty }.first)
        let bytes = Array(packet.payload)
        let length = VP8PayloadDescriptor(bytes.span.bytes)?.length
        // RFC 6386 §9.1: after the frame tag and the start code, 14 bits each.
        let start = try #require(length) + 6
        let width = (Int(bytes[start + 1]) << 8 | Int(bytes[start])) & 0x3fff
        let height = (Int(bytes[start + 3]) << 8 | Int(bytes[start + 2])) & 0x3fff
        #expect((width, height) == (320, 240))
    }

    @Test func itHasNoMoreThanTenFramesASecondAndKeepsItsRate() throws {
        let desk = try SmallDesk()
        desk.start(.h264Small)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        let before = try #require(desk.media.statistics.streams[.h264Small])
        let seconds = ContinuousClock().measure { desk.draw(for: 3) } / .seconds(1)
        let after = try #require(desk.media.statistics.streams[.h264Small])
        let frames = Double(after.frames - before.frames)
        #expect(frames >= 15 && frames <= 10 * seconds + 3)
        #expect(Double(after.bytes - before.bytes) * 8 / seconds < 250_000)
        #expect(after.keyFrames == before.keyFrames)
    }

    /// More than it can make coarser: it leaves pictures out, and ends with the newest all the same.
    @Test(arguments: [CaptureStream.h264Small, .vp8Small])
    func aScreenFullOfNoiseDoesNotFloodTheLine(stream: CaptureStream) throws {
        let desk = try SmallDesk()
        desk.start(stream)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        let before = try #require(desk.media.statistics.streams[stream])
        let seconds = ContinuousClock().measure { desk.draw(for: 4, squares: 150, size: 24) } / .seconds(1)
        let after = try #require(desk.media.statistics.streams[stream])
        #expect(after.frames - before.frames >= 4)
        #expect(Double(after.bytes - before.bytes) * 8 / seconds < 300_000)
        desk.receiver.receiveUntilSilent()
        let settled = try #require(desk.media.statistics.streams[stream])
        #expect(settled.frames > after.frames, "the last picture is refined")
    }

    /// What the small encoder has left to improve is not the full one's business.
    @Test func theFullEncoderDoesNothingMoreForIt() throws {
        let desk = try SmallDesk()
        let full = RTPReceiver()
        desk.media.startStream(
            CaptureStreamConfiguration(stream: .h264, port: full.port, ssrc: 9, payloadType: 102)
        )
        _ = full.receiveMedia { !$0.isEmpty }
        full.receiveUntilSilent()
        let before = try #require(desk.media.statistics.streams[.h264])
        desk.start(.h264Small)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        desk.receiver.sendPictureLossIndication(for: SmallDesk.ssrc)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        let after = try #require(desk.media.statistics.streams[.h264])
        #expect(after.frames == before.frames)
        #expect(desk.media.statistics.streams[.h264Small]?.keyFrames == 2)
    }

    @Test func aStillScreenIsSilentInBothSizes() throws {
        let desk = try SmallDesk()
        desk.start(.h264Small)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        usleep(600_000)
        #expect(desk.receiver.receive().allSatisfy { $0.isRTCP })
    }

    @Test func itFollowsTheScreensSize() throws {
        let desk = try SmallDesk()
        desk.start(.vp8Small)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        desk.screen.resize(width: 400, height: 300)
        #expect(eventually { desk.media.statistics.streams[.vp8Small]?.keyFrames == 2 })
    }

    private func startsKeyFrame(_ stream: CaptureStream, _ packet: RTPReceiver.Packet) -> Bool {
        let payload = Array(packet.payload)
        if stream == .vp8Small { return VP8PayloadDescriptor(payload.span.bytes)?.startsKeyFrame == true }
        return H264Payload.startsKeyFrame(payload.span.bytes)
    }
}

/// A screen with a picture on it, a desk that captures it, and the room's end of its small stream.
private final class SmallDesk {
    static let ssrc: UInt32 = 0xcafe

    let screen: TestDisplay
    let media: DeskMedia
    let receiver = RTPReceiver()
    let statuses = StatusLog()

    init(width: Int = 640, height: Int = 480) throws {
        screen = try #require(TestDisplay(width: width, height: height))
        screen.fillWithSquares()
        let statuses = statuses
        media = DeskMedia { statuses.append($0) }
        media.start(DeskMediaConfiguration(display: screen.name))
    }

    deinit {
        // Before the screen: Xlib ends the process when the server goes away first.
        media.stop()
    }

    func start(_ stream: CaptureStream) {
        media.startStream(
            CaptureStreamConfiguration(stream: stream, port: receiver.port, ssrc: Self.ssrc, payloadType: 102)
        )
    }

    /// Draws noise, thirty times a second.
    func draw(for seconds: Int, squares: Int = 10, size: Int = 40) {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<(30 * seconds) {
            for _ in 0..<squares {
                screen.fill(
                    UInt.random(in: 0...0xff_ffff, using: &generator),
                    x: Int.random(in: 0..<600, using: &generator),
                    y: Int.random(in: 0..<440, using: &generator),
                    width: size,
                    height: size
                )
            }
            usleep(33_000)
            _ = receiver.receive()
        }
    }
}
