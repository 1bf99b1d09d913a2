internal import Access
internal import HTTPTypes
internal import Hummingbird
internal import IO
internal import MediasoupSignalling
internal import NIOCore
internal import Wire

/// Answers mediasoup-demo's broadcaster API, of both generations: what is below `/rooms/`.
struct BroadcastRequests: RouterMiddleware {
    typealias Context = PeerRequestContext

    let door: BroadcastDoor
    let gate: RequestGate
    let front: FrontDoor

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        let target = request.head.path ?? ""
        let path = target.prefix { $0 != "?" }
        guard BroadcastRoute.takes(path) else { return try await next(request, context) }
        do throws(APIProblem) {
            return try await answer(request, path, from: front.source(of: request, context))
        } catch {
            return error.response
        }
    }

    private func answer(
        _ request: Request,
        _ path: Substring,
        from source: RequestSource
    ) async throws(APIProblem) -> Response {
        // Another site's page may not do this from a visitor's place in the network.
        guard gate.caller(origin: request.headers[.origin], from: source) != .foreign else {
            throw APIProblem(.forbidden, "This page comes from an address that the room does not know.")
        }
        guard let route = BroadcastRoute(method: request.method.rawValue, path: path) else {
            throw APIProblem(.notFound, "There is nothing here, or not by this method (docs/broadcast.md).")
        }
        try await door.admit(route.action == .begin ? .begin : .about, from: source.share)
        let query =
            OutsidePath("/whip?" + (request.head.path ?? "").drop { $0 != "?" }.dropFirst())?.query ?? [:]
        let asked: BroadcastRequest
        do throws(MediasoupError) {
            asked = try BroadcastRequest(
                route,
                body: await body(of: request, path),
                producer: query["producerId"]
            )
        } catch {
            throw APIProblem(.badRequest, error.description)
        }
        let reply = try await door.answer(
            asked,
            of: route.peer,
            showing: BearerToken.read(request.headers[.authorization]) ?? query["token"],
            from: source.share
        )
        return response(reply, path, from: source)
    }

    /// Empty if there is none, and always with a GET.
    private func body(of request: Request, _ path: Substring) async throws(MediasoupError) -> JSONObject {
        guard let buffer = try? await request.body.collect(upTo: Self.longestBody) else {
            throw MediasoupError("body", "is longer than \(Self.longestBody) bytes")
        }
        guard buffer.readableBytes > 0 else { return JSONObject([:]) }
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" && $0 != " " }.lowercased()
        guard type == "application/json" else {
            throw MediasoupError("Content-Type", "is not application/json")
        }
        do throws(JSONError) {
            return try JSONObject(parsing: Array(buffer: buffer))
        } catch {
            throw MediasoupError("body", "cannot be read: \(error)")
        }
    }

    private func response(_ reply: BroadcastReply, _ path: Substring, from source: RequestSource) -> Response
    {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let location = reply.location {
            let parts = path.split(separator: "/")
            // Below the broadcaster, or what begins it.
            let base = parts.prefix(parts.count > 3 ? 4 : 3).joined(separator: "/")
            headers[.location] = "\(front.prefixes(source).first ?? "")/\(base)/\(location)"
        }
        let json = reply.list.map { JSONValue.array($0).bytes } ?? reply.body?.bytes
        guard let json else { return Response(status: reply.status, headers: headers) }
        headers[.contentType] = "application/json"
        return Response(
            status: reply.status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: json))
        )
    }

    /// Bytes: a browser's capabilities have some ten thousand.
    private static let longestBody = 65_536
}
