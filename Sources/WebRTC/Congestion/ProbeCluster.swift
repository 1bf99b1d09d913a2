public import Wire

/// One ``Probe`` on its way out: how much of it is due, and when the next part is.
///
/// Media that happens to be sent meanwhile is part of the probe: count every packet with ``handleSent(_:)``.
public struct ProbeCluster: Sendable {
    public let probe: Probe
    private let started: Instant
    private var sent = 0

    public init(_ probe: Probe, now: Instant) {
        self.probe = probe
        started = now
    }

    public var isComplete: Bool { sent >= probe.bytes }

    /// Whether another packet is due at `now` to keep up the probe's rate.
    public func isDue(now: Instant) -> Bool { !isComplete && due <= now }

    public mutating func handleSent(_ bytes: Int) { sent += bytes }

    /// When to look again; packets go a millisecond's worth at a time.
    public func pollTimeout() -> Instant? { isComplete ? nil : due + .milliseconds(1) }

    private var due: Instant {
        started + Interval(nanoseconds: Int64(sent) * 8_000_000_000 / Int64(max(1, probe.rate)))
    }
}
