import Appliance
import Logging
import ServiceLifecycle
import Testing

/// The page's server, for as long as a test needs it.
enum ServedPage {
    static let assets = PageAssets(["index.html": Array("<!doctype html>".utf8)])

    /// Runs it while `body` does, which gets its port.
    ///
    /// - Parameter certificate: `nil`: what is configured.
    static func run(
        _ configuration: Configuration,
        certificate: ServedCertificate? = nil,
        assets: PageAssets = Self.assets,
        log: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        deadlines: WebServer.Deadlines = WebServer.Deadlines(),
        takeMedia: (@Sendable (CInt, [UInt8], Bool) async -> Void)? = nil,
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void = { _ in },
        _ body: (Int) async throws -> Void
    ) async throws {
        let server = WebServer(
            configuration: configuration,
            tls: try certificate ?? ServerCertificate.served(for: configuration),
            assets: assets,
            log: log,
            deadlines: deadlines,
            health: HealthCheck(.still()),
            takeMedia: takeMedia,
            onConnection: onConnection
        )
        let (ports, running) = AsyncStream.makeStream(of: Int.self)
        let group = ServiceGroup(services: [try server.application { running.yield($0) }], logger: log)
        async let stopped: Void = group.run()
        let port = try #require(await ports.first { _ in true })
        try await body(port)
        await group.triggerGracefulShutdown()
        try await stopped
    }
}
