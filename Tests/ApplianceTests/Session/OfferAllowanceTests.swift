import Appliance
import Testing
import Wire

@Suite struct OfferAllowanceTests {
    @Test func eightComeAtOnceAndThenOneASecond() {
        var allowance = OfferAllowance()
        let now = Instant(nanoseconds: 100_000_000_000)
        let waits = (0..<12).map { _ in allowance.take(now: now) }
        // Those that wait do not make one another wait longer.
        #expect(waits == Array(repeating: .zero, count: 8) + Array(repeating: .seconds(1), count: 4))
        #expect(allowance.take(now: now + .milliseconds(400)) == .milliseconds(600))
        #expect(allowance.take(now: now + .seconds(1)) == .zero)
        #expect(allowance.take(now: now + .seconds(1)) == .seconds(1))
        // After a while as many come at once again.
        let later = now + .seconds(60)
        let again = (0..<8).map { _ in allowance.take(now: later) }
        #expect(again == Array(repeating: .zero, count: 8))
    }
}
