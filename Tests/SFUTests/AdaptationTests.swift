import NetworkSimulation
import SFU
import Testing
import Wire

/// The whole way from the estimator to the picture, over simulated links.
@Suite struct AdaptationTests {
    @Test func aLinkOfOneMegabitIsUsedAfterTenSeconds() throws {
        let room = try SimulatedRoom(seed: 1)
        let link = SimulatedLink(rate: 1_000_000, queue: .milliseconds(300))
        let viewer = try room.admit(down: .init(delay: .milliseconds(20), link: link), ceiling: 6_000_000)
        try room.begin(seed: 1)
        room.run(for: .seconds(10))
        link.reset()
        room.run(for: .seconds(20))
        #expect(link.delivered * 8 / 20 >= 850_000)
        #expect(link.longestWait < .milliseconds(150))
        #expect(viewer.pauses == 0)
    }
}
