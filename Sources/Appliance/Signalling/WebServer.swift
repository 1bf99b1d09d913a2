internal import Access
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
    /// How long a connection may take to say what it is for.
    package struct Deadlines: Hashable, Sendable {
        /// For TLS's handshake and the head of the first request.
        package var request = Duration.seconds(10)
        /// For `join`, on a WebSocket.
        package var join = Duration.seconds(10)
        /// For the next whole request, after the answer to the one before.
        package var idle = Duration.seconds(30)

        package init() {}
    }

    private let configuration: Configuration
    private let hosts: AdmittedHosts
    private let doorkeeper: Doorkeeper
    private let deadlines: Deadlines
    private let hostNotice: Notice
    private let proxyNotice: Notice
    private let tls: TLSContext?
    private let assets: PageAssets
    private let maximumConnections: Int
    private let log: Logger
    private let api: RoomAPI?
    private let health: HealthCheck
    private let metrics: MetricsAnswers?
    private let onConnection: @Sendable (SignallingConnection) async -> Void

    /// - Parameter tls: `nil` for plain HTTP.
    /// - Parameter maximumConnections: How many are open at once; others wait to be accepted.
    /// - Parameter health: What `/healthz` and those below `/health` answer: numbers only, since anybody may ask.
    /// - Parameter metrics: What `/metrics` answers, if it is answered on this port.
    /// - Parameter api: What the clinic's back end is answered.
    /// - Parameter onConnection: Called for each WebSocket in a task of its own. It returns to end the
    ///   connection, and soon after the connection's messages have ended.
    package init(
        configuration: Configuration,
        tls: TLSContext?,
        assets: PageAssets,
        maximumConnections: Int = mostConnections,
        log: Logger,
        deadlines: Deadlines = Deadlines(),
        health: HealthCheck,
        metrics: MetricsAnswers? = nil,
        api: RoomAPI? = nil,
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void
    ) {
        self.configuration = configuration
        self.deadlines = deadlines
        hosts = AdmittedHosts(configuration)
        doorkeeper = Doorkeeper(
            ConnectionShares.Limits(configuration, connections: maximumConnections),
            proxies: configuration.trustedProxies
        )
        hostNotice = Notice(
            """
            A request for a name that this room does not answer to was refused; if the name is yours, add it to \
            http.hosts (DESKROOM_HTTP_HOSTS)
            """,
            to: log
        )
        proxyNotice = Notice(
            """
            Requests say that they come through a proxy which http.proxies (DESKROOM_HTTP_PROXIES) does not name: \
            all who are behind it count as one address
            """,
            to: log
        )
        self.tls = tls
        self.assets = assets
        self.maximumConnections = maximumConnections
        self.log = log
        self.health = health
        self.metrics = metrics
        self.api = api
        self.onConnection = onConnection
    }

    /// The service, which runs until it is shut down; `onRunning` gets the TCP port that is listened on.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void) throws -> some Service {
        let server = HTTPServerBuilder { responder in
            UpgradableChannel(
                responder: responder,
                tls: tls,
                doorkeeper: doorkeeper,
                deadlines: deadlines,
                refusal: refusal(of:),
                origin: origin(of:_:),
                serve: serve
            )
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

    private func router() -> Router<PeerRequestContext> {
        let router = Router(context: PeerRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: tls != nil))
        router.add(middleware: KnownHosts(hosts: hosts, notice: hostNotice))
        if let api {
            router.add(
                middleware: APIRequests(api: api) { request, peer in origin(of: peer, request.headers) }
            )
        }
        HealthAnswers(check: health).add(to: router)
        if let metrics {
            router.get("/metrics") { request, context in
                await metrics.response(
                    to: request,
                    peer: context.peer,
                    share: origin(of: context.peer, request.headers)
                )
            }
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

    /// Why a request may not become a WebSocket; `nil` if it may.
    ///
    /// A browser sends its page's origin, which must be this server's own or a configured one, so that no
    /// other site can enter the room from a visitor's place in the network. Programs that are not browsers
    /// send none.
    private func refusal(of head: HTTPRequestHead) -> HTTPResponseStatus? {
        guard head.uri.prefix(while: { $0 != "?" }) == "/room" else { return .forbidden }
        let host = head.headers.first(name: "host")
        guard hosts.admit(host) else {
            hostNotice.say()
            return .misdirectedRequest
        }
        guard let origin = head.headers.first(name: "origin") else { return nil }
        if configuration.origins.contains(origin) { return nil }
        guard let host, origin == (tls == nil ? "http://" : "https://") + host else { return .forbidden }
        return nil
    }

    private func origin(of channel: any Channel, _ head: HTTPRequestHead) -> NetworkShare? {
        origin(of: channel.remoteAddress?.ipAddress ?? "", head.headers["x-forwarded-for"])
    }

    private func origin(of peer: String, _ headers: HTTPFields) -> NetworkShare? {
        origin(of: peer, HTTPField.Name("X-Forwarded-For").map { headers[values: $0] } ?? [])
    }

    private func origin(of peer: String, _ forwarded: [String]) -> NetworkShare? {
        if !forwarded.isEmpty, !configuration.trustedProxies.contain(peer) { proxyNotice.say() }
        return configuration.trustedProxies.origin(peer: peer, forwarded: forwarded)
    }

    private func serve(
        _ channel: UpgradableChannel.WebSocket,
        _ share: NetworkShare?,
        _ ticket: Doorkeeper.Ticket
    ) async {
        do {
            try await channel.executeThenClose { inbound, outbound in
                let connection = SignallingConnection(share: share) { ticket.advance(to: .joined) }
                await withGracefulShutdownHandler {
                    await connection.run(inbound: inbound, outbound: outbound, joining: deadlines.join) {
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

extension ConnectionShares.Limits {
    /// - Parameter connections: How many are accepted at all.
    init(_ configuration: Configuration, connections: Int) {
        // Somebody new can always be heard and chosen. A page takes some six connections to load, and keeps one.
        let total = max(1, connections - max(8, connections / 32))
        self.init(total: total, perAddress: min(total, max(128, 8 * configuration.maximumSharing)))
    }
}

/// Refuses requests for names that are none of this room's.
private struct KnownHosts<Context: RequestContext>: RouterMiddleware {
    let hosts: AdmittedHosts
    let notice: Notice

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard !hosts.admit(request.head.authority) else { return try await next(request, context) }
        notice.say()
        return Response(
            status: .misdirectedRequest,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(
                byteBuffer: ByteBuffer(
                    string: """
                        This room does not answer to the name in your address bar.
                        Open it by the address that was printed when it started, or have whoever runs it add the \
                        name to the setting http.hosts (DESKROOM_HTTP_HOSTS).

                        """
                )
            )
        )
    }
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
