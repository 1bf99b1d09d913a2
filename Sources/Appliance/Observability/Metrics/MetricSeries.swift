internal import CoreMetrics
internal import Synchronization

/// One series that swift-metrics counts into, from any thread.
final class MetricSeries: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    private let state: Mutex<MetricSample.Value>
    private let bounds: [Double]

    init(_ kind: MetricFamily.Kind) {
        switch kind {
        case .counter:
            bounds = []
            state = Mutex(.count(0))
        case .gauge:
            bounds = []
            state = Mutex(.number(0))
        case .histogram(let bounds):
            self.bounds = bounds
            state = Mutex(.histogram([UInt64](repeating: 0, count: bounds.count + 1), sum: 0))
        }
    }

    var value: MetricSample.Value { state.withLock { $0 } }

    // MARK: Counters

    func increment(by amount: Int64) {
        state.withLock { state in
            if case .count(let count) = state { state = .count(count &+ UInt64(max(0, amount))) }
        }
    }

    func reset() {}

    // MARK: Gauges

    func set(_ value: Int64) { set(Double(value)) }

    func set(_ value: Double) {
        state.withLock { state in if case .number = state { state = .number(value) } }
    }

    func increment(by amount: Double) {
        state.withLock { state in if case .number(let old) = state { state = .number(old + amount) } }
    }

    func decrement(by amount: Double) { increment(by: -amount) }

    // MARK: Histograms

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            guard case .histogram(var buckets, let sum) = state else { return }
            buckets[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
            state = .histogram(buckets, sum: sum + value)
        }
    }

    /// Timers count nanoseconds, and Prometheus seconds.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
