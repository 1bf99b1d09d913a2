package import Logging

extension Webhook {
    /// `nil` if events are sent nowhere.
    package convenience init?(_ configuration: Configuration, log: Logger) throws(ConfigurationError) {
        let settings = configuration.events
        guard let address = settings.address, let signature = WebhookSignature(secret: settings.secret) else {
            return nil
        }
        self.init(
            address,
            tls: try settings.tls(),
            signature: signature,
            capacity: settings.queue,
            session: configuration.log.session,
            log: log
        )
    }
}

extension MetricFamily {
    static let webhookEvents = Self(
        "deskroom_webhook_events_total",
        .counter,
        "Events sent to the receiver: delivered, failed (tried again), and dropped because too many waited."
    )
    static let webhookWaiting = Self(
        "deskroom_webhook_events_waiting",
        .gauge,
        "Events that wait for the receiver."
    )
}

extension Webhook? {
    /// Each family with its series; without any where events are sent nowhere.
    var metrics: [(MetricFamily, [MetricSample])] {
        let state = self?.state
        let outcomes =
            state.map { [("delivered", $0.delivered), ("dropped", $0.dropped), ("failed", $0.failed)] } ?? []
        return [
            (
                .webhookEvents,
                outcomes.map { MetricSample([MetricLabel("outcome", $0.0)], .count($0.1)) }
            ),
            (.webhookWaiting, state.map { [MetricSample(.number(Double($0.count)))] } ?? []),
        ]
    }
}
