import Glibc
import GstBridge
import Synchronization
import Testing
import Wire

@Suite(.serialized, .enabled(if: Child.isInstalled("Xvfb"))) struct DeskMediaTests {
    @Test(arguments: [CaptureStream.h264, .vp8])
    func theFirstPacketsAreAKeyFrameWithinTheMTU(stream: CaptureStream) throws {
        let desk = try Desk(stream)
        let packets = desk.receiver.receiveMedia { $0.contains(where: \.marker) }
        let frame = packets.prefix { $0.timestamp == packets.first?.timestamp }
        #expect(frame.last?.marker == true)
        #expect(frame.dropLast().allSatisfy { !$0.marker })
        #expect(frame.allSatisfy { $0.ssrc == desk.ssrc && $0.payloadType == 102 && $0.bytes[0] == 0x80 })
        #expect(packets.allSatisfy { $0.bytes.count <= 1_200 })
        #expect(isConsecutive(packets))
        #expect(beginsWithKeyFrame(stream, frame.map { Array($0.payload) }))
        #expect(desk.media.statistics.streams[stream]?.keyFrames == 1)
        #expect(desk.statuses.contains(.screen(.live(width: 640, height: 480))))
        #expect(desk.statuses.contains(.stream(stream, .started)))
    }

    @Test func aStillScreenIsSilentUntilSomethingChanges() throws {
        let desk = try Desk(.h264)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        usleep(600_000)
        #expect(desk.receiver.receive().allSatisfy { $0.isRTCP })

        let before = try #require(desk.media.statistics.streams[.h264])
        desk.screen.fill(0x4080c0, x: 10, y: 10, width: 300, height: 200)
        let packets = desk.receiver.receiveMedia { $0.contains(where: \.marker) }
        #expect(!packets.isEmpty)
        desk.receiver.receiveUntilSilent()
        let after = try #require(desk.media.statistics.streams[.h264])
        #expect((1...10).contains(after.frames - before.frames), "one frame, and few that refine it")
        #expect(after.keyFrames == before.keyFrames)
        #expect(after.dropped == 0)
    }

    @Test(arguments: [CaptureStream.h264, .vp8])
    func aPictureLossIndicationOnAStillScreenBringsAKeyFrame(stream: CaptureStream) throws {
        let desk = try Desk(stream)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        for _ in 0..<3 { desk.receiver.sendPictureLossIndication(for: desk.ssrc) }
        let packets = desk.receiver.receiveMedia { $0.contains(where: \.marker) }
        #expect(beginsWithKeyFrame(stream, packets.map { Array($0.payload) }))
        let statistics = try #require(desk.media.statistics.streams[stream])
        #expect(statistics.keyFrames == 2)
        #expect(eventually { desk.media.statistics.streams[stream]?.keyFrameRequests == 3 })
    }

    @Test func feedbackFromAnotherSourceThanTheRoomIsCountedAndDropped() throws {
        let desk = try Desk(.h264)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        let stranger = RTPReceiver()
        for _ in 0..<3 { stranger.sendPictureLossIndication(for: desk.ssrc, toPeerOf: desk.receiver) }
        #expect(eventually { desk.media.statistics.streams[.h264]?.malformedFeedback == 3 })
        let before = try #require(desk.media.statistics.streams[.h264])
        #expect(before.keyFrames == 1)
        #expect(before.keyFrameRequests == 0)

        desk.receiver.sendPictureLossIndication(for: desk.ssrc)
        #expect(eventually { desk.media.statistics.streams[.h264]?.keyFrames == 2 })
        #expect(desk.media.statistics.streams[.h264]?.keyFrameRequests == 1)
    }

    @Test func senderReportsTellTheStreamsTimeAndFindTheRoomBeforeAnyFrame() throws {
        let desk = try Desk(.h264)
        var packets: [RTPReceiver.Packet] = []
        let hasReported = eventually {
            packets += desk.receiver.receive()
            return packets.count(where: \.isRTCP) >= 2 && packets.contains { !$0.isRTCP }
        }
        #expect(hasReported)
        #expect(packets.first?.isRTCP == true)
        let reports = packets.filter(\.isRTCP)
        #expect(reports.allSatisfy { $0.bytes[1] == 200 && $0.word(4) == desk.ssrc })
        let media = try #require(packets.first { !$0.isRTCP })
        let later = try #require(reports.last)
        // The report was sent at most two seconds after the frame was captured.
        #expect((0..<180_000).contains(later.word(16) &- media.timestamp))
    }

    @Test(arguments: [CaptureStream.h264, .vp8])
    func aLowerBitrateMakesSmallerFrames(stream: CaptureStream) throws {
        func bytes(at bitrate: Int) throws -> Int {
            let desk = try Desk(stream, bitrate: bitrate)
            _ = desk.receiver.receiveMedia { !$0.isEmpty }
            _ = desk.bytesOfMotion()
            return desk.bytesOfMotion()
        }
        let (rich, poor) = (try bytes(at: 6_000_000), try bytes(at: 300_000))
        #expect(poor * 3 < rich * 2, "\(rich) bytes, then \(poor)")
    }

    @Test func aNewScreenSizeBringsAKeyFrameAndAStatus() throws {
        let desk = try Desk(.h264)
        _ = desk.receiver.receiveMedia { !$0.isEmpty }
        desk.receiver.receiveUntilSilent()
        desk.screen.resize(width: 400, height: 300)
        #expect(eventually { desk.statuses.contains(.screen(.live(width: 400, height: 300))) })
        #expect(eventually { desk.media.statistics.streams[.h264]?.keyFrames == 2 })
    }

    @Test func bothCodecsShareOneCaptureAndStopApart() throws {
        let desk = try Desk(.h264)
        let second = RTPReceiver()
        desk.media.startStream(
            CaptureStreamConfiguration(stream: .vp8, port: second.port, ssrc: 9, payloadType: 96)
        )
        #expect(!second.receiveMedia { !$0.isEmpty }.isEmpty)
        #expect(!desk.receiver.receiveMedia { !$0.isEmpty }.isEmpty)
        desk.media.stopStream(.h264)
        #expect(eventually { desk.statuses.contains(.stream(.h264, .stopped)) })
        second.receiveUntilSilent()
        desk.receiver.receiveUntilSilent()
        desk.screen.fill(0xff8000, x: 0, y: 0, width: 100, height: 100)
        #expect(!second.receiveMedia { !$0.isEmpty }.isEmpty)
        #expect(desk.receiver.receive().isEmpty)
        #expect(desk.media.statistics.streams[.h264] == nil)
    }

    @Test func aDeskThatIsRestartedKeepsItsSSRCAndTimestamps() throws {
        let desk = try Desk(.h264)
        let first = try #require(desk.receiver.receiveMedia { !$0.isEmpty }.first)
        desk.media.stop()
        desk.receiver.receiveUntilSilent(0.1)
        let again = DeskMedia { _ in }
        defer { again.stop() }
        again.start(DeskMediaConfiguration(display: desk.screen.name))
        again.startStream(desk.configuration)
        let second = try #require(desk.receiver.receiveMedia { !$0.isEmpty }.first)
        #expect(second.ssrc == first.ssrc)
        #expect((1..<900_000).contains(second.timestamp &- first.timestamp))
    }

    @Test func theYardstickSourceSendsToo() throws {
        let desk = try Desk(.h264, source: .ximagesrc)
        let packets = desk.receiver.receiveMedia { $0.filter(\.marker).count > 5 }
        #expect(packets.filter(\.marker).count > 5)
    }

    @Test func aScreenThatIsNotThereIsWaitedFor() {
        let statuses = StatusLog()
        let media = DeskMedia { statuses.append($0) }
        media.start(DeskMediaConfiguration(display: ":9999"))
        #expect(eventually { statuses.contains(.screen(.waiting)) })
        media.stop()
    }

    private func isConsecutive(_ packets: [RTPReceiver.Packet]) -> Bool {
        zip(packets, packets.dropFirst()).allSatisfy { $1.sequenceNumber == $0.sequenceNumber &+ 1 }
    }

    private func beginsWithKeyFrame(_ stream: CaptureStream, _ payloads: [[UInt8]]) -> Bool {
        guard let first = payloads.first else { return false }
        if stream == .vp8 { return VP8PayloadDescriptor(first.span.bytes)?.startsKeyFrame == true }
        // Parameter sets, then an IDR slice, alone or as the first fragment of an FU-A (RFC 6184 §5.4–5.8).
        return H264Payload.startsKeyFrame(first.span.bytes)
            && payloads.contains { $0[0] & 0x1f == 5 || ($0[0] & 0x1f == 28 && $0[1] & 0x9f == 0x85) }
    }
}

