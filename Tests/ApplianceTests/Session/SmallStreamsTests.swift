import Appliance
import IO
import Logging
import RemoteControl
import SFU
import Testing
import Wire

/// What a desk is told to make, and when: its small pictures only while somebody watches them.
@Suite struct SmallStreamsTests {
    @Test func aDeskMakesTheWholePictureAndTheSoundToBeginWith() async throws {
        let room = try await Room()
        let configuration = try #require(await room.connectDesk())
        #expect(configuration.streams.map(\.name) == [.h264Small, .h264, .vp8Small, .vp8, .opus])
        #expect(configuration.streams.filter(\.isStarted).map(\.name) == [.h264, .opus])
        #expect(Set(configuration.streams.map(\.ssrc)).count == 5)
        // With the sound they go through 300 kbit/s.
        #expect(configuration.streams.filter { $0.bitrate <= 160_000 }.map(\.name).count == 3)
        await room.end()
    }

    /// One encoding of a producer each: the whole picture is the other.
    @Test(arguments: [(DeskStreamName.h264, DeskStreamName.h264Small), (.vp8, .vp8Small)])
    func aSmallPictureIsMadeWhileItIsWatched(whole: DeskStreamName, small: DeskStreamName) async throws {
        let room = try await Room()
        _ = await room.connectDesk()
        let producer = try #require(room.streams.producer(whole))
        #expect(room.streams.producer(small) == producer)
        #expect(room.streams.onDemand(of: producer).map(\.name) == [small])

        await room.session.handleWantedLayers([1], of: producer)
        await room.session.handleWantedLayers([0, 1], of: producer)
        let started = await room.nextCommand()
        #expect(started == .startStream(small), "and nothing for what is made already")
        let health = await room.session.health()
        #expect(health.deskStreams.contains("\(small)"))

        // Said again, it is not told again.
        await room.session.handleWantedLayers([0], of: producer)
        await room.session.handleWantedLayers([1], of: producer)
        let stopped = await room.nextCommand()
        #expect(stopped == .stopStream(small))
        await room.session.handleWantedLayers([], of: producer)
        await room.session.handleWantedLayers([0], of: producer)
        let again = await room.nextCommand()
        #expect(again == .startStream(small))
        await room.end()
    }

    @Test func eachCodecsSmallPictureIsItsOwn() async throws {
        let room = try await Room()
        _ = await room.connectDesk()
        let (h264, vp8) = (room.streams.producer(.h264), room.streams.producer(.vp8))
        await room.session.handleWantedLayers([0, 1], of: try #require(h264))
        await room.session.handleWantedLayers([0], of: try #require(vp8))
        await room.session.handleWantedLayers([1], of: try #require(h264))
        var commands: [DeskCommand?] = []
        for _ in 0..<3 { commands.append(await room.nextCommand()) }
        #expect(commands == [.startStream(.h264Small), .startStream(.vp8Small), .stopStream(.h264Small)])
        await room.end()
    }

    @Test func aDeskThatIsStartedAnewMakesWhatIsWatchedNow() async throws {
        let room = try await Room()
        _ = await room.connectDesk()
        let producer = try #require(room.streams.producer(.h264))
        await room.session.handleWantedLayers([0, 1], of: producer)
        let next = try #require(await room.connectDesk())
        #expect(next.streams.filter(\.isStarted).map(\.name) == [.h264Small, .h264, .opus])
        await room.end()
    }

    @Test func theOtherWayOfCaptureHasOneSize() async throws {
        var configuration = Configuration()
        configuration.capture = .ximagesrc
        let room = try await Room(configuration)
        let told = try #require(await room.connectDesk())
        #expect(told.streams.map(\.name) == [.h264, .vp8, .opus])
        let producer = try #require(room.streams.producer(.h264))
        #expect(room.streams.onDemand(of: producer).isEmpty)
        await room.session.handleWantedLayers([], of: producer)
        let health = await room.session.health()
        #expect(health.deskStreams == ["h264", "opus"])
        await room.end()
    }
}

/// A session with a Worker of its own, and the desk's end of the link.
private final class Room {
    let session: Session
    let streams: DeskStreams
    private let worker: Worker
    private let relay: ControlRelay
    private let link: DeskLink
    private let running: Task<Void, Never>
    private var desk: SeqPacketSocket?

    init(_ configuration: Configuration = Configuration()) async throws {
        var media = WorkerConfiguration()
        media.bindAddress = SocketAddress(ipv4: 0x7f00_0001, port: 0)
        worker = try Worker(media)
        link = try DeskLink()
        relay = ControlRelay(on: worker.executor)
        worker.start()
        link.start()
        var log = Logger(label: "test")
        log.logLevel = .critical
        session = try await Session(configuration, worker: worker, relay: relay, link: link, log: log)
        streams = await session.desk
        let session = session
        running = Task { await session.run() }
    }

    /// Connects a desk in the place of the one before, and returns what it is told first.
    func connectDesk() async -> DeskConfiguration? {
        desk = try? await link.open()
        let hello = DeskReport.status(DeskStatus(.starting)).encoded()
        _ = desk?.send(hello.span.bytes)
        guard case .configure(let configuration)? = await nextCommand() else { return nil }
        return configuration
    }

    /// The next command about media.
    func nextCommand() async -> DeskCommand? {
        while let command = await nextMessage() {
            if case .releaseAll = command { continue }
            return command
        }
        return nil
    }

    private func nextMessage() async -> DeskCommand? {
        for _ in 0..<1_000 {
            var buffer = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
            var span = buffer.mutableSpan
            var bytes = span.mutableBytes
            if case .message(let length)? = desk?.receive(into: &bytes) {
                return try? DeskCommand(parsing: buffer.span.bytes.extracting(first: length))
            }
            try? await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }

    func end() async {
        running.cancel()
        await relay.stop()
        await link.stop()
        await worker.stop()
    }
}
