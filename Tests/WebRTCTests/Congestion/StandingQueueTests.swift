import Testing
import WebRTC
import Wire

@Suite struct StandingQueueTests {
    @Test func aShortQueueAsksForNothing() {
        var path = Path()
        for _ in 0..<100 {
            let limit = path.step(queue: .milliseconds(30))
            #expect(limit == nil)
        }
        #expect(path.queue.delay <= .milliseconds(30))
    }

    @Test func theClocksOfBothSidesMayDifferByAnything() {
        for offset in [-3_600, 0, 3_600] as [Int64] {
            var path = Path(offset: .seconds(offset))
            path.settle()
            let limits = (0..<4).map { _ in path.step(queue: .milliseconds(150)) }
            #expect(limits.contains { $0 != nil })
            #expect(path.queue.delay == .milliseconds(150))
        }
    }

    @Test func aQueueThatStandsIsDrainedUntilItIsShort() {
        var path = Path()
        path.settle()
        // One look may be a burst.
        let first = path.step(queue: .milliseconds(150))
        #expect(first == nil)
        let second = path.step(queue: .milliseconds(150))
        #expect(second == 750_000)
        let waning = path.step(queue: .milliseconds(60))
        #expect(waning == 750_000)
        let gone = path.step(queue: .milliseconds(30))
        #expect(gone == nil)
    }

    @Test(arguments: [(150, 75), (250, 55), (450, 40)])
    func theLongerItIsTheLessIsSent(milliseconds: Int, percent: Int) {
        var path = Path()
        path.settle()
        var limit: Int?
        for _ in 0..<3 { limit = path.step(queue: .milliseconds(Int64(milliseconds))) }
        #expect(limit == 10_000 * percent)
    }

    @Test func whatArrivesOnceTheQueueDrainsCountsTowardWhatThePathCarries() {
        var path = Path()
        path.settle()
        for _ in 0..<2 { _ = path.step(queue: .milliseconds(150), throughput: 2_000_000) }
        let corrected = path.step(queue: .milliseconds(150), throughput: 1_000_000)
        #expect(corrected == 750_000)
        // Later it is low because less is sent.
        for _ in 0..<20 { _ = path.step(queue: .milliseconds(150), throughput: 1_000_000) }
        let later = path.step(queue: .milliseconds(150), throughput: 500_000)
        #expect(later == 750_000)
    }

    @Test func aQueueThatDoesNotDrainIsSomebodyElses() {
        var path = Path()
        path.settle()
        var limits: [Int?] = []
        // Reports come every 50 ms: six seconds, then five of rest.
        for _ in 0..<250 { limits.append(path.step(queue: .milliseconds(150))) }
        #expect(limits[20] != nil)
        #expect(limits[110] != nil)
        #expect(limits[125...200].allSatisfy { $0 == nil })
        #expect(limits[245] != nil)
    }

    @Test func aPathThatHasBecomeLongerIsNoQueueForLong() {
        var path = Path()
        path.settle()
        var limits: [Int?] = []
        // The shortest time of the last half minute forgets the former path.
        for _ in 0..<1_000 { limits.append(path.step(queue: .milliseconds(150))) }
        #expect(limits[700...].allSatisfy { $0 == nil })
        #expect(path.queue.delay == .zero)
    }

    @Test func aReportThatTellsNothingChangesNothing() {
        var queue = StandingQueue()
        let limit = queue.handleFeedback(throughput: nil, now: Instant(nanoseconds: 0))
        #expect(limit == nil)
        #expect(queue.delay == .zero)
    }
}

/// A path of 20 ms and a queue, reported on every 50 ms.
private struct Path {
    var queue = StandingQueue()
    var offset = Interval.zero
    private var now = Instant(nanoseconds: 1_000_000_000)

    init(offset: Interval = .zero) {
        self.offset = offset
    }

    /// Long enough without a queue for its length to be known.
    mutating func settle() {
        for _ in 0..<20 { _ = step(queue: .zero) }
    }

    mutating func step(queue delay: Interval, throughput: Int? = 1_000_000) -> Int? {
        now = now + .milliseconds(50)
        let sent = now + .milliseconds(-40)
        let arrival = Interval(nanoseconds: sent.nanoseconds) + offset + .milliseconds(20) + delay
        queue.handle(sent: sent, arrival: arrival, now: now)
        return queue.handleFeedback(throughput: throughput, now: now)
    }
}
