package import Access
internal import Audit
internal import HTTPTypes
internal import Hummingbird
internal import IO
internal import NIOCore
internal import RemoteControl
package import SFU
internal import Synchronization
internal import Wire

/// The HTTP API for the clinic's back end, below `/api/v1`; `docs/api.md` and `openapi.json` say what it takes.
package final class RoomAPI: Sendable {
    let session: Session
    /// What tokens are signed with; `nil`: none can be made.
    let signer: TokenKey?
    let room: Identifier
    /// Whether the room asks for tokens at all.
    let isOpen: Bool
    let auditFile: String?
    /// What links begin with: the room's address outside, where it is known, or a path.
    let address: String
    let statistics: APIStatistics
    let events: EventStream
    private let door: Mutex<APIDoor>
    let minted = Mutex(MintedTokens())
    private let description: [UInt8]
    /// What was set.
    let settings: APISettings

    package init(
        _ session: Session,
        _ configuration: Configuration,
        signer: TokenKey?,
        worker: Worker,
        events: RoomEvents = RoomEvents(),
        settings: APISettings = APISettings([]),
        description: [UInt8] = PageAssets.builtIn["openapi.json"] ?? []
    ) {
        self.session = session
        self.signer = signer
        room = configuration.access.room
        isOpen = configuration.access.isOpen
        auditFile = configuration.audit.file
        address = configuration.front.base?.description ?? "/"
        statistics = APIStatistics(session: session, worker: worker, name: configuration.log.session)
        self.events = EventStream(events: events, session: configuration.log.session)
        door = Mutex(APIDoor(secret: configuration.apiSecret))
        self.description = description
        self.settings = settings
    }

    /// Answers a request; what it shows is in no log.
    ///
    /// - Parameters:
    ///   - share: Where it comes from.
    ///   - channel: The connection; closed if what it reads as it happens is too much for it.
    func response(
        to request: Request,
        from share: NetworkShare?,
        on channel: (any Channel)? = nil
    ) async -> Response {
        var answer: Response
        do {
            answer = try await answered(request, from: share, on: channel)
        } catch {
            answer = error.response
        }
        guard request.method == .head else { return answer }
        // As for GET, without what it is about (RFC 9110 §9.3.2).
        answer.body = .init()
        return answer
    }

    private func answered(
        _ request: Request,
        from share: NetworkShare?,
        on channel: (any Channel)?
    ) async throws(APIProblem) -> Response {
        let now = Instant.now()
        let credential = try door.withLock { door throws(APIProblem) in
            try door.read(request.headers[.authorization], from: share, now: now)
        }
        let path = request.head.path ?? ""
        guard path.hasPrefix(Self.root + "/") else { throw Self.nothing }
        let asked = try await APIRequest(request, path: path.dropFirst(Self.root.count))
        let operations = APIOperation.at(asked.path)
        guard !operations.isEmpty else { throw Self.nothing }
        let method: HTTPRequest.Method = asked.method == .head ? .get : asked.method
        guard let operation = operations[method] else {
            let known = operations.keys.map(\.rawValue) + (operations[.get] == nil ? [] : ["HEAD"])
            throw APIProblem(
                .methodNotAllowed,
                "This address takes \(known.sorted().joined(separator: ", ")).",
                allow: known.sorted()
            )
        }
        if operation == .describe { return Self.response(.ok, description, type: "application/json") }
        try await check(credential, from: share, now: now)
        if operation == .readEvents {
            // Nobody reads what is not sent.
            guard request.method != .head else {
                return Self.response(.ok, [], type: EventStream.contentType)
            }
            let last = HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] }
            return try events.response(after: last, on: channel)
        }
        return try await perform(operation, asked)
    }

    /// Whether a request for something else shows what opens the API.
    func admit(_ request: Request, from share: NetworkShare?) async throws(APIProblem) {
        let now = Instant.now()
        let credential = try door.withLock { door throws(APIProblem) in
            try door.read(request.headers[.authorization], from: share, now: now)
        }
        try await check(credential, from: share, now: now)
    }

    private func check(
        _ credential: APIDoor.Credential,
        from share: NetworkShare?,
        now: Instant
    ) async throws(APIProblem) {
        switch credential {
        case .none: throw .unauthorized
        case .secret: break
        case .token(let text):
            let token = try await authorize(text, from: share)
            try door.withLock { door throws(APIProblem) in try door.take(token, now: now) }
        }
    }

    private func authorize(_ text: String, from share: NetworkShare?) async throws(APIProblem) -> JoinToken {
        let token: JoinToken
        do throws(TokenRefusal) {
            token = try await session.authorize(text, from: share)
        } catch {
            if case .tooManyTries(let seconds) = error {
                throw APIProblem(.tooManyRequests, Refusal(error).message, retryAfter: seconds)
            }
            var problem = APIProblem.unauthorized
            problem.detail += " This token is refused (\(error.code.rawValue))."
            throw problem
        }
        guard token.isAdmin else { throw APIProblem(.forbidden, "This token has not the scope admin.") }
        return token
    }

    static func response(
        _ status: HTTPResponse.Status,
        _ body: [UInt8] = [],
        type: String? = nil
    ) -> Response {
        var headers: HTTPFields = [.cacheControl: "no-store"]
        if let type { headers[.contentType] = type }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    static func response(_ status: HTTPResponse.Status, _ body: JSONObject) -> Response {
        response(status, body.bytes, type: "application/json")
    }

    private static let nothing = APIProblem(.notFound, "There is nothing at this address.")
    private static let root = "/api/v1"
}
