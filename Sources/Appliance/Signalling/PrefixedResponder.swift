internal import HTTPTypes
internal import Hummingbird

/// Takes a prefix off the path of requests, so that the room answers below it as at the root.
struct PrefixedResponder<Next: HTTPResponder>: HTTPResponder where Next.Context == PeerRequestContext {
    let next: Next
    /// Those that a request may have, without the slash at the end.
    let prefixes: @Sendable (Request, PeerRequestContext) -> [String]

    func respond(to request: Request, context: PeerRequestContext) async throws -> Response {
        let target = request.head.path ?? ""
        switch PathPrefix.remove(prefixes(request, context), from: target) {
        case .none: return try await next.respond(to: request, context: context)
        case .directory(let prefix):
            // Without the slash the page would look for its files beside the prefix (RFC 3986 §5.2.3).
            let query = target[(target.firstIndex(of: "?") ?? target.endIndex)...]
            return Response(status: .permanentRedirect, headers: [.location: prefix + "/" + query])
        case .path(let path):
            var head = request.head
            head.path = path
            return try await next.respond(to: Request(head: head, body: request.body), context: context)
        }
    }
}

/// What is left of a request's path without its prefix.
package enum PathPrefix: Hashable, Sendable {
    /// It is the prefix, without the slash at its end.
    case directory(String)
    /// It has no prefix.
    case none
    /// It begins with a slash, and has the query.
    case path(String)

    package static func remove(_ prefixes: [String], from target: String) -> PathPrefix {
        for prefix in prefixes where !prefix.isEmpty && target.hasPrefix(prefix) {
            let rest = target.dropFirst(prefix.count)
            switch rest.first {
            case "/": return .path(String(rest))
            case nil, "?": return .directory(prefix)
            default: continue
            }
        }
        return .none
    }
}
