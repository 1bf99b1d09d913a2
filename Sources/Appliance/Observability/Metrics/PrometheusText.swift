/// Writes metrics in Prometheus' text format 0.0.4.
package struct PrometheusText: Sendable {
    package private(set) var text = ""

    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package init() {}

    /// Writes a family; its head also when it has no series yet.
    package mutating func write(_ family: MetricFamily, _ samples: [MetricSample]) {
        text += "# HELP \(family.name) \(Self.escaped(family.help, quotes: false))\n"
        text += "# TYPE \(family.name) \(family.type)\n"
        for sample in samples {
            switch sample.value {
            case .count(let count): line(family.name, sample.labels, String(count))
            case .number(let number): line(family.name, sample.labels, Self.text(of: number))
            case .histogram(let buckets, let sum):
                guard case .histogram(let bounds) = family.kind, buckets.count == bounds.count + 1 else {
                    continue
                }
                write(buckets, bounds, sum, family.name, sample.labels)
            }
        }
    }

    /// Buckets are cumulative on the wire.
    private mutating func write(
        _ buckets: [UInt64],
        _ bounds: [Double],
        _ sum: Double,
        _ name: String,
        _ labels: [MetricLabel]
    ) {
        var total: UInt64 = 0
        for (count, bound) in zip(buckets, bounds + [.infinity]) {
            total += count
            line(name + "_bucket", labels + [MetricLabel("le", Self.text(of: bound))], String(total))
        }
        line(name + "_sum", labels, Self.text(of: sum))
        line(name + "_count", labels, String(total))
    }

    private mutating func line(_ name: String, _ labels: [MetricLabel], _ value: String) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += " \(value)\n"
    }

    private static func text(of number: Double) -> String {
        if number == .infinity { return "+Inf" }
        if number == -.infinity { return "-Inf" }
        if number.isNaN { return "NaN" }
        return Int64(exactly: number).map(String.init) ?? String(number)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quotes: escaped += "\\\""
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
