internal import Wire

/// Tells from the slope of the one-way delay whether a queue is growing on the way
/// (draft-ietf-rmcat-gcc-02 §5.3–5.4, with a least-squares line in the place of the Kalman filter).
struct TrendlineEstimator: Sendable {
    /// What the network's queue is doing.
    enum Usage: Hashable, Sendable {
        case normal
        case overusing
        case underusing
    }

    private(set) var usage = Usage.normal

    /// Arrival in milliseconds since the first, and the smoothed accumulated delay in milliseconds.
    private var points: [(time: Double, delay: Double)] = []
    private var firstArrival: Interval?
    private var accumulatedDelay = 0.0
    private var smoothedDelay = 0.0
    private var deltas = 0
    private var threshold = 12.5
    private var lastThresholdUpdate: Interval?
    private var overuseTime = 0.0
    private var overuseCount = 0
    private var lastTrend = 0.0

    init() {
        points.reserveCapacity(Self.window + 1)
    }

    mutating func handle(_ delta: ArrivalGroups.Delta) {
        let first = firstArrival ?? delta.at
        firstArrival = first
        deltas += 1
        accumulatedDelay += Self.milliseconds(delta.arrived - delta.sent)
        smoothedDelay = Self.smoothing * smoothedDelay + (1 - Self.smoothing) * accumulatedDelay

        points.append((Self.milliseconds(delta.at - first), smoothedDelay))
        if points.count > Self.window { points.removeFirst() }
        detect(trend: points.count == Self.window ? slope() : lastTrend, delta)
    }

    private mutating func detect(trend: Double, _ delta: ArrivalGroups.Delta) {
        guard deltas >= 2 else { return }
        let sent = Self.milliseconds(delta.sent)
        let modified = Double(min(deltas, Self.maximumDeltas)) * trend * Self.gain
        if modified > threshold {
            overuseTime = overuseCount == 0 ? sent / 2 : overuseTime + sent
            overuseCount += 1
            if overuseTime > Self.overuseTimeThreshold, overuseCount > 1, trend >= lastTrend {
                overuseTime = 0
                overuseCount = 0
                usage = .overusing
            }
        } else {
            overuseTime = 0
            overuseCount = 0
            usage = modified < -threshold ? .underusing : .normal
        }
        lastTrend = trend
        adapt(to: modified, at: delta.at)
    }

    /// Lets the threshold follow the noise of the path, slowly up and fast down, so that a loss-based flow
    /// beside us does not starve us (draft §5.4).
    private mutating func adapt(to modified: Double, at arrival: Interval) {
        defer { lastThresholdUpdate = arrival }
        guard let last = lastThresholdUpdate else { return }
        // A single spike, as from a route change, says nothing about the noise.
        guard abs(modified) <= threshold + Self.maximumAdaptation else { return }
        let rate = abs(modified) < threshold ? Self.rateDown : Self.rateUp
        let elapsed = min(max(0, Self.milliseconds(arrival - last)), 100)
        threshold = min(max(threshold + rate * (abs(modified) - threshold) * elapsed, 6), 600)
    }

    /// The slope of the least-squares line through the points.
    private func slope() -> Double {
        let count = Double(points.count)
        let meanTime = points.reduce(0) { $0 + $1.time } / count
        let meanDelay = points.reduce(0) { $0 + $1.delay } / count
        let numerator = points.reduce(0) { $0 + ($1.time - meanTime) * ($1.delay - meanDelay) }
        let denominator = points.reduce(0) { $0 + ($1.time - meanTime) * ($1.time - meanTime) }
        return denominator == 0 ? lastTrend : numerator / denominator
    }

    private static func milliseconds(_ interval: Interval) -> Double {
        Double(interval.nanoseconds) / 1_000_000
    }

    private static let window = 20
    private static let smoothing = 0.9
    private static let gain = 4.0
    private static let maximumDeltas = 60
    /// Milliseconds above the threshold before it counts.
    private static let overuseTimeThreshold = 10.0
    private static let maximumAdaptation = 15.0
    private static let rateUp = 0.0087
    private static let rateDown = 0.039
}
