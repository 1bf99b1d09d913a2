package import Wire

/// How long to wait for an acknowledgement (RFC 9260 §6.3.1).
///
/// The standard's floor of one second protects receivers that delay acknowledgements. Here every message
/// ends with the I bit, which asks for one at once (RFC 7053), so the floor only has to cover jitter; a key press
/// that was lost must not wait longer than a person notices.
package struct RetransmissionTimeout: Sendable {
    /// Smoothed round-trip time; `nil` before the first measurement.
    package private(set) var smoothed: Interval?
    package private(set) var current = Self.initial

    private var variation = Interval.zero

    package init() {}

    /// Takes the round trip of a chunk that was sent once (Karn's rule).
    package mutating func measure(_ roundTrip: Interval) {
        let sample = max(roundTrip, .zero)
        if let previous = smoothed {
            let difference = previous < sample ? sample - previous : previous - sample
            variation = (variation * 3 + difference) / 4
            smoothed = (previous * 7 + sample) / 8
        } else {
            smoothed = sample
            variation = sample / 2
        }
        current = min(
            max((smoothed ?? sample) + max(variation * 4, Self.minimumVariation), Self.minimum),
            Self.maximum
        )
    }

    /// Doubles after an expiry (§6.3.3 E2).
    package mutating func backOff() {
        current = min(current * 2, Self.maximum)
    }

    package static let initial = Interval.milliseconds(500)
    package static let minimum = Interval.milliseconds(100)
    /// Short, so that input flows again soon after an outage; ICE consent decides when a peer is gone.
    package static let maximum = Interval.seconds(3)
    private static let minimumVariation = Interval.milliseconds(40)
}
