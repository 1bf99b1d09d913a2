internal import Access
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The answer of `/metrics`, for those who may read it.
package struct MetricsAnswers: Sendable {
    private let metrics: RoomMetrics
    private let door: MetricsDoor
    private let api: RoomAPI?

    package init(_ metrics: RoomMetrics, _ settings: MetricsSettings, api: RoomAPI?) {
        self.metrics = metrics
        door = MetricsDoor(settings)
        self.api = api
    }

    /// - Parameters:
    ///   - peer: The address of the connection's other end.
    ///   - share: Where the request comes from.
    func response(to request: Request, peer: String, share: NetworkShare?) async -> Response {
        guard door.isOpen else {
            return APIProblem(.notFound, "This room tells no metrics (metrics.access).").response
        }
        let isAdmitted = door.admits(
            peer: peer,
            isForwarded: Self.forwarding.contains { request.headers[$0] != nil },
            authorization: request.headers[.authorization]
        )
        if !isAdmitted, let problem = await problem(request, share) { return problem.response }
        return Response(
            status: .ok,
            headers: [.contentType: PrometheusText.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: await metrics.text()))
        )
    }

    /// Why a request by somebody who is elsewhere is not answered.
    private func problem(_ request: Request, _ share: NetworkShare?) async -> APIProblem? {
        guard let api, request.headers[.authorization] != nil else {
            return APIProblem(
                .unauthorized,
                """
                Metrics are read from the machine that the room runs on, or with the header Authorization: Bearer and \
                the secret for it (metrics.access, metrics.secret).
                """
            )
        }
        do {
            try await api.admit(request, from: share)
        } catch {
            return error
        }
        return nil
    }

    private static let forwarding = ["Forwarded", "X-Forwarded-For"].compactMap { HTTPField.Name($0) }
}
