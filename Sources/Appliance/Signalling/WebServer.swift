internal import Access
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket
package import ServiceLifecycle

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
    private let gate: RequestGate
    private let front: FrontDoor
    private let doorkeeper: Doorkeeper
    private let deadlines: Deadlines
    private let tls: ServedCertificate?
    private let assets: PageAssets
    private let maximumConnections: Int
    private let log: Logger
    private let api: RoomAPI?
    private let media: MediaHandOver?
    private let relay: TURNRelay?
    private let checks: CheckRoom?
    private let outside: OutsideDoor?
    private let health: HealthCheck
    private let metrics: MetricsAnswers?
    private let onConnection: @Sendable (SignallingConnection) async -> Void

    /// - Parameter tls: `nil` for plain HTTP.
    /// - Parameter maximumConnections: How many are open at once; others wait to be accepted.
    /// - Parameter health: What `/healthz` and those below `/health` answer: nothing about anybody, since anybody may ask.
    /// - Parameter metrics: What `/metrics` answers, if it is answered on this port.
    /// - Parameter api: What the clinic's back end is answered.
    /// - Parameter takeMedia: Takes over connections that carry media: a descriptor, what was read from it, and whether it
    ///   comes through a proxy; `nil`: there is no media at this port.
    /// - Parameter relay: Serves connections that speak TURN over TLS; `nil`: nobody does.
    /// - Parameter checks: For the page to test a connection on; `nil`: there is none.
    /// - Parameter outside: Lets people in by WHIP and WHEP, or as broadcasters; `nil`: nobody comes so.
    /// - Parameter onConnection: Called for each WebSocket in a task of its own. It returns to end the
    ///   connection, and soon after the connection's messages have ended.
    package init(
        configuration: Configuration,
        tls: ServedCertificate?,
        assets: PageAssets,
        maximumConnections: Int = mostConnections,
        log: Logger,
        deadlines: Deadlines = Deadlines(),
        health: HealthCheck,
        metrics: MetricsAnswers? = nil,
        api: RoomAPI? = nil,
        takeMedia: (@Sendable (CInt, [UInt8], Bool) async -> Void)? = nil,
        relay: TURNRelay? = nil,
        checks: CheckRoom? = nil,
        outside: OutsideDoor? = nil,
        onConnection: @escaping @Sendable (SignallingConnection) async -> Void
    ) {
        self.configuration = configuration
        self.deadlines = deadlines
        gate = RequestGate(configuration, log: log)
        front = FrontDoor(configuration, log: log)
        doorkeeper = Doorkeeper(
            ConnectionShares.Limits(configuration, connections: maximumConnections),
            proxies: configuration.trustedProxies
        )
        self.tls = tls
        self.assets = assets
        self.maximumConnections = maximumConnections
        self.log = log
        self.health = health
        self.metrics = metrics
        self.api = api
        media = takeMedia.map { MediaHandOver(take: $0) }
        self.relay = relay
        self.checks = checks
        self.outside = outside
        self.onConnection = onConnection
    }

    /// The service, which runs until it is shut down; `onRunning` gets the TCP port that is listened on.
    package func application(onRunning: @escaping @Sendable (Int) async -> Void) throws -> some Service {
        let server = HTTPServerBuilder { responder in
            UpgradableChannel(
                responder: responder,
                tls: tls,
                media: media,
                relay: relay,
                doorkeeper: doorkeeper,
                deadlines: deadlines,
                front: front,
                refusal: refusal(of:_:),
                serve: serve
            )
        }
        return Application(
            responder: PrefixedResponder(next: router().buildResponder()) { request, context in
                front.prefixes(front.source(of: request, context))
            },
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
        router.add(
            middleware: SecurityHeaders(
                isSecure: tls != nil,
                base: configuration.front.base,
                allowed: configuration.allowedOrigins
            )
        )
        router.add(middleware: GatedRequests(gate: gate, front: front))
        router.add(middleware: LibraryRequests(gate: gate, front: front))
        if let api {
            router.add(
                middleware: APIRequests(api: api) { request, context in
                    front.source(of: request, context).share
                }
            )
        }
        if let checks {
            router.add(
                middleware: CheckRequests(checks: checks) { request, context in
                    front.source(of: request, context).share
                }
            )
            router.get("/check") { request, _ in assets.response(to: request, path: PageAssets.checkPath) }
        }
        if let outside {
            router.add(
                middleware: OutsideRequests(
                    door: outside,
                    settings: configuration.outside,
                    source: { request, context in front.source(of: request, context) },
                    prefixes: { front.prefixes($0) }
                )
            )
        }
        if let broadcasts = outside?.broadcasts {
            router.add(middleware: BroadcastRequests(door: broadcasts, gate: gate, front: front))
        }
        HealthAnswers(check: health).add(to: router)
        if let metrics {
            router.get("/metrics") { request, context in
                await metrics.response(
                    to: request,
                    peer: context.peer,
                    share: front.source(of: request, context).share
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

    private func refusal(of channel: any Channel, _ head: HTTPRequestHead) -> RequestGate.Refusal? {
        let source = front.source(of: channel, head)
        let path = front.path(of: head.uri, from: source)
        return gate.refusal(ofWebSocketAt: path, origin: head.headers.first(name: "origin"), from: source)
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

/// Refuses what the gate refuses, in words.
private struct GatedRequests: RouterMiddleware {
    let gate: RequestGate
    let front: FrontDoor

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        let source = front.source(of: request, context)
        let path = front.path(of: request.head.path ?? "", from: source)
        guard let refusal = gate.refusal(of: path, from: source) else {
            return try await next(request, context)
        }
        return Response(
            status: refusal.status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: refusal.words))
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

    private let headers: [(String, String)]

    init(isSecure: Bool, base: PublicBase?, allowed: AllowedOrigins) {
        self.isSecure = isSecure
        // Older browsers take 'self' for HTTP alone, and not for the WebSocket.
        let socket = base.map { " \($0.isSecure ? "wss" : "ws")://\($0.authority)" } ?? ""
        headers = Self.headers(connecting: "'self'" + socket, framing: allowed.frameAncestors)
    }

    private static func headers(connecting sources: String, framing ancestors: String) -> [(String, String)] {
        [
            (
                "Content-Security-Policy",
                "default-src 'self'; connect-src \(sources); img-src 'self' data: blob:; media-src 'self' blob:; "
                    + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors \(ancestors)"
            ),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            (
                "Permissions-Policy",
                "camera=(self), microphone=(self), fullscreen=(self), clipboard-read=(self), clipboard-write=(self), geolocation=()"
            ),
            ("Referrer-Policy", "no-referrer"),
            ("X-Content-Type-Options", "nosniff"),
        ]
    }
}
