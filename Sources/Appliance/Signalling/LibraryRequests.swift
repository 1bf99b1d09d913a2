internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The page's library, below `/client/`, for pages of other sites: those of `page.origins` are given it, all others are told
/// why they are not.
///
/// This is what CORS wants (WHATWG Fetch §3.3). `/healthz`, by which the library finds out whether the room is
/// there, is shared with the same pages.
struct LibraryRequests: RouterMiddleware {
    let gate: RequestGate
    let front: FrontDoor

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        let source = front.source(of: request, context)
        let path = front.path(of: request.head.path ?? "", from: source)
        let isLibrary = path.hasPrefix("/client/")
        guard isLibrary || path == "/healthz" else { return try await next(request, context) }
        let origin = request.headers[.origin]
        let caller = gate.caller(origin: origin, from: source)
        guard caller != .foreign || !isLibrary else {
            // Anybody may read why: it is the same for all, and says nothing of the room.
            return Response(
                status: .forbidden,
                headers: [
                    .contentType: "text/plain; charset=utf-8", .cacheControl: "no-store", .vary: "Origin",
                    .accessControlAllowOrigin: "*",
                ],
                body: .init(byteBuffer: ByteBuffer(string: RequestGate.wrongOrigin))
            )
        }
        var response = try await next(request, context)
        response.headers[.vary] = response.headers[.vary].map { $0 + ", Origin" } ?? "Origin"
        if caller == .allowed { response.headers[.accessControlAllowOrigin] = origin }
        return response
    }
}
