internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
package import ServiceLifecycle
package import TLS

/// HTTP for the page, `/healthz` and the WebSocket `/room`.
package struct WebServer: Sendable {
    private let configuration: Configuration
    private let tls: TLSContext?
    private let assets: PageAssets
    private let maximumConnections: Int
    private let log: Logger
    private let health: @Sendable () async -> RoomHealth
    private let onConnection: @Sendable (SignallingConnection) async -> Void

    /// - Parameter tls: `nil` for plain HTTP.
    /// - Parameter maximumConnections: How many are open at once; others wait to be accepted.
    /// - Parameter health: What `/healthz` answers: numbers only, since anybody may ask.
    /// - Parameter onConnection: Called for each WebSocket in a task of its own. It returns to end the
    ///   connection, and soon after the connection's messages have ended.
    package init(
        configuration: Configuration,
        tls: TLSContext?,
        assets: PageAssets,
        maximumConnections: Int = mostConnections,
        log: Logger,
        health: @escaping @Sendable () async -> RoomHealth,
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void
    ) {
        self.configuration = configuration
        self.tls = tls
        self.assets = assets
        self.maximumConnections = maximumConnections
        self.log = log
        self.health = health
        self.onConnection = onConnection
    }

    /// The service, which runs until it is shut down; `onRunning` gets the TCP port that is listened on.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void) throws -> some Service {
        let server = HTTPServerBuilder { responder in
            UpgradableChannel(responder: responder, tls: tls, admits: admits, serve: serve)
        }
        return Application(
            router: router(),
            server: server,
            configuration: .init(
                address: .hostname(configuration.host, port: configuration.port),
                serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(maximumConnections)
            ),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: log
        )
    }

    private func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: tls != nil))
        router.get("/healthz") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "application/json", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: await health().json))
            )
        }
        router.get("/room") { _, _ in
            Response(
                status: .upgradeRequired,
                headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: "This address speaks WebSocket.\n"))
            )
        }
        router.get("/") { request, _ in assets.response(to: request, path: "index.html") }
        router.get("/**") { request, context in
            assets.response(to: request, path: context.parameters.getCatchAll().joined(separator: "/"))
        }
        return router
    }

    /// Whether a request may become a WebSocket.
    ///
    /// A browser sends its page's origin, which must be this server's own or a configured one, so that no
    /// other site can enter the room from a visitor's place in the network. Programs that are not browsers
    /// send none.
    private func admits(_ head: HTTPRequestHead) -> Bool {
        guard head.uri.prefix(while: { $0 != "?" }) == "/room" else { return false }
        guard let origin = head.headers.first(name: "origin") else { return true }
        if configuration.origins.contains(origin) { return true }
        guard let host = head.headers.first(name: "host") else { return false }
        return origin == (tls == nil ? "http://" : "https://") + host
    }

    private func serve(_ channel: UpgradableChannel.WebSocket) async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                let connection = SignallingConnection()
                await withGracefulShutdownHandler {
                    await connection.run(inbound: inbound, outbound: outbound) {
                        await onConnection(connection)
                    }
                } onGracefulShutdown: {
                    connection.close()
                }
            }
        } catch {
            log.debug("A WebSocket ended", metadata: ["error": "\(error)"])
        }
    }

    /// A page takes a handful of connections to load and keeps one.
    package static let mostConnections = 2_048
}

/// What every answer carries so that a browser lets nothing foreign near the page.
private struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    let isSecure: Bool

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        if isSecure, let name = HTTPField.Name("Strict-Transport-Security") {
            response.headers[name] = "max-age=86400"
        }
        return response
    }

    private let headers = [
        (
            "Content-Security-Policy",
            "default-src 'self'; connect-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
                + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(self), microphone=(self), fullscreen=(self), geolocation=()"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ]

    init(isSecure: Bool) { self.isSecure = isSecure }
}
