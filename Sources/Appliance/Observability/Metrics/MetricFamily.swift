/// A metric as Prometheus knows it: what its name, type and labels are (text format 0.0.4).
///
/// Labels have values of short fixed lists only: nothing about anybody, and nothing that grows.
package struct MetricFamily: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case counter
        case gauge
        /// With the buckets' upper bounds, the last one of which, +Inf, is not among them.
        case histogram([Double])
    }

    package let name: String
    package let kind: Kind
    package let help: String

    package init(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        self.kind = kind
        self.help = help
    }

    var type: String {
        switch kind {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }
}

/// One series of a family.
package struct MetricSample: Hashable, Sendable {
    package enum Value: Hashable, Sendable {
        case count(UInt64)
        case number(Double)
        /// How many fell into each bucket, one more than there are bounds, and the sum of all.
        case histogram([UInt64], sum: Double)
    }

    package var labels: [MetricLabel]
    package var value: Value

    package init(_ labels: [MetricLabel], _ value: Value) {
        self.labels = labels
        self.value = value
    }

    package init(_ value: Value) { self.init([], value) }
}

package struct MetricLabel: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
