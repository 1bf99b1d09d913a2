import RemoteControl
import Testing
import Wire

@Suite struct SeatTenancyTests {
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
