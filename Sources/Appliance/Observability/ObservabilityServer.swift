internal import Access
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
package import ServiceLifecycle

/// A port of its own for who watches over many rooms: metrics and health, over plain HTTP.
package struct ObservabilityServer: Sendable {
    private let host: String
    private let port: Int
    private let health: HealthCheck
    private let metrics: MetricsAnswers
    private let log: Logger

    package init(host: String, port: Int, health: HealthCheck, metrics: MetricsAnswers, log: Logger) {
        self.host = host
        self.port = port
        self.health = health
        self.metrics = metrics
        self.log = log
    }

    /// The service, which runs until it is shut down.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void) -> some Service {
        let router = Router(context: PeerRequestContext.self, options: .autoGenerateHeadEndpoints)
        HealthAnswers(check: health).add(to: router)
        router.get("/metrics") { request, context in
            await metrics.response(
                to: request,
                peer: context.peer,
                share: NetworkShare(text: context.peer)
            )
        }
        return Application(
            router: router,
            configuration: .init(
                address: .hostname(host, port: port),
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.mostConnections)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: log
        )
    }

    private static let mostConnections = 64
}
