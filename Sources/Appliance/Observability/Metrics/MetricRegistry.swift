package import CoreMetrics
internal import Synchronization

/// What has been counted by way of swift-metrics: of the families that it knows, and a bounded number of series each.
///
/// Whatever else libraries count is left out: nobody knows what their labels hold.
package final class MetricRegistry: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var labels: [MetricLabel]
    }

    private let families: [String: MetricFamily]
    private let series = Mutex<[Key: MetricSeries]>([:])

    package init(_ families: [MetricFamily]) {
        self.families = Dictionary(families.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The series of a family so far, in the order of their labels.
    package func samples(of family: MetricFamily) -> [MetricSample] {
        let found = series.withLock { $0.filter { $0.key.name == family.name } }
        return found.map { MetricSample($0.key.labels, $0.value.value) }
            .sorted { $0.labels.map(\.value).lexicographicallyPrecedes($1.labels.map(\.value)) }
    }

    private func find(_ name: String, _ dimensions: [(String, String)]) -> MetricSeries? {
        guard let family = families[name] else { return nil }
        let key = Key(name: name, labels: dimensions.map { MetricLabel($0.0, $0.1) })
        return series.withLock { series in
            if let known = series[key] { return known }
            guard series.count(where: { $0.key.name == name }) < Self.mostSeries else { return nil }
            let new = MetricSeries(family.kind)
            series[key] = new
            return new
        }
    }

    /// Of one family.
    private static let mostSeries = 128

    // MARK: MetricsFactory

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        find(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeRecorder(
        label: String,
        dimensions: [(String, String)],
        aggregate: Bool
    ) -> any RecorderHandler {
        find(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) ?? NOOPMetricsHandler.instance
    }

    // What has been counted stays counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}
}
