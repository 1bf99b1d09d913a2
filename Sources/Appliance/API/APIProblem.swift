internal import Access
package import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Why a request to the API was not acted on, as it is answered (RFC 9457).
package struct APIProblem: Error, Hashable, Sendable {
    package var status: HTTPResponse.Status
    /// What whoever wrote the program can do.
    package var detail: String
    /// Seconds.
    package var retryAfter: Int64?
    /// The methods that there are.
    package var allow: [String] = []

    package init(
        _ status: HTTPResponse.Status,
        _ detail: String,
        retryAfter: Int64? = nil,
        allow: [String] = []
    ) {
        self.status = status
        self.detail = detail
        self.retryAfter = retryAfter
        self.allow = allow
    }

    var response: Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if !allow.isEmpty { headers[.allow] = allow.joined(separator: ", ") }
        let body = JSONObject([
            "type": .string("about:blank"), "title": .string(status.reasonPhrase),
            "status": .integer(Int64(status.code)), "detail": .string(detail),
        ])
        return Response(
            status: status,
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: body.bytes))
        )
    }
}
