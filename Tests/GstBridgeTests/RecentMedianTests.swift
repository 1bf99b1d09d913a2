import GstBridge
import Testing
import Wire

@Suite struct RecentMedianTests {
    @Test func forgetsOldValues() {
        var recent = RecentMedian()
        #expect(recent.median == nil)
        for _ in 0..<500 { recent.append(.seconds(9)) }
        for value in 0..<RecentMedian.capacity { recent.append(.milliseconds(Int64(value))) }
        #expect(recent.median == .milliseconds(64))
    }
}
