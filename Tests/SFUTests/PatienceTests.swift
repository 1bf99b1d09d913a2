import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What many viewers report may wait; what anybody sends or says may not.
@Suite struct PatienceTests {
    private let start = Instant(nanoseconds: 10_000_000_000)

    @Test func aCrowdsReportsWaitAFewMilliseconds() throws {
        var patience = Patience()
        patience.endReceiving(isCrowd: true, now: start)
        let until = try #require(patience.until)
        #expect(until > start)
        #expect(until <= start + .milliseconds(10))
    }

    @Test func aFewPeoplesDoNot() {
        var patience = Patience()
        patience.endReceiving(isCrowd: false, now: start)
        #expect(patience.until == nil)
    }

    @Test func nothingWaitsAsLongAsSomebodySpeaks() {
        var patience = Patience()
        var now = start
        for _ in 0..<50 {
            patience.handleMedia()
            patience.endReceiving(isCrowd: true, now: now)
            #expect(patience.until == nil)
            now += .milliseconds(20)
            patience.endReceiving(isCrowd: true, now: now)
            #expect(patience.until == nil)
            now += .milliseconds(20)
        }
        now += .milliseconds(200)
        patience.endReceiving(isCrowd: true, now: now)
        #expect(patience.until != nil)
    }

    @Test func nothingWaitsForSecondsAfterAKey() {
        var patience = Patience()
        patience.handleMessage()
        patience.endReceiving(isCrowd: true, now: start)
        patience.handleMedia()
        patience.endReceiving(isCrowd: true, now: start + .seconds(4))
        #expect(patience.until == nil)
        patience.endReceiving(isCrowd: true, now: start + .seconds(9))
        #expect(patience.until == nil)
        patience.endReceiving(isCrowd: true, now: start + .seconds(10))
        #expect(patience.until != nil)
    }

    /// Who only watches keeps data channels open all the same, and answers what comes on them.
    @Test func aCrowdThatOnlyWatchesIsPatientAndAMessageEndsIt() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peers = try (0..<24).map { _ in try network.join() }
        #expect(network.connectAll())
        for peer in peers { _ = try network.view(producer, by: peer) }
        #expect(network.run { peers.allSatisfy { $0.participant.channelsState == .connected } })
        let stream = try network.act(peers[3]) { participant, queue in
            try participant.openChannel(
                DataChannelParameters(label: "control"),
                now: network.now,
                into: &queue
            )
        }
        network.run(for: .seconds(1))
        network.core.endReceiving(now: network.now)
        network.run(for: .seconds(35))

        network.core.endReceiving(now: network.now)
        #expect(network.core.patience.until != nil)

        try network.act(peers[3]) { participant, queue in
            try participant.send([1, 2, 3], on: stream, now: network.now, into: &queue)
        }
        network.run(for: .milliseconds(100))
        network.core.endReceiving(now: network.now)
        #expect(network.core.patience.until == nil)
    }
}