/// A screen, a desk that captures it, and the room's end of one stream.
private final class Desk {
    let screen: TestDisplay
    let media: DeskMedia
    let receiver = RTPReceiver()
    let statuses = StatusLog()
    let ssrc: UInt32 = 0xdeadbeef
    let configuration: CaptureStreamConfiguration

    init(_ stream: CaptureStream, source: CaptureSource = .damage, bitrate: Int? = nil) throws {
        screen = try #require(TestDisplay(width: 640, height: 480))
        screen.fillWithSquares()
        let statuses = statuses
        media = DeskMedia { statuses.append($0) }
        configuration = CaptureStreamConfiguration(
            stream: stream,
            port: receiver.port,
            ssrc: ssrc,
            payloadType: 102,
            bitrate: bitrate
        )
        media.start(DeskMediaConfiguration(display: screen.name, source: source))
        media.startStream(configuration)
    }

    deinit {
        // Before the screen: Xlib ends the process when the server goes away first.
        media.stop()
    }

    /// Draws noise for about half a second; returns how many bytes of RTP it made.
    func bytesOfMotion() -> Int {
        receiver.receiveUntilSilent(0.2)
        var generator = SplitMix64(seed: 1)
        var bytes = 0
        for _ in 0..<12 {
            for _ in 0..<40 {
                screen.fill(
                    UInt.random(in: 0...0xff_ffff, using: &generator),
                    x: Int.random(in: 0..<600, using: &generator),
                    y: Int.random(in: 0..<440, using: &generator),
                    width: 40,
                    height: 40
                )
            }
            usleep(33_000)
            bytes += receiver.receive().reduce(0) { $0 + $1.bytes.count }
        }
        return bytes
    }
}

/// What a desk has told, from its thread.
final class StatusLog: Sendable {
    private let statuses = Mutex<[DeskMediaStatus]>([])

    func append(_ status: DeskMediaStatus) { statuses.withLock { $0.append(status) } }
    func contains(_ status: DeskMediaStatus) -> Bool { statuses.withLock { $0.contains(status) } }
    /// From when on clients get what has the cover of this number.
    func covered(_ number: UInt32) -> Instant? {
        statuses.withLock { statuses in
            for case .covered(number, let since) in statuses { return since }
            return nil
        }
    }
    func count(of status: DeskMediaStatus) -> Int { statuses.withLock { $0.count(where: { $0 == status }) } }
}
