import Appliance
import CoreMetrics
import Testing

@Suite struct MetricRegistryTests {
    private let family = MetricFamily("a_total", .counter, "A.")
    private let lag = MetricFamily("lag_seconds", .histogram([0.001, 1]), "Lag.")

    @Test func whatIsCountedBySwiftMetricsIsReadByItsLabels() {
        let registry = MetricRegistry([family, lag])
        for code in ["b", "a", "b"] {
            Counter(label: "a_total", dimensions: [("code", code)], factory: registry).increment()
        }
        #expect(
            registry.samples(of: family) == [
                MetricSample([MetricLabel("code", "a")], .count(1)),
                MetricSample([MetricLabel("code", "b")], .count(2)),
            ]
        )
        let timer = CoreMetrics.Timer(label: "lag_seconds", dimensions: [], factory: registry)
        for nanoseconds: Int64 in [1_000_000, 500_000_000, 2_000_000_000] {
            timer.recordNanoseconds(nanoseconds)
        }
        #expect(registry.samples(of: lag) == [MetricSample(.histogram([1, 1, 1], sum: 2.501))])
    }

    @Test func whatNobodyHasNamedIsNotKept() {
        let registry = MetricRegistry([family])
        Counter(label: "http_requests", dimensions: [("path", "/?name=Ada")], factory: registry).increment()
        #expect(registry.samples(of: MetricFamily("http_requests", .counter, "")).isEmpty)
    }

    @Test func aLabelThatGrowsFillsNoMemory() {
        let registry = MetricRegistry([family])
        for number in 0..<10_000 {
            Counter(label: "a_total", dimensions: [("n", "\(number)")], factory: registry).increment()
        }
        #expect(registry.samples(of: family).count == 128)
    }

    @Test func namesAreThoseThatPrometheusAsksFor() {
        let families = MetricFamily.counted
        for family in families {
            #expect(family.name.hasPrefix("deskroom_"))
            #expect(family.name.allSatisfy { $0.isLowercase || $0 == "_" })
            #expect(family.name.hasSuffix("_total") == (family.kind == .counter))
            #expect(family.help.hasSuffix("."))
        }
        #expect(Set(families.map(\.name)).count == families.count)
    }
}
