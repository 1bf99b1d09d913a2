import Appliance
import Testing

@Suite struct BackOffTests {
    @Test func waitsLongerAfterEachShortLifeUpToTheLongest() {
        var backOff = BackOff(shortest: .milliseconds(100), longest: .milliseconds(500))
        let delays = (0..<5).map { _ in backOff.delay(after: .milliseconds(10)) }
        #expect(delays == [100, 200, 400, 500, 500].map { .milliseconds($0) })
    }

    @Test func aProgramThatRanWellStartsAtOnceAgain() {
        var backOff = BackOff(shortest: .milliseconds(100), longest: .seconds(1))
        for _ in 0..<4 { _ = backOff.delay(after: .zero) }
        let delays = [backOff.delay(after: .seconds(10)), backOff.delay(after: .zero)]
        // Having run well once does not prove that it will again.
        #expect(delays == [.milliseconds(100), .milliseconds(200)])
    }
}
