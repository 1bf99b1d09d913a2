internal import IO
package import SFU
internal import Wire

/// Everything that the room tells in numbers (`/metrics`), read when it is asked for and not before.
package final class RoomMetrics: Sendable {
    private let registry: MetricRegistry
    private let health: HealthCheck
    private let reading: Heartbeat<RoomReading>
    private let processes = ProcessReading()
    private let more: @Sendable () -> [(MetricFamily, [MetricSample])]

    /// - Parameters:
    ///   - registry: What swift-metrics counts into.
    ///   - read: May not answer, if the room is stuck.
    ///   - more: What others know.
    package init(
        _ registry: MetricRegistry,
        _ health: HealthCheck,
        more: @escaping @Sendable () -> [(MetricFamily, [MetricSample])] = { [] },
        read: @escaping @Sendable () async -> RoomReading
    ) {
        self.registry = registry
        self.health = health
        self.more = more
        reading = Heartbeat(read)
    }

    package convenience init(
        _ registry: MetricRegistry,
        _ health: HealthCheck,
        _ session: Session,
        _ worker: Worker,
        _ relay: ControlRelay,
        more: @escaping @Sendable () -> [(MetricFamily, [MetricSample])] = { [] }
    ) {
        self.init(registry, health, more: more) {
            var reading = await session.reading()
            reading.media = await worker.reading()
            reading.control = await relay.statistics
            return reading
        }
    }

    /// In the text format; what is stuck is left out.
    package func text() async -> String {
        let (facts, _, _) = await health.look()
        var text = PrometheusText()
        facts.write { text.write($0, $1) }
        if facts.isAlive, let reading = await reading.check(within: .seconds(1))?.value {
            reading.write { text.write($0, $1) }
        }
        for family in MetricFamily.counted { text.write(family, registry.samples(of: family)) }
        for (family, samples) in more() { text.write(family, samples) }
        processes.write { text.write($0, $1) }
        return text.text
    }
}
