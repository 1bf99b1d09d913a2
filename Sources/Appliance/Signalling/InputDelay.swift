/// How long it takes from a press to the picture that shows it, as the page of whoever drives has measured it of late: milliseconds, each
/// 0 to 60,000.
package struct InputDelay: Codable, Hashable, Sendable {
    package struct Figure: Codable, Hashable, Sendable {
        package var median: Double
        package var p95: Double

        package init(median: Double, p95: Double) {
            self.median = median
            self.p95 = p95
        }

        var isInRange: Bool { (0...60_000).contains(median) && (0...60_000).contains(p95) }
    }

    /// How many presses it is made of, 1 to 1,000.
    package var count: Int
    /// From the press to the browser's painting of the picture.
    package var total: Figure
    /// There and back.
    package var network: Figure
    /// From the arrival of the event in the room to the X server.
    package var inject: Figure
    /// Until something on the screen had changed.
    package var application: Figure
    /// Until a picture of it had been read.
    package var capture: Figure
    package var encode: Figure
    /// From the arrival of the picture's last packet to its painting.
    package var decode: Figure

    var isInRange: Bool {
        (1...1_000).contains(count)
            && [total, network, inject, application, capture, encode, decode].allSatisfy(\.isInRange)
    }
}
