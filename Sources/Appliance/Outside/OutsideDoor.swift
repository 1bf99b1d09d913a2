package import Access
internal import HTTPTypes
internal import IO
internal import RemoteControl
internal import Wire

/// Lets people in who come by a program or page of their own (WHIP, WHEP), and knows their sessions.
@SessionActor package final class OutsideDoor {
    /// Lets programs in that speak plain RTP; `nil` where that is off.
    let broadcasts: BroadcastDoor?
    private let settings: OutsideSettings
    private let reception: Reception
    private let desk: SharedDesk
    private let codecs: RoomCodecs
    private let descriptions: DescriptionReader
    private var allowance = OutsideAllowance()
    /// By what is in their addresses.
    private var sessions: [String: OutsideSession] = [:]
    /// Those that ended last, the newest last: some programs close their connection first, and then say that it is to end.
    private var ended: [OutsideSession] = []

    init(
        _ settings: OutsideSettings,
        _ reception: Reception,
        _ desk: SharedDesk,
        codecs: RoomCodecs,
        descriptions: DescriptionReader,
        broadcasts: BroadcastDoor?
    ) {
        self.broadcasts = broadcasts
        self.settings = settings
        self.reception = reception
        self.desk = desk
        self.codecs = codecs
        self.descriptions = descriptions
    }

    /// Sessions that are there.
    package var count: Int { sessions.count }

    /// Counts a request.
    func admit(_ request: OutsideAllowance.Request, from share: NetworkShare?) throws(APIProblem) {
        guard allowance.admit(request, from: share, now: .now()) else {
            throw APIProblem(.tooManyRequests, "Too many requests come from this address.", retryAfter: 2)
        }
    }

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - shown: The token, and whether it came in `Authorization`.
    ///   - name: What the peer calls itself, if the token does not say.
    /// - Returns: What is in the session's address, and the answer.
    package func open(
        _ client: OutsideClient,
        offering sdp: String,
        showing shown: (token: String, isInHeader: Bool)?,
        named name: String?,
        from share: NetworkShare?
    ) async throws(APIProblem) -> (session: String, reply: OutsideReply) {
        guard settings.takes(client) else { throw APIProblem.outsideClosed(client) }
        let name = try Self.name(name ?? Self.usualName(client))
        let offer: OutsideOffer
        switch await descriptions.read(sdp, by: client, for: codecs) {
        case .success(let read): offer = read
        case .failure(let error): throw APIProblem(.badRequest, error.description)
        }
        if client == .viewer, !desk.isConnected {
            throw APIProblem(.conflict, "The desk is not there at the moment.", retryAfter: 5)
        }
        guard sessions.count < Self.mostSessions else {
            throw APIProblem(.serviceUnavailable, "There are too many sessions from outside.", retryAfter: 10)
        }
        let token = shown.flatMap { $0.isInHeader ? Secret($0.token) : nil }
        let session = OutsideSession(client, offering: offer, from: share, token: token)
        sessions[session.secret.text] = session
        Task {
            await session.run(by: reception)
            sessions[session.secret.text] = nil
            ended.append(session)
            if ended.count > Self.mostEnded { ended.removeFirst() }
        }
        let join = ClientMessage.Join(
            name: name,
            resume: nil,
            // By this whoever has waited is known again, and nobody else who has not this token.
            browser: shown.map { FileDigest(of: "\(client.rawValue) \($0.token)".utf8).hexadecimal },
            token: shown?.token
        )
        let reply = await session.ask { $0.open(join, now: .now()) }
        return (session.secret.text, reply)
    }

    /// Whether a session has ended of late.
    func hasEnded(_ secret: String, of client: OutsideClient) -> Bool {
        ended.contains { $0.client == client && $0.secret.matches(secret) }
    }

    /// The session of an address.
    ///
    /// - Parameter token: What is shown in `Authorization`.
    package func session(
        _ secret: String,
        of client: OutsideClient,
        showing token: String?
    ) throws(APIProblem) -> OutsideSession {
        guard let session = sessions[secret], session.client == client else { throw .outsideGone() }
        if let needed = session.token, token.map({ needed.matches($0) }) != true {
            throw APIProblem(
                .unauthorized,
                "This session wants the same Authorization: Bearer as when it began."
            )
        }
        return session
    }

    private static func name(_ text: String) throws(APIProblem) -> DisplayName {
        do {
            return try DisplayName(parsing: text)
        } catch {
            throw APIProblem(.badRequest, Refusal(error).message)
        }
    }

    private static func usualName(_ client: OutsideClient) -> String {
        client == .viewer ? "Outside viewer" : "Outside publisher"
    }

    /// More than a room has people.
    private static let mostSessions = 512
    private static let mostEnded = 256
}

extension FileDigest {
    var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
