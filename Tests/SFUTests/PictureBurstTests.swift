import NetworkSimulation
import Participant
import SFU
import Testing
import WebRTC
import Wire

/// The packets of a camera's picture go out together if its sender sends them at once, and nothing waits otherwise.
@Suite struct PictureBurstTests {
    @Test func aCamerasPictureIsWaitedForWhileItsSenderSendsAtOnce() throws {
        let network = try SimulatedNetwork(seed: 1)
        let peer = try network.join()
        try #require(network.connectAll())
        let camera = PublishedStream.Parameters.camera()
        _ = try network.core.produce(
            on: peer.transport,
            kind: .video,
            parameters: .published(camera),
            streamID: nil
        )
        _ = network.act(peer) { participant, _ in participant.publish(camera, now: network.now) }
        var waits: [Instant?] = []
        network.endsReceiving = { [unowned network] in waits.append(network.core.burstEnd(now: network.now)) }

        // Three packets a picture, 90 µs apart.
        peer.up.link = SimulatedLink(rate: 100_000_000, queue: .milliseconds(100))
        network.run(for: .milliseconds(500))
        #expect(waits.contains { $0 != nil })

        // 2 ms apart: the first picture is waited for in vain, and no other.
        peer.up.link = SimulatedLink(rate: 4_000_000, queue: .milliseconds(100))
        network.run(for: .milliseconds(200))
        waits.removeAll()
        network.run(for: .milliseconds(500))
        #expect(!waits.isEmpty && waits.allSatisfy { $0 == nil })
    }
}
