import Appliance
import Testing
import Wire

@Suite struct ChatAllowanceTests {
    @Test func tenAtOnceThenTwoASecond() {
        var allowance = ChatAllowance()
        let start = Instant(nanoseconds: 0)
        let taken = (0..<20).filter { _ in allowance.take(now: start) }.count
        #expect(taken == 10)
        let later = (1...10).filter { allowance.take(now: start + .milliseconds(500) * Int64($0)) }.count
        #expect(later == 10)
        let soonAfter = allowance.take(now: start + .milliseconds(5_100))
        #expect(!soonAfter)
    }

    @Test func aLongPauseSavesNoMoreThanTen() {
        var allowance = ChatAllowance()
        _ = allowance.take(now: Instant(nanoseconds: 0))
        let taken = (0..<20).filter { _ in allowance.take(now: Instant(nanoseconds: 0) + .seconds(3_600)) }
            .count
        #expect(taken == 10)
    }
}
