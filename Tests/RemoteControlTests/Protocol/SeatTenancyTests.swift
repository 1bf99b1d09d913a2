import RemoteControl
import Testing
import Wire

@Suite struct SeatTenancyTests {
    @Test func whatAHolderHoldsIsLetGoWhenNothingHasComeOfThemForASecond() {
        var tenancy = SeatTenancy()
        let start = Instant(nanoseconds: 5_000_000_000)
        #expect(tenancy.isHolderSilent(now: start), "nobody has said anything")
        tenancy.handleEvent(now: start)
        #expect(tenancy.holderTimeout == start + .seconds(1))
        #expect(!tenancy.isHolderSilent(now: start + .milliseconds(999)))
        #expect(tenancy.isHolderSilent(now: start + .seconds(1)))
        // The room's own words are not theirs.
        tenancy.handleMessage(now: start + .milliseconds(900))
        #expect(tenancy.isHolderSilent(now: start + .seconds(1)))
        tenancy.handleEvent(now: start + .seconds(2))
        #expect(!tenancy.isHolderSilent(now: start + .milliseconds(2_500)))
    }

    @Test func anotherLeaseReleasesWhatTheOneBeforeHeldAndAnOlderOneIsNotCarriedOut() {
        var tenancy = SeatTenancy()
        #expect(tenancy.admit(LeaseID(3)) == .carryOut)
        #expect(tenancy.admit(LeaseID(3)) == .carryOut)
        #expect(tenancy.admit(LeaseID(5)) == .releaseFirst)
        #expect(tenancy.admit(LeaseID(3)) == .outdated)
        #expect(tenancy.admit(LeaseID(5)) == .carryOut)
    }

    @Test func aSilentRoomIsGivenUpOnce() {
        var tenancy = SeatTenancy()
        #expect(tenancy.pollTimeout() == nil)
        tenancy.handleMessage(now: at(0))
        tenancy.handleMessage(now: at(1_000))
        #expect(tenancy.pollTimeout() == at(6_000))
        let early = tenancy.handleTimeout(now: at(5_999))
        let due = tenancy.handleTimeout(now: at(6_000))
        let again = tenancy.handleTimeout(now: at(60_000))
        #expect([early, due, again] == [false, true, false])
        tenancy.handleMessage(now: at(61_000))
        #expect(tenancy.pollTimeout() == at(66_000))
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
}
