import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The whole way from the estimator to the picture, over simulated links: what docs/network.md shows must
/// hold.
@Suite struct AdaptationTests {
    @Test(arguments: [1, 2, 3] as [UInt64], [Scenario.megabit, .bufferbloat, .jitter])
    func aLinkOfOneMegabitIsUsedAfterTenSeconds(seed: UInt64, scenario: Scenario) throws {
        let result = try scenario.run(seed: seed)
        #expect(try #require(result.utilisation) >= 0.85)
        #expect(try #require(result.convergence) < .seconds(5))
        // Jitter delays packets past their feedback: they are told of later, and not taken for lost.
        #expect(try #require(result.usualWait) < .milliseconds(scenario == .jitter ? 160 : 150))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func aLinkThatDropsIsFollowedAndItsQueueDrains(seed: UInt64) throws {
        let result = try Scenario.drop.run(seed: seed)
        #expect(try #require(result.convergence) < .seconds(2))
        #expect(try #require(result.usualWait) < .milliseconds(150))
        #expect(try #require(result.longestWait) < .milliseconds(200))
        #expect(try #require(result.utilisation) >= 0.7)
    }

    @Test func aLinkThatRisesIsFound() throws {
        let result = try Scenario.rise.run(seed: 1)
        #expect(try #require(result.convergence) < .seconds(12))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func afterASecondOfLossThePictureMovesAgain(seed: UInt64) throws {
        let result = try Scenario.lossBurst.run(seed: seed)
        #expect(try #require(result.recovery) < .milliseconds(500))
        #expect(try #require(result.freeze) < .milliseconds(500))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func steadyLossFreezesNothing(seed: UInt64) throws {
        #expect(try #require(try Scenario.steadyLoss.run(seed: seed).freeze) < .milliseconds(300))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func lossInBurstsIsMended(seed: UInt64) throws {
        #expect(try #require(try Scenario.burstLoss.run(seed: seed).freeze) < .seconds(1))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func datagramsThatComeLateAreNotTakenForCongestion(seed: UInt64) throws {
        let result = try Scenario.reordering.run(seed: seed)
        #expect(try #require(result.utilisation) >= 0.85)
        #expect(try #require(result.freeze) < .milliseconds(100))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func anAddressThatARouterChangedIsFollowedAtTheNextPacket(seed: UInt64) throws {
        #expect(try #require(try Scenario.rebind.run(seed: seed).recovery) < .milliseconds(250))
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func viewersOnOneLinkShareFairly(seed: UInt64) throws {
        let result = try Scenario.sharedLink.run(seed: seed)
        #expect(try #require(result.fairness) > 0.95)
        #expect(try #require(result.utilisation) >= 0.85)
    }

    @Test func aWeakViewerCostsTheOthersNothing() throws {
        #expect(try #require(try Scenario.weakViewer.run(seed: 1).fairness) >= 0.97)
    }

    @Test func aPublisherFollowsTheFeedbackOfTheRoom() throws {
        let result = try Scenario.publisher.run(seed: 1)
        #expect(try #require(result.utilisation) >= 0.8)
        #expect(try #require(result.longestWait) < .milliseconds(200))
    }

    @Test func theSameSeedGivesTheSameRun() throws {
        #expect(try Scenario.jitter.run(seed: 7) == Scenario.jitter.run(seed: 7))
    }

    // MARK: Pausing

    @Test func aPictureThatDoesNotFitIsPausedInWordsAndComesBack() throws {
        let room = try SimulatedRoom(seed: 1, bitrate: 1_500_000)
        let link = SimulatedLink(rate: 400_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: 1)
        room.run(for: .seconds(12))
        #expect(viewer.pauses >= 1)
        let picture = try #require(viewer.picture)
        #expect(try room.network.core.consumer(picture.id).currentStatistics().isLimited)
        // The sound goes on.
        let sound = try #require(viewer.sound)
        let heard = try room.network.core.consumer(sound.id).currentStatistics().packets
        room.run(for: .seconds(2))
        #expect(try room.network.core.consumer(sound.id).currentStatistics().packets - heard >= 95)

        link.rate = 5_000_000
        let before = room.network.now
        room.run(for: .seconds(12))
        #expect(try !room.network.core.consumer(picture.id).currentStatistics().isLimited)
        #expect(viewer.pictures.count(from: before, to: room.network.now) > 60)
    }

    @Test func aPausedPictureIsProbedForThoughNothingElseIsSent() throws {
        let network = try SimulatedNetwork(seed: 3)
        let (source, producer) = try network.addSource(.desk())
        source.stream.setBitrate(1_500_000)
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        let link = SimulatedLink(rate: 300_000, queue: .milliseconds(300))
        peer.down.link = link
        network.run(for: .seconds(15))
        #expect(try network.core.consumer(consumer.id).currentStatistics().isLimited)
        link.rate = 10_000_000
        network.run(for: .seconds(15))
        let statistics = try network.core.consumer(consumer.id).currentStatistics()
        #expect(!statistics.isLimited)
        #expect(
            network.events.contains {
                if case .consumerLimited(consumer.id, isPaused: false) = $0 { true } else { false }
            }
        )
    }

