import Appliance
import RemoteControl
import Testing

/// What a desk is told to make, and when: its small pictures only while somebody watches them.
@Suite struct SmallStreamsTests {
    @Test func aDeskMakesTheSoundToBeginWith() async throws {
        let room = try await SessionRoom()
        let configuration = try #require(await room.desk.connect())
        #expect(
            configuration.streams.map(\.name) == [
                .h264Small, .h264, .vp8Small, .vp8, .h264ClearSmall, .h264Clear, .vp8ClearSmall, .vp8Clear,
                .opus,
            ]
        )
        #expect(configuration.streams.filter(\.isStarted).map(\.name) == [.opus])
        #expect(Set(configuration.streams.map(\.ssrc)).count == 9)
        // With the sound they go through 300 kbit/s.
        #expect(configuration.streams.filter { $0.bitrate <= 160_000 }.map(\.name).count == 5)
        await room.end()
    }

    @Test func theWholePictureIsMadeWhileAnybodyIsHere() async throws {
        let room = try await SessionRoom()
        _ = await room.desk.connect()
        let page = await room.join("Ana")
        #expect(await room.desk.nextCommand() == .startStream(.h264))
        let next = try #require(await room.desk.connect())
        #expect(next.streams.filter(\.isStarted).map(\.name) == [.h264, .opus])
        page.say(["type": "leave"])
        #expect(await room.desk.nextCommand() == .stopStream(.h264))
        await room.end()
    }

    /// One encoding of a producer each: the whole picture is the other.
    @Test(arguments: [(DeskStreamName.h264, DeskStreamName.h264Small), (.vp8, .vp8Small)])
    func aSmallPictureIsMadeWhileItIsWatched(whole: DeskStreamName, small: DeskStreamName) async throws {
        let room = try await SessionRoom()
        let streams = await room.session.desk.streams
        _ = await room.desk.connect()
        let producer = try #require(streams.producer(whole))
        #expect(streams.producer(small) == producer)
        #expect(streams.onDemand(of: producer).map(\.name) == [small])

        await room.session.desk.handleWantedLayers([1], of: producer)
        await room.session.desk.handleWantedLayers([0, 1], of: producer)
        let started = await room.desk.nextCommand()
        #expect(started == .startStream(small), "and nothing for what is made already")
        let health = await room.session.health()
        #expect(health.deskStreams.contains("\(small)"))

        // Said again, it is not told again.
        await room.session.desk.handleWantedLayers([0], of: producer)
        await room.session.desk.handleWantedLayers([1], of: producer)
        let stopped = await room.desk.nextCommand()
        #expect(stopped == .stopStream(small))
        await room.session.desk.handleWantedLayers([], of: producer)
        await room.session.desk.handleWantedLayers([0], of: producer)
        let again = await room.desk.nextCommand()
        #expect(again == .startStream(small))
        await room.end()
    }

    @Test func eachCodecsSmallPictureIsItsOwn() async throws {
        let room = try await SessionRoom()
        let streams = await room.session.desk.streams
        _ = await room.desk.connect()
        let (h264, vp8) = (streams.producer(.h264), streams.producer(.vp8))
        await room.session.desk.handleWantedLayers([0, 1], of: try #require(h264))
        await room.session.desk.handleWantedLayers([0], of: try #require(vp8))
        await room.session.desk.handleWantedLayers([1], of: try #require(h264))
        var commands: [DeskCommand?] = []
        for _ in 0..<3 { commands.append(await room.desk.nextCommand()) }
        #expect(commands == [.startStream(.h264Small), .startStream(.vp8Small), .stopStream(.h264Small)])
        await room.end()
    }

    @Test func aDeskThatIsStartedAnewMakesWhatIsWatchedNow() async throws {
        let room = try await SessionRoom()
        let streams = await room.session.desk.streams
        _ = await room.desk.connect()
        let producer = try #require(streams.producer(.h264))
        await room.session.desk.handleWantedLayers([0, 1], of: producer)
        let next = try #require(await room.desk.connect())
        #expect(next.streams.filter(\.isStarted).map(\.name) == [.h264Small, .opus])
        await room.end()
    }

    @Test func theOtherWayOfCaptureHasOneSize() async throws {
        var configuration = Configuration()
        configuration.capture = .ximagesrc
        let room = try await SessionRoom(configuration)
        let streams = await room.session.desk.streams
        let told = try #require(await room.desk.connect())
        #expect(told.streams.map(\.name) == [.h264, .vp8, .opus])
        let producer = try #require(streams.producer(.h264))
        #expect(streams.onDemand(of: producer).isEmpty)
        await room.session.desk.handleWantedLayers([], of: producer)
        let health = await room.session.health()
        #expect(health.deskStreams == ["opus"])
        await room.end()
    }
}
