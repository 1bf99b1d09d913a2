internal import Wire

/// Turns the queue's state into a target rate: additive or multiplicative increase, multiplicative decrease
/// (draft-ietf-rmcat-gcc-02 §5.5).
struct RateController: Sendable {
    /// Bits per second.
    private(set) var target: Int

    private let bounds: ClosedRange<Int>
    private var lastChange: Instant?
    private(set) var lastDecrease: Instant?
    /// Where the link was last found full: mean and deviation of the throughput at decreases, in kbit/s.
    private var capacity: (mean: Double, deviation: Double)?

    init(start: Int, bounds: ClosedRange<Int>) {
        target = start
        self.bounds = bounds
    }

    /// - Parameters:
    ///   - throughput: What arrives now, in bits per second.
    ///   - isApplicationLimited: Less was sent than allowed, so success says nothing about the link.
    mutating func handle(
        _ usage: TrendlineEstimator.Usage,
        throughput: Int?,
        roundTrip: Interval,
        isApplicationLimited: Bool,
        isQuiet: Bool = false,
        now: Instant
    ) {
        let elapsed = lastChange.map { now - $0 } ?? .zero
        lastChange = now
        switch usage {
        case .normal:
            // What gets through without a growing queue is proof enough, whatever was thought before.
            if let throughput {
                target = max(target, Int(Self.backOff * Double(throughput))).clamped(to: bounds)
            }
            guard !isApplicationLimited else { return }
            increase(throughput: throughput, roundTrip: roundTrip, elapsed: elapsed)
        case .overusing:
            decrease(throughput: isQuiet ? nil : throughput, roundTrip: roundTrip, now: now)
        case .underusing:
            // The queue drains; let it.
            return
        }
    }

    /// Takes over a rate that a probe has shown to fit.
    mutating func set(_ rate: Int) {
        target = rate.clamped(to: bounds)
        capacity = nil
    }

    private mutating func increase(throughput: Int?, roundTrip: Interval, elapsed: Interval) {
        let seconds = min(Double(elapsed.nanoseconds) / 1e9, 1)
        var next: Double
        if let capacity, let throughput,
            abs(Double(throughput) / 1_000 - capacity.mean) <= 3 * capacity.deviation
        {
            // Near the known limit: about one packet more each response time.
            let response = Double((roundTrip + .milliseconds(100)).nanoseconds) / 1e9
            next = Double(target) + max(4_000, Self.averagePacketBits / response) * seconds
        } else {
            if let capacity, let throughput,
                Double(throughput) / 1_000 > capacity.mean + 3 * capacity.deviation
            {
                self.capacity = nil  // The link is larger than we thought.
            }
            next = Double(target) * Self.power(1.08, seconds)
        }
        if let throughput { next = min(next, 1.5 * Double(throughput) + 10_000) }
        target = max(target, Int(next)).clamped(to: bounds)
    }

    private mutating func decrease(throughput: Int?, roundTrip: Interval, now: Instant) {
        // One queue gives one decrease: the effect is seen a response time later.
        if let lastDecrease, now - lastDecrease < roundTrip + .milliseconds(100) { return }
        lastDecrease = now
        let arrived = throughput ?? target
        if throughput != nil { learnCapacity(Double(arrived) / 1_000) }
        target = min(target, Int(Self.backOff * Double(arrived))).clamped(to: bounds)
    }

    private mutating func learnCapacity(_ sample: Double) {
        guard let known = capacity, abs(sample - known.mean) <= 3 * known.deviation else {
            capacity = (sample, max(0.05 * sample, 2.5))
            return
        }
        let mean = 0.95 * known.mean + 0.05 * sample
        let variance = 0.95 * known.deviation * known.deviation + 0.05 * (mean - sample) * (mean - sample)
        capacity = (mean, min(max(variance.squareRoot(), 0.02 * mean), 0.15 * mean))
    }

    /// `base` raised to `exponent` in 0…1, by the first terms of its series.
    private static func power(_ base: Double, _ exponent: Double) -> Double {
        let log = (base - 1) - (base - 1) * (base - 1) / 2 + (base - 1) * (base - 1) * (base - 1) / 3
        let x = log * exponent
        return 1 + x + x * x / 2 + x * x * x / 6
    }

    private static let backOff = 0.85
    private static let averagePacketBits = 1_200.0 * 8
}

extension Int {
    fileprivate func clamped(to bounds: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, bounds.lowerBound), bounds.upperBound)
    }
}
