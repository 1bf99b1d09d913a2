import NetworkSimulation
import Participant
import SFU
import Testing
import Wire

/// What a transport tells of how far its peer has come.
@Suite struct TransportProgressTests {
    @Test func aPeerThatConnectsHasComeAllTheWay() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        let before = try network.core.webRTCTransport(peer.transport).currentStatistics().progress
        #expect(before == TransportProgress())
        #expect(network.connectAll())
        let after = try network.core.webRTCTransport(peer.transport).currentStatistics().progress
        #expect(after.isHeard && after.isAnswered && after.failure == nil)
        #expect(!after.hasMedia)
    }

    @Test func aPeerWhoseAnswersAreLostIsOnlyHeard() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        peer.down.loss = 1
        network.run(for: .seconds(3))
        let progress = try network.core.webRTCTransport(peer.transport).currentStatistics().progress
        #expect(progress.isHeard && !progress.isAnswered)
    }

    @Test func reportsOfAViewerAreNoted() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        network.act(peer) { participant, queue in
            participant.sendRTCP(into: &queue) { out in
                ReportBlock.writeEmptyReceiverReport(from: 1, into: &out)
            }
        }
        network.run(for: .milliseconds(100))
        let progress = try network.core.webRTCTransport(peer.transport).currentStatistics().progress
        #expect(progress.hasReports && !progress.hasMedia)
    }
}
