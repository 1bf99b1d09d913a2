import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// What many viewers report may wait; what anybody sends or says may not.
@Suite struct InterruptCoalescingTests {
    private let start = Instant(nanoseconds: 10_000_000_000)

    @Test func aCrowdsReportsWaitAFewMilliseconds() throws {
        var coalescing = InterruptCoalescing()
        coalescing.endReceiving(isCrowd: true, now: start)
        let until = try #require(coalescing.until)
        #expect(until > start)
        #expect(until <= start + .milliseconds(10))
    }

    @Test func aFewPeoplesDoNot() {
        var coalescing = InterruptCoalescing()
        coalescing.endReceiving(isCrowd: false, now: start)
        #expect(coalescing.until == nil)
    }

    @Test func nothingWaitsAsLongAsSomebodySpeaks() {
        var coalescing = InterruptCoalescing()
        var now = start
        for _ in 0..<50 {
            coalescing.handleMedia()
            coalescing.endReceiving(isCrowd: true, now: now)
            #expect(coalescing.until == nil)
            now += .milliseconds(20)
            coalescing.endReceiving(isCrowd: true, now: now)
            #expect(coalescing.until == nil)
            now += .milliseconds(20)
        }
        now += .milliseconds(200)
        coalescing.endReceiving(isCrowd: true, now: now)
        #expect(coalescing.until != nil)
    }

    @Test func nothingWaitsForSecondsAfterAKey() {
        var coalescing = InterruptCoalescing()
        coalescing.handleMessage()
        coalescing.endReceiving(isCrowd: true, now: start)
        coalescing.handleMedia()
        coalescing.endReceiving(isCrowd: true, now: start + .seconds(4))
        #expect(coalescing.until == nil)
        coalescing.endReceiving(isCrowd: true, now: start + .seconds(9))
        #expect(coalescing.until == nil)
        coalescing.endReceiving(isCrowd: true, now: start + .seconds(10))
        #expect(coalescing.until != nil)
    }

    /// Who only watches keeps data channels open all the same, and answers what comes on them.
    @Test func aCrowdThatOnlyWatchesCanWaitAndAMessageEndsIt() throws {
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
        #expect(network.core.coalescing.until != nil)

        try network.act(peers[3]) { participant, queue in
            try participant.send([1, 2, 3], on: stream, now: network.now, into: &queue)
        }
        network.run(for: .milliseconds(100))
        network.core.endReceiving(now: network.now)
        #expect(network.core.coalescing.until == nil)
    }

    /// A person has a transport to publish, too, and may have none to watch.
    @Test func aCrowdIsCountedInViewers() throws {
        let network = try SimulatedNetwork()
        let (_, producer) = try network.addSource(.desk())
        let peers = try (0..<24).map { _ in try network.join() }
        #expect(network.connectAll())
        for peer in peers.prefix(11) { _ = try network.view(producer, by: peer) }
        // The handshakes end here, and are long ago a second later.
        network.core.endReceiving(now: network.now)
        network.run(for: .seconds(1))
        network.core.endReceiving(now: network.now)
        #expect(network.core.coalescing.until == nil, "eleven watch")
        let last = try network.view(producer, by: peers[11])
        network.core.endReceiving(now: network.now)
        #expect(network.core.coalescing.until != nil, "twelve watch")
        try network.core.close(last.id)
        network.core.endReceiving(now: network.now)
        #expect(network.core.coalescing.until == nil)
    }
}
