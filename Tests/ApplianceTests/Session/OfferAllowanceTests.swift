import Appliance
import Testing
import Wire

@Suite struct OfferAllowanceTests {
    @Test func eightComeAtOnceAndThenOneASecond() {
        var allowance = OfferAllowance()
        let now = Instant(nanoseconds: 100_000_000_000)
        let waits = (0..<12).map { _ in allowance.take(now: now) }
        #expect(waits == Array(repeating: .zero, count: 8) + (1...4).map { Interval.seconds($0) })
        // After a while as many come at once again.
        let later = now + .seconds(60)
        let again = (0..<8).map { _ in allowance.take(now: later) }
        #expect(again == Array(repeating: .zero, count: 8))
    }
}
