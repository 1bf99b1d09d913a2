import Appliance
import Testing
import Wire

@Suite struct DelayHistogramTests {
    @Test func percentilesAreUpperBounds() {
        var delays = DelayHistogram()
        for _ in 0..<95 { delays.count(.microseconds(30)) }
        for _ in 0..<5 { delays.count(.milliseconds(3)) }
        #expect(delays.percentile(0.5) == .microseconds(32))
        #expect(delays.percentile(0.95) == .microseconds(32))
        #expect(delays.percentile(0.99) == .microseconds(4_096))
    }

    @Test func withoutEventsThereIsNoDelay() {
        #expect(DelayHistogram().percentile(0.5) == nil)
    }

    @Test func absurdDelaysAreCountedToo() {
        var delays = DelayHistogram()
        delays.count(.seconds(3_600))
        delays.count(Interval(nanoseconds: -5))
        #expect(delays.percentile(0.5) == .microseconds(1))
    }
}