    @Test func whoWantsNothingMoreIsNotProbed() throws {
        let network = try SimulatedNetwork(seed: 4)
        let (_, producer) = try network.addSource(.desk(.opus))
        let peer = try network.join()
        #expect(network.connectAll())
        let consumer = try network.view(producer, by: peer)
        network.run(for: .seconds(10))
        #expect(try network.core.consumer(consumer.id).currentStatistics().probes == 0)
        // Sound alone; a probe would show as bytes.
        #expect(peer.participant.statistics.bytesReceived < 10 * 60 * 200)
    }

    // MARK: Pacing

    @Test func aKeyFrameForANarrowPathIsSpreadAndSoundPassesIt() throws {
        let room = try SimulatedRoom(seed: 5, bitrate: 300_000)
        let link = SimulatedLink(rate: 700_000, queue: .seconds(2))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: 5)
        room.run(for: .seconds(10))
        link.reset()
        room.desktop.setBitrate(300_000, keyFrame: 40)
        room.desktop.requestKeyFrame(now: room.network.now)
        room.run(for: .seconds(2))
        // Forty frames of 1 250 bytes take 570 ms on the link; some of that is spent in front of it.
        #expect(link.longestWait < .milliseconds(540))
        #expect(
            viewer.pictures.longestFreeze(from: room.network.now + .seconds(-2), to: room.network.now)
                < .seconds(1)
        )
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func whatWaitsIsNotSentAgainBeforeItWasSentAtAll(seed: UInt64) throws {
        let room = try SimulatedRoom(seed: seed, bitrate: 400_000)
        let link = SimulatedLink(rate: 700_000, queue: .seconds(5))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link))
        try room.begin(seed: seed)
        room.desktop.setBitrate(400_000, keyFrame: 40)
        for _ in 0..<10 {
            room.run(for: .seconds(2))
            room.desktop.requestKeyFrame(now: room.network.now)
        }
        let ssrc = try #require(viewer.picture).ssrc
        let statistics = try #require(viewer.peer.participant.stream(ssrc)).statistics
        #expect(link.dropped == 0)
        #expect(statistics.recovered == 0, "nothing was lost on the way")
        #expect(statistics.nacksSent == 0)
    }

    @Test func aWidePathIsNotPaced() throws {
        let room = try SimulatedRoom(seed: 6, bitrate: 1_000_000)
        let link = SimulatedLink(rate: 1_000_000_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(1), link: link))
        try room.begin(seed: 6)
        room.run(for: .seconds(5))
        room.desktop.setBitrate(1_000_000, keyFrame: 30)
        room.desktop.requestKeyFrame(now: room.network.now)
        let asked = room.network.now
        room.run(for: .milliseconds(100))
        let arrivals = viewer.arrivals.filter { $0.stamp?.isKeyFrame == true && $0.at > asked }
        #expect(arrivals.count > 100)
        let first = try #require(arrivals.first)
        let last = try #require(arrivals.last)
        #expect(last.at - first.at < .milliseconds(5))
    }

    // MARK: The room's limit

    @Test func aPublisherIsToldTheMostThatItMaySend() throws {
        var limits = WorkerConfiguration.Limits()
        limits.incomingBitrate = 500_000
        let network = try SimulatedNetwork(seed: 8, limits: limits)
        let peer = try network.join()
        #expect(network.connectAll())
        let (stream, _) = try network.publish(.camera(), by: peer)
        peer.participant.adaptPublishing(ceiling: 3_000_000, now: network.now)
        network.run(for: .seconds(10))
        let limit = try #require(peer.participant.statistics.receiverLimit)
        #expect(abs(limit - 500_000) < 5_000)
        let packets = stream.packets
        network.run(for: .seconds(5))
        #expect((stream.packets - packets) * stream.parameters.payloadLength * 8 / 5 < 520_000)
    }
}
