internal import CoreMetrics

extension Counter {
    /// Of a family that the room knows.
    convenience init(_ family: MetricFamily, _ labels: [(String, String)] = []) {
        self.init(label: family.name, dimensions: labels)
    }
}
