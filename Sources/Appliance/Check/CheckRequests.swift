internal import Access
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Answers what the test page asks below `/check/`: what there is to test, and its connections' offers.
struct CheckRequests: RouterMiddleware {
    typealias Context = PeerRequestContext

    let checks: CheckRoom
    /// Whose share a request counts for, by where its connection comes from.
    let origin: @Sendable (Request, PeerRequestContext) -> NetworkShare?

    private struct Opening: Decodable {
        var sdp: String
        var token: String?
    }

    func handle(
        _ request: Request,
        context: PeerRequestContext,
        next: (Request, PeerRequestContext) async throws -> Response
    ) async throws -> Response {
        switch (request.method, request.uri.path) {
        case (.get, "/check/clock"): Self.response(["now": RoomClock.milliseconds])
        case (.post, "/check/session"): await open(request, from: origin(request, context))
        default: try await next(request, context)
        }
    }

    private func open(_ request: Request, from share: NetworkShare?) async -> Response {
        do throws(APIProblem) {
            // Another site's page cannot send this type without asking, and is not answered when it asks.
            guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
                throw APIProblem(.unsupportedMediaType, "An offer comes as application/json.")
            }
            guard let body = try? await request.body.collect(upTo: Self.longestOffer),
                let opening = try? JSONDecoder().decode(Opening.self, from: Data(body.readableBytesView))
            else {
                throw APIProblem(.badRequest, "The body is a JSON object with “sdp”, and perhaps “token”.")
            }
            let answer = try await checks.open(opening.sdp, showing: opening.token, from: share)
            return Self.response(answer)
        } catch {
            return error.response
        }
    }

    private static func response(_ value: some Encodable) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: (try? JSONEncoder().encode(value)) ?? Data()))
        )
    }

    /// Bytes: an offer of data channels has a thousand.
    private static let longestOffer = 32_768
}
