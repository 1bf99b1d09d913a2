import Testing
import WebRTC
import Wire

@Suite struct BandwidthEstimatorTests {
    @Test func aLinkOfOneMegabitIsFilledAfterTenSeconds() {
        var path = SimulatedPath(rate: 1_000_000, seed: 1)
        path.run(seconds: 10)
        let before = path.delivered
        path.run(seconds: 10)
        let used = Double((path.delivered - before) * 8) / 10
        #expect(used >= 850_000)
        #expect(used <= 1_000_000)
    }

    @Test func aDropOfTheRateIsFollowedAndTheQueueDrained() {
        var path = SimulatedPath(rate: 2_000_000, seed: 2)
        path.run(seconds: 20)
        #expect(path.estimator.target >= 1_500_000)

        path.rate = 500_000
        path.run(seconds: 2)
        #expect(path.estimator.target <= 550_000)
        path.run(seconds: 3)
        path.longestQueue = .zero
        path.run(seconds: 5)
        #expect(path.longestQueue < .milliseconds(150))
        #expect(path.estimator.target >= 300_000)
    }

    @Test func aSteadyRandomLossOfFivePercentDoesNotStarveTheViewer() {
        var path = SimulatedPath(rate: 5_000_000, oneWayDelay: .milliseconds(50), loss: 0.05, seed: 3)
        path.run(seconds: 30)
        #expect(path.estimator.target >= 1_500_000)
        #expect(abs(path.estimator.loss - 0.05) < 0.04)
    }

    @Test func heavyLossLowersTheRate() {
        var path = SimulatedPath(rate: 5_000_000, seed: 4)
        path.run(seconds: 10)
        let before = path.estimator.target
        path.loss = 0.4
        path.run(seconds: 5)
        #expect(path.estimator.target < before / 2)
    }

    @Test func lossThatStaysWhateverIsSentDoesNotStarveTheViewer() {
        var path = SimulatedPath(rate: 5_000_000, seed: 4)
        path.run(seconds: 10)
        path.loss = 0.15
        path.run(seconds: 30)
        #expect(path.estimator.target >= 1_500_000)
    }

    @Test func aFastLinkIsKnownWithinASecond() {
        var path = SimulatedPath(rate: 20_000_000, seed: 5)
        path.run(seconds: 1)
        #expect(path.estimator.target >= 2_500_000)
    }

    @Test func silenceFromTheReceiverLowersTheRate() {
        var path = SimulatedPath(rate: 2_000_000, seed: 6)
        path.run(seconds: 5)
        let before = path.estimator.target
        let due = path.estimator.pollTimeout()
        #expect(due != nil)
        path.estimator.handleTimeout(now: (due ?? path.now) + .milliseconds(1))
        #expect(path.estimator.target <= before / 2 + 1)
    }

    @Test func theSameSeedGivesTheSameEstimate() {
        func trace() -> [Int] {
            var path = SimulatedPath(rate: 1_500_000, loss: 0.02, jitter: .milliseconds(8), seed: 7)
            return (0..<10).map { _ in
                path.run(seconds: 1)
                return path.estimator.target
            }
        }
        #expect(trace() == trace())
    }
}

/// A sender that always has something to send, a queue that drains at `rate`, and a receiver that reports
/// every 50 ms.
private struct SimulatedPath {
    var rate: Int
    var loss: Double
    var estimator: BandwidthEstimator
    var now = Instant(nanoseconds: 0)
    /// Bytes that arrived.
    private(set) var delivered = 0
    /// The longest wait in the queue since it was last set to zero.
    var longestQueue = Interval.zero

    private let oneWayDelay: Interval
    private let jitter: Interval
    private var history = SentPacketHistory()
    private var random: SplitMix64
    private var sequence: UInt16 = 0
    private var linkFree = Instant(nanoseconds: 0)
    private var nextSend = Instant(nanoseconds: 0)
    private var nextFeedback = Instant(nanoseconds: 50_000_000)
    private var probe: (probe: Probe, left: Int)?
    private var inTransit: [(sequence: UInt16, arrival: Instant?)] = []

    init(
        rate: Int,
        oneWayDelay: Interval = .milliseconds(20),
        loss: Double = 0,
        jitter: Interval = .zero,
        seed: UInt64
    ) {
        self.rate = rate
        self.oneWayDelay = oneWayDelay
        self.loss = loss
        self.jitter = jitter
        random = SplitMix64(seed: seed)
        estimator = BandwidthEstimator(start: 300_000, now: now)
    }

    mutating func run(seconds: Int64) {
        let end = now + .seconds(seconds)
        while now < end {
            now = min(nextSend, nextFeedback)
            if now == nextSend { send() }
            if now == nextFeedback { report() }
        }
    }

    private mutating func send() {
        if probe == nil, let next = estimator.pollProbe() { probe = (next, next.bytes) }
        let size = 1_200
        history.record(sequence, size: size, probe: probe?.probe.id, now: now)
        let start = max(now, linkFree)
        let queue = start - now
        // Three hundred milliseconds of buffer, then the tail drops.
        if queue > .milliseconds(300) || Double.random(in: 0..<1, using: &random) < loss {
            inTransit.append((sequence, nil))
        } else {
            longestQueue = max(longestQueue, queue)
            linkFree = start + Interval(nanoseconds: Int64(size) * 8_000_000_000 / Int64(rate))
            let extra = Interval(
                nanoseconds: Int64(Double(jitter.nanoseconds) * Double.random(in: 0..<1, using: &random))
            )
            inTransit.append((sequence, linkFree + oneWayDelay + extra))
        }
        sequence &+= 1
        var pace = estimator.target
        if let current = probe {
            pace = max(pace, current.probe.rate)
            probe = current.left <= size ? nil : (current.probe, current.left - size)
        }
        nextSend = now + Interval(nanoseconds: Int64(size) * 8_000_000_000 / Int64(pace))
    }

    private mutating func report() {
        nextFeedback = now + .milliseconds(50)
        // What the receiver knew when it sent the report that arrives now.
        let seen = now + Interval.zero - oneWayDelay
        guard let last = inTransit.lastIndex(where: { $0.arrival.map { $0 <= seen } ?? false }) else {
            return
        }
        for packet in inTransit[...last] {
            let arrived = packet.arrival.flatMap { $0 <= seen ? $0 : nil }
            guard
                let result = history.handle(
                    packet.sequence,
                    arrival: arrived.map { Interval(nanoseconds: $0.nanoseconds + 777_000_000_000) }
                )
            else { continue }
            if arrived != nil { delivered += result.size }
            estimator.handle(result, now: now)
        }
        inTransit.removeSubrange(...last)
        estimator.handleFeedback(roundTrip: oneWayDelay * 2, wanted: 20_000_000, now: now)
    }
}

extension Instant {
    fileprivate static func - (lhs: Self, rhs: Interval) -> Self { lhs + (.zero - rhs) }
}
