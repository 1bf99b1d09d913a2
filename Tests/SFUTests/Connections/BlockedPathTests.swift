import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// A path that is a TCP connection, and full.
@Suite struct BlockedPathTests {
    private let network: SimulatedNetwork
    private let peer: SimulatedNetwork.Peer
    private let picture: ConsumerParameters
    private let sound: ConsumerParameters

    init() throws {
        let network = try SimulatedNetwork()
        let (_, desk) = try network.addSource(.desk())
        let (_, music) = try network.addSource(.desk(.opus, ssrc: 0x3333))
        let peer = try network.join()
        peer.address.connection = 1
        #expect(network.connectAll())
        network.run(for: .seconds(1))
        picture = try network.view(desk, by: peer)
        sound = try network.view(music, by: peer)
        network.run(for: .seconds(3))
        self.network = network
        self.peer = peer
    }

    @Test func picturesWaitAndSoundPasses() throws {
        let (seen, heard) = (try count(picture), try count(sound))
        #expect(seen > 60 && heard > 60)
        setBlocked(true)
        network.run(for: .milliseconds(20))
        let begun = try count(picture)
        network.run(for: .milliseconds(500))
        #expect(try count(picture) == begun)
        #expect(try count(sound) > heard + 20)

        setBlocked(false)
        network.run(for: .seconds(1))
        // All of it, in order, and nothing twice.
        #expect(try count(picture) > begun + 40)
        expectUnbroken(try stream(picture))
    }

    @Test func whatHasWaitedTooLongIsLeftOutAndThePictureBeginsAnew() throws {
        setBlocked(true)
        network.run(for: .seconds(6))
        let before = try count(picture)
        setBlocked(false)
        network.run(for: .seconds(2))
        let after = try stream(picture).arrivals.dropFirst(before)
        #expect(after.contains { $0.stamp?.isKeyFrame == true })
        // Nothing of the first seconds is shown afterwards: what came is not eight seconds of pictures.
        #expect(after.count < 5 * before / 3)
    }

    @Test func aConnectionThatIsOverLeavesNothingToSendTo() throws {
        var queue = TransmitQueue(capacity: 16)
        network.core.handleClosed(peer.address, now: network.now, into: &queue)
        let states = network.core.events.compactMap { event in
            if case .iceStateChanged(_, let state) = event { state } else { nil }
        }
        #expect(states.last == .disconnected)
        #expect(!network.core.accepts(peer.address))

        // The peer comes back by another.
        peer.address.connection = 2
        network.run(for: .seconds(5))
        #expect(network.core.accepts(peer.address))
        let before = try count(picture)
        network.run(for: .seconds(1))
        #expect(try count(picture) > before)
    }

    private func setBlocked(_ isBlocked: Bool) {
        network.core.setBlocked(peer.address, isBlocked, now: network.now)
    }

    private func stream(_ consumer: ConsumerParameters) throws -> ReceivedStream {
        try #require(peer.participant.stream(consumer.ssrc))
    }

    private func count(_ consumer: ConsumerParameters) throws -> Int { try stream(consumer).arrivals.count }
}
