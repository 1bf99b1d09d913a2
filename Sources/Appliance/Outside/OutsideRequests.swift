internal import Access
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import IO
internal import NIOCore
internal import Wire

/// Answers WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep-03): what is below `/whip` and `/whep`.
struct OutsideRequests: RouterMiddleware {
    typealias Context = PeerRequestContext

    let door: OutsideDoor
    let settings: OutsideSettings
    /// Where a request comes from.
    let source: @Sendable (Request, PeerRequestContext) -> RequestSource
    /// What was taken off a request's path, by where it comes from.
    let prefixes: @Sendable (RequestSource) -> [String]

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        guard let path = OutsidePath(request.head.path ?? "") else { return try await next(request, context) }
        let source = source(request, context)
        var response: Response
        do throws(APIProblem) {
            guard settings.takes(path.client) else { throw APIProblem.outsideClosed(path.client) }
            response = try await answer(request, path, from: source)
        } catch {
            response = error.response
        }
        response.headers[.cacheControl] = "no-store"
        allow(request.headers[.origin], in: &response)
        if request.method == .head { response.body = .init() }
        return response
    }

    private func answer(
        _ request: Request,
        _ path: OutsidePath,
        from source: RequestSource
    ) async throws(APIProblem) -> Response {
        try await door.admit(request.method == .post ? .begin : .about, from: source.share)
        switch (request.method, path.session) {
        case (.options, let session): return options(isSession: session != nil)
        case (.post, nil): return try await open(request, path, from: source)
        case (.get, nil), (.head, nil):
            // There is nothing to be had, but whoever asks what speaks here is told (WHEP §4.3).
            return Response(
                status: request.method == .head ? .ok : .noContent,
                headers: request.method == .head ? [.contentType: Self.sdp] : [:]
            )
        case (.get, let secret?), (.head, let secret?):
            _ = try await self.session(secret, request, path)
            return Response(status: request.method == .head ? .ok : .noContent)
        case (.patch, let secret?): return try await patch(request, self.session(secret, request, path))
        case (.delete, let secret?):
            if await door.hasEnded(secret, of: path.client) { return Response(status: .ok) }
            let session = try await self.session(secret, request, path)
            return response(await session.ask { $0.leave(now: .now()) }, path, nil, from: source)
        default:
            let allowed = path.session == nil ? ["GET", "HEAD", "OPTIONS", "POST"] : Self.sessionMethods
            throw APIProblem(.methodNotAllowed, "This address does not take this method.", allow: allowed)
        }
    }

    private func open(
        _ request: Request,
        _ path: OutsidePath,
        from source: RequestSource
    ) async throws(APIProblem) -> Response {
        try expect(Self.sdp, of: request)
        let offer = try await text(of: request, atMost: Self.longestOffer)
        let bearer = BearerToken.read(request.headers[.authorization])
        var shown = bearer.map { (token: $0, isInHeader: true) }
        if shown == nil, let token = path.query["token"] { shown = (token, false) }
        let (session, reply) = try await door.open(
            path.client,
            offering: offer,
            showing: shown,
            named: path.query["name"],
            from: source.share
        )
        return response(reply, path, session, from: source)
    }

    private func session(
        _ secret: String,
        _ request: Request,
        _ path: OutsidePath
    ) async throws(APIProblem) -> OutsideSession {
        try await door.session(
            secret,
            of: path.client,
            showing: BearerToken.read(request.headers[.authorization])
        )
    }

    private func patch(_ request: Request, _ session: OutsideSession) async throws(APIProblem) -> Response {
        let type = mediaType(of: request)
        guard type == Self.fragment || type == Self.sdp else {
            throw APIProblem(
                .unsupportedMediaType,
                "A PATCH is \(Self.fragment), or the answer to an offer of the room's."
            )
        }
        let body = try await text(of: request, atMost: Self.longestOffer)
        if type == Self.sdp {
            return response(await session.ask { $0.answer(body, now: .now()) }, nil, nil, from: nil)
        }
        let fragment: TrickleFragment
        do {
            fragment = try TrickleFragment(parsing: body)
        } catch {
            throw APIProblem(.badRequest, "The fragment cannot be used: \(error).")
        }
        var match: EntityTags?
        if let field = request.headers[.ifMatch] {
            guard let tags = EntityTags(parsing: field) else {
                throw APIProblem(.badRequest, "If-Match is * or a list of entity tags in quotes.")
            }
            match = tags
        }
        let reply = await session.ask { [fragment, match] in
            $0.patch(fragment, matching: match, newTag: Secret.random().text, now: .now())
        }
        return response(reply, nil, nil, from: nil)
    }

    // MARK: Answers

    /// - Parameter session: What is in the address of one that has just begun.
    private func response(
        _ reply: OutsideReply,
        _ path: OutsidePath?,
        _ session: String?,
        from source: RequestSource?
    ) -> Response {
        switch reply {
        case .counter(let sdp, let seconds, let servers):
            var headers = begun(path, session, servers, source)
            headers[.contentType] = "\(Self.sdp); valid-until=\"\(Self.date(in: seconds))\""
            return Self.response(.notAcceptable, headers, sdp)
        case .created(let sdp, let tag, let servers):
            var headers = begun(path, session, servers, source)
            headers[.contentType] = Self.sdp
            headers[.eTag] = "\"\(tag)\""
            headers.set("Accept-Patch", Self.fragment)
            return Self.response(.created, headers, sdp)
        case .done: return Response(status: .noContent)
        case .ended: return Response(status: .ok)
        case .refused(let problem): return problem.response
        case .restarted(let fragment, let tag):
            return Self.response(
                .ok,
                [.contentType: Self.fragment, .eTag: "\"\(tag)\""],
                fragment.text
            )
        }
    }

    /// What is said of a session that has just begun: where it is, rooted and without a query, since OBS takes what does not
    /// begin with `http` for a path; and the TURN servers.
    private func begun(
        _ path: OutsidePath?,
        _ session: String?,
        _ servers: ICEServers?,
        _ source: RequestSource?
    ) -> HTTPFields {
        var headers = HTTPFields()
        guard let path, let session, let source else { return headers }
        let prefix = prefixes(source).first ?? ""
        headers[.location] = "\(prefix)/\(OutsidePath.name(of: path.client))/\(session)"
        guard let servers else { return headers }
        // One line each: OBS cuts them at commas.
        guard let name = HTTPField.Name("Link") else { return headers }
        for link in servers.links(host: source.host) { headers.append(HTTPField(name: name, value: link)) }
        return headers
    }

    private func options(isSession: Bool) -> Response {
        var headers: HTTPFields = [
            .allow: (isSession ? Self.sessionMethods : ["GET", "HEAD", "OPTIONS", "POST"]).joined(
                separator: ", "
            )
        ]
        if isSession {
            headers.set("Accept-Patch", Self.fragment)
        } else {
            headers.set("Accept-Post", Self.sdp)
        }
        return Response(status: .ok, headers: headers)
    }

    /// Lets a page of another origin read the answer, if the room is told of it.
    private func allow(_ origin: String?, in response: inout Response) {
        guard let origin, settings.admits(origin) else { return }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.vary] = "Origin"
        response.headers[.accessControlExposeHeaders] =
            "Location, ETag, Link, Accept-Patch, Accept-Post, Retry-After"
        response.headers[.accessControlAllowHeaders] = "Authorization, Content-Type, If-Match"
        response.headers[.accessControlAllowMethods] = "OPTIONS, GET, HEAD, POST, PATCH, DELETE"
        response.headers[.accessControlMaxAge] = "600"
    }

    // MARK: What is asked

    private func mediaType(of request: Request) -> String {
        let type = request.headers[.contentType] ?? ""
        return type.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
    }

    private func expect(_ type: String, of request: Request) throws(APIProblem) {
        guard mediaType(of: request) == type else {
            throw APIProblem(.unsupportedMediaType, "The body is \(type).")
        }
    }

    private func text(of request: Request, atMost length: Int) async throws(APIProblem) -> String {
        guard let body = try? await request.body.collect(upTo: length) else {
            throw APIProblem(.contentTooLarge, "A description has at most \(length) bytes.")
        }
        return String(buffer: body)
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ text: String
    ) -> Response {
        Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    /// An HTTP-date (RFC 9110 §5.6.7).
    private static func date(in seconds: Int64) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return formatter.string(from: Date(timeIntervalSinceNow: Double(seconds)))
    }

    private static let sessionMethods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH"]
    private static let sdp = "application/sdp"
    private static let fragment = "application/trickle-ice-sdpfrag"
    /// Bytes: a browser's offer with all that it can has some ten thousand.
    private static let longestOffer = 131_072
}

extension HTTPFields {
    /// For names that have no constant of their own.
    fileprivate mutating func set(_ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { self[name] = value }
    }
}
