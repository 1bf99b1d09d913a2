internal import Access
internal import Hummingbird
internal import NIOCore

/// Answers what is below `/api/`, whatever the method: nothing there is the page's.
struct APIRequests: RouterMiddleware {
    typealias Context = PeerRequestContext

    let api: RoomAPI
    /// Whose share a request counts for, by where its connection comes from.
    let origin: @Sendable (Request, PeerRequestContext) -> NetworkShare?

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.path == "/api" || request.uri.path.hasPrefix("/api/") else {
            return try await next(request, context)
        }
        return await api.response(
            to: request,
            from: origin(request, context),
            on: context.channel
        )
    }
}

/// A request that knows where its connection comes from.
struct PeerRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the connection's other end; empty if it is not known.
    let peer: String
    /// The connection itself, or the request's stream of it.
    let channel: any Channel
    var connection: ObjectIdentifier { ObjectIdentifier(channel.connection) }

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        peer = channel.remoteAddress?.ipAddress ?? ""
    }
}
