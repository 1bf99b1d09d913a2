import Testing
import WebRTC
import Wire

@Suite struct CongestionControllerTests {
    @Test func doublesInARoundTripWhileItIsUsed() {
        var congestion = CongestionController(packetLength: 1_000)
        #expect(congestion.window == 10_000)
        for number in UInt32(0)..<10 {
            congestion.handleAcknowledgement(of: 1_000, inFlight: congestion.window, cumulative: TSN(number))
        }
        #expect(congestion.window == 20_000)
    }

    @Test func staysWhereItIsUnlessItIsUsed() {
        var congestion = CongestionController(packetLength: 1_000)
        for number in UInt32(0)..<10 {
            congestion.handleAcknowledgement(of: 1_000, inFlight: 5_000, cumulative: TSN(number))
            congestion.handleAcknowledgement(of: 1_000, inFlight: 10_000, cumulative: nil)
        }
        #expect(congestion.window == 10_000)
    }

    @Test func halvesOncePerLossAndThenGrowsByAPacketPerRoundTrip() {
        var congestion = CongestionController(packetLength: 1_000)
        congestion.handleLoss(newest: TSN(10))
        #expect(congestion.isRecovering)
        #expect(congestion.window == 5_000)
        congestion.handleLoss(newest: TSN(11))
        congestion.handleAcknowledgement(of: 1_000, inFlight: 5_000, cumulative: TSN(9))
        #expect(congestion.window == 5_000)
        #expect(congestion.isRecovering)
        congestion.handleAcknowledgement(of: 1_000, inFlight: 5_000, cumulative: TSN(10))
        #expect(!congestion.isRecovering)
        // The threshold itself is still slow start.
        let before = congestion.window
        for number in UInt32(11)..<17 {
            congestion.handleAcknowledgement(of: 1_000, inFlight: congestion.window, cumulative: TSN(number))
        }
        #expect(congestion.window == before + 1_000)
    }

    @Test func beginsAgainWithOnePacketAfterATimeout() {
        var congestion = CongestionController(packetLength: 1_000)
        congestion.handleTimeout()
        #expect(congestion.window == 1_000)
        #expect(congestion.slowStartThreshold == 5_000)
        congestion.handleTimeout()
        #expect(congestion.slowStartThreshold == 4_000)
    }

    @Test func doesNotGrowWithoutEnd() {
        var congestion = CongestionController(packetLength: 1_000)
        for number in UInt32(0)..<5_000 {
            congestion.handleAcknowledgement(of: 1_000, inFlight: congestion.window, cumulative: TSN(number))
        }
        #expect(congestion.window == 1 << 20)
    }
}
