import NetworkSimulation
import Participant
import SFU
import Testing
import Wire

/// A transport says why it is due, and not only when.
@Suite struct DeadlineTests {
    @Test func theEarliestOfSeveralCountsWithItsReason() {
        let start = Instant(nanoseconds: 1_000)
        var deadline = Deadline()
        #expect(deadline.reason == .none)
        deadline.consider(nil, .handshake)
        #expect(deadline.reason == .none)
        deadline.consider(start + .seconds(2), .senderReport)
        deadline.consider(start + .seconds(1), .pacing)
        deadline.consider(start + .seconds(1), .adaptation)
        deadline.consider(start + .seconds(3), .source)
        #expect(deadline == Deadline(at: start + .seconds(1), .pacing))
    }

    @Test func aViewerIsDueForItsReportsAndItsPath() throws {
        let room = try DeskRoom()
        let transport = try room.network.core.transport(room.peers[0].transport)
        try room.view()
        let reasons = reasons(of: transport, in: room.network, for: .seconds(4))
        #expect(reasons.contains(.senderReport))
        #expect(reasons.contains(.adaptation))
        #expect(reasons.isDisjoint(with: [.arrivals, .limit, .source]), "it sends nothing")
    }

    @Test func aPublisherIsDueForWhatItsPeerIsTold() throws {
        let network = try SimulatedNetwork()
        let peer = try network.join()
        #expect(network.connectAll())
        _ = try network.publish(.camera(), by: peer)
        let transport = try network.core.transport(peer.transport)
        let reasons = reasons(of: transport, in: network, for: .seconds(4))
        #expect(reasons.contains(.arrivals))
        #expect(reasons.isDisjoint(with: [.senderReport, .adaptation, .pacing]), "it is sent nothing")
    }

    @Test func withoutAPeerNothingIsDue() throws {
        let network = try SimulatedNetwork()
        let transport = try network.core.makeWebRTCTransport(on: network.router, now: network.now)
        #expect(transport.due == Deadline())
    }

    /// Everything that it was next due for, seen each millisecond.
    private func reasons(
        of transport: Transport,
        in network: SimulatedNetwork,
        for interval: Interval
    ) -> Set<DeadlineReason> {
        var reasons: Set<DeadlineReason> = []
        for _ in 0..<interval.nanoseconds / 1_000_000 {
            network.run(for: .milliseconds(1))
            reasons.insert(transport.due.reason)
        }
        return reasons
    }
}
