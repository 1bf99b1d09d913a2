import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The desk's small picture: made while a viewer needs it, and only that viewer sees it.
@Suite struct DeskRenditionTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func aNarrowPathGetsTheSmallPictureAndNobodyElse(seed: UInt64) throws {
        let room = try SimulatedRoom(seed: seed, bitrate: 1_500_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        let weak = try room.admit(down: .init(delay: .milliseconds(25), loss: 0.05, link: link))
        let other = try room.admit(down: .init(delay: .milliseconds(10)))
        try room.begin(seed: seed)
        room.run(for: .seconds(10))
        #expect(room.smallDesktop?.isActive == true)
        #expect(weak.arrivals.last?.stamp?.encoding == 0)
        #expect(weak.pauses == 0)
        let now = room.network.now
        room.run(for: .seconds(20))
        // Of ten pictures a second, with repetitions that get lost too: up to three tries, 100 ms and more each.
        #expect(weak.pictures.longestFreeze(from: now, to: room.network.now) < .milliseconds(900))
        #expect(weak.pictures.count(from: now, to: room.network.now) >= 180)
        #expect(other.arrivals.allSatisfy { $0.stamp?.encoding == 1 })
        #expect(other.pictures.longestFreeze(from: room.start + .seconds(1), to: now) < .milliseconds(100))
        // Whatever the weak viewer lost, the others were sent no key frame for it.
        #expect(room.desktop.keyFrames <= 3)
        let picture = try #require(weak.picture)
        #expect(try room.network.core.consumer(picture.id).currentStatistics().spatialLayer == 0)
    }

    /// A path that becomes narrow while the desk moves.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func theSwitchToTheSmallPictureFreezesNothingForLong(seed: UInt64) throws {
        let room = try SimulatedRoom(seed: seed, bitrate: 600_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 5_000_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: seed)
        room.run(for: .seconds(6))
        #expect(room.smallDesktop?.isActive == false)
        #expect(viewer.arrivals.last?.stamp?.encoding == 1)
        link.rate = 400_000
        let narrowed = room.network.now
        room.run(for: .seconds(10))
        #expect(viewer.arrivals.last?.stamp?.encoding == 0)
        #expect(room.smallDesktop?.keyFrames == 1, "its first frame is one, and nobody asks for another")
        let first = try #require(
            viewer.arrivals.first { $0.at > narrowed && $0.stamp?.encoding == 0 }
        )
        #expect(first.stamp?.isKeyFrame == true)
        let switched = viewer.pictures.longestFreeze(
            from: first.at + .milliseconds(-500),
            to: room.network.now
        )
        #expect(switched < .milliseconds(500))
    }

    @Test func theSmallPictureIsEndedWhenThePathHasRoomAgain() throws {
        let room = try SimulatedRoom(seed: 4, bitrate: 800_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: 4)
        room.run(for: .seconds(8))
        #expect(viewer.arrivals.last?.stamp?.encoding == 0)
        link.rate = 20_000_000
        room.run(for: .seconds(15))
        let back = try #require(viewer.arrivals.last { $0.stamp?.encoding == 0 })
        #expect(viewer.arrivals.last?.stamp?.encoding == 1)
        #expect(room.smallDesktop?.isActive == false)
        let ended = try #require(room.wanted.last)
        #expect(ended.encodings == [1])
        #expect(ended.at - back.at < .seconds(2))
    }

    @Test func theSmallPictureIsEndedWhenItsViewerLeaves() throws {
        let room = try SimulatedRoom(seed: 5, bitrate: 800_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        let weak = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.admit(down: .init(delay: .milliseconds(10)))
        try room.begin(seed: 5)
        room.run(for: .seconds(8))
        #expect(room.smallDesktop?.isActive == true)
        let network = room.network
        try network.call { try network.core.close(weak.peer.transport, now: network.now, into: &$0) }
        room.run(for: .seconds(2))
        #expect(room.smallDesktop?.isActive == false)
        // The next one who needs it begins with a key frame of a stream with other numbers.
        let next = try room.admit(
            down: .init(
                delay: .milliseconds(20),
                link: SimulatedLink(rate: 300_000, queue: .milliseconds(300))
            )
        )
        next.peer.down.link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        try room.show(next)
        room.run(for: .seconds(8))
        #expect(room.smallDesktop?.isActive == true)
        #expect(next.arrivals.last?.stamp?.encoding == 0)
    }

    /// Two encoders that refine a still picture fall silent at different times.
    @Test func whileTheScreenIsStillNothingIsSwitched() throws {
        let room = try SimulatedRoom(seed: 6, bitrate: 800_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: 6)
        room.run(for: .seconds(8))
        #expect(viewer.arrivals.last?.stamp?.encoding == 0)
        let pauses = viewer.pauses
        #expect(pauses == 0)
        room.smallDesktop?.isStill = true
        room.run(for: .seconds(3))
        let arrived = viewer.arrivals.count
        room.desktop.isStill = true
        room.run(for: .seconds(8))
        #expect(viewer.arrivals.dropFirst(arrived).allSatisfy { $0.stamp?.encoding == 0 })
        #expect(viewer.pauses == pauses)
    }

    @Test func onlyAPathFarTooNarrowForTheSmallPictureIsPaused() throws {
        let room = try SimulatedRoom(seed: 7, bitrate: 800_000, smallBitrate: 160_000)
        let link = SimulatedLink(rate: 110_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: 7)
        room.run(for: .seconds(15))
        #expect(viewer.pauses >= 1)
        let sound = try #require(viewer.sound)
        let heard = try room.network.core.consumer(sound.id).currentStatistics().packets
        room.run(for: .seconds(2))
        #expect(try room.network.core.consumer(sound.id).currentStatistics().packets - heard >= 95)
    }

    @Test func whoComesToAStillDeskThatNobodyWatchesAnyMoreIsShownIt() throws {
        let room = try SimulatedRoom(seed: 9, bitrate: 800_000, smallBitrate: 160_000)
        let first = try room.admit(down: .init(delay: .milliseconds(10)))
        try room.begin(seed: 9)
        room.run(for: .seconds(2))
        room.desktop.isStill = true
        try room.network.call {
            try room.network.core.close(first.peer.transport, now: room.network.now, into: &$0)
        }
        room.run(for: .seconds(5))
        let viewer = try room.admit(down: .init(delay: .milliseconds(10)))
        try room.show(viewer)
        room.run(for: .milliseconds(500))
        #expect(viewer.arrivals.first?.stamp?.encoding == 1)
        #expect(viewer.pictures.count(from: room.start, to: room.network.now) == 1)
        #expect(room.wanted.isEmpty)
    }

    @Test func whoComesWhileTheDeskMovesIsShownTheFullPictureAtOnce() throws {
        let room = try SimulatedRoom(seed: 8, bitrate: 3_000_000, smallBitrate: 160_000)
        try room.admit(down: .init(delay: .milliseconds(10)))
        try room.begin(seed: 8)
        room.run(for: .seconds(4))
        let next = try room.admit(down: .init(delay: .milliseconds(10)))
        try room.show(next)
        room.run(for: .seconds(6))
        #expect(next.arrivals.allSatisfy { $0.stamp?.encoding == 1 })
        #expect(room.wanted.isEmpty)
    }
}
