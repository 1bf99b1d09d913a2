internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The answers of `/healthz`, `/health/live` and `/health/ready`, which anybody may ask for: nothing is in them that is
/// about anybody.
struct HealthAnswers: Sendable {
    let check: HealthCheck

    func add(to router: Router<PeerRequestContext>) {
        router.get("/healthz") { _, _ in await health() }
        router.get("/health/live") { _, _ in await live() }
        router.get("/health/ready") { _, _ in await ready() }
    }

    /// 200 if the room's own loops do their work, else 503.
    func live() async -> Response {
        let (isAlive, delays) = await check.isAlive()
        return Self.response(
            isAlive ? .ok : .serviceUnavailable,
            Live(
                status: isAlive ? "live" : "stuck",
                mediaThread: delays.mediaThread != nil,
                session: delays.session != nil
            )
        )
    }

    /// 200 if somebody new can come in and see the desk, else 503 and why not.
    func ready() async -> Response {
        let facts = await check.look().facts
        let reasons = facts.reasons
        return Self.response(
            reasons.isEmpty ? .ok : .serviceUnavailable,
            Ready(status: facts.status, reasons: reasons)
        )
    }

    /// 200 and how the room is, in a word and in numbers.
    func health() async -> Response {
        let (facts, numbers, _) = await check.look()
        guard let numbers else {
            return Self.response(.ok, Ready(status: facts.status, reasons: facts.reasons))
        }
        return Self.response(.ok, numbers)
    }

    private static func response(_ status: HTTPResponse.Status, _ body: some Encodable) -> Response {
        let bytes = (try? JSONEncoder().encode(body)) ?? Data()
        return Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    private struct Live: Encodable {
        var status: String
        var mediaThread: Bool
        var session: Bool
    }

    private struct Ready: Encodable {
        var status: HealthStatus
        var reasons: [HealthReason]
    }
}
