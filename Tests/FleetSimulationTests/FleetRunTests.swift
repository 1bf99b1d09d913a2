import FleetSimulation
import Testing

@Suite struct FleetRunTests {
    private static let report = FleetReport(seed: 7, sessions: 300, prices: Prices())

    @Test func aFixedFleetWithoutDelaysWaitsAsErlangReckons() {
        let expected = ErlangC(servers: 3, load: 1.8, length: 1)
        let demand = Demand.poisson(count: 600_000, interval: 1 / 1.8, length: 1, seed: 1)
        var run = FleetRun(FleetPolicy(.fixed(3), delays: .none), demand, warmUp: 0, seed: 1)
        let outcome = run.run()
        #expect(outcome.waits.count == 600_000)
        #expect(abs(outcome.waiting / expected.waits - 1) < 0.02)
        #expect(abs(outcome.meanWait / expected.meanWait - 1) < 0.02)
    }

    @Test func erlangsFormulaGivesWhatTablesSay() {
        // One server: the share that waits is the load.
        #expect(abs(ErlangC(servers: 1, load: 0.5, length: 1).waits - 0.5) < 1e-12)
        // Two at 1 Erlang: one in three.
        #expect(abs(ErlangC(servers: 2, load: 1, length: 1).waits - 1.0 / 3) < 1e-12)
        #expect(abs(ErlangC(servers: 2, load: 1, length: 1).meanWait - 1.0 / 3) < 1e-12)
    }

    @Test func equalSeedsPrintEqualBytesAndOthersDoNot() {
        let again = FleetReport(seed: 7, sessions: 300, prices: Prices())
        let other = FleetReport(seed: 8, sessions: 300, prices: Prices())
        let text = Self.report.text()
        #expect(text == again.text())
        #expect(text != other.text())
        let schedule = Self.report.policies[4].policy
        #expect(FleetCurves(Self.report.outcome(schedule)).svg == FleetCurves(again.outcome(schedule)).svg)
    }

    @Test func everySessionGetsAServerAndEndsWhateverThePolicy() {
        for entry in Self.report.policies {
            let outcome = Self.report.outcome(entry.policy)
            #expect(outcome.waits.count == 300, "\(entry.name)")
            #expect(outcome.usedCoreHours < outcome.coreHours, "\(entry.name)")
        }
    }

    @Test func aLargerBufferWaitsLessAndIdlesMore() {
        let small = Self.report.outcome(FleetPolicy(.count(1)))
        let large = Self.report.outcome(FleetPolicy(.count(60)))
        #expect(small.meanWait > large.meanWait)
        #expect(small.idleCoreHours < large.idleCoreHours)
    }

    @Test func packingNeedsFewerNodeHoursThanSpreading() {
        let packed = Self.report.outcome(FleetPolicy(.count(10), .packed))
        let spread = Self.report.outcome(FleetPolicy(.count(10), .spread))
        #expect(packed.nodeHours * 1.15 < spread.nodeHours)
    }

    @Test func whoeverLosesTheirZoneGetsAnotherServer() {
        let outcome = Self.report.outcome(FleetPolicy(.count(10), .spread), zoneEnd: 16 * 3_600 + 600)
        #expect(outcome.interrupted > 0)
        #expect(outcome.recoveries.count == outcome.interrupted)
        #expect(outcome.waits.count == 300)
    }
}
