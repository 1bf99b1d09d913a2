import Testing
import WebRTC

@Suite struct TURNQuotaTests {
    @Test func nobodyHasMoreThanTheirShareAndAllNotMoreThanThereAre() {
        var quota = TURNQuota(TURNQuota.Limits(total: 3, perPerson: 2))
        #expect(take("a", of: &quota) == true)
        #expect(take("a", of: &quota) == true)
        #expect(take("a", of: &quota) == false)
        #expect(take("b", of: &quota) == true)
        #expect(take("c", of: &quota) == false)
        quota.giveBack("a")
        #expect(quota.count == 2)
        #expect(take("c", of: &quota) == true)
        quota.giveBack("nobody")
        #expect(quota.count == 3)
    }

    private func take(_ person: String, of quota: inout TURNQuota) -> Bool { quota.take(person) }
}
