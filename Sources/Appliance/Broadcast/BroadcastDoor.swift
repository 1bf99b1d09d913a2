package import Access
internal import HTTPTypes
internal import IO
package import MediasoupSignalling
internal import SFU
internal import Wire

/// Lets programs in by mediasoup-demo's broadcaster API, and knows them.
@SessionActor package final class BroadcastDoor {
    private let settings: BroadcastSettings
    private let broadcasts: Broadcasts
    private let reception: Reception
    private let door: JoinDoor
    private let codecs: RoomCodecs
    private var allowance = OutsideAllowance()
    /// By what they call themselves.
    private var broadcasters: [String: Broadcaster] = [:]

    init(
        _ settings: BroadcastSettings,
        _ broadcasts: Broadcasts,
        _ reception: Reception,
        _ door: JoinDoor,
        codecs: RoomCodecs
    ) {
        self.settings = settings
        self.broadcasts = broadcasts
        self.reception = reception
        self.door = door
        self.codecs = codecs
    }

    /// Broadcasters that are there.
    package var count: Int { broadcasters.count }

    /// Counts a request.
    func admit(_ request: OutsideAllowance.Request, from share: NetworkShare?) throws(APIProblem) {
        guard allowance.admit(request, from: share, now: .now()) else {
            throw APIProblem(.tooManyRequests, "Too many requests come from this address.", retryAfter: 2)
        }
    }

    /// Does what a request asks for.
    ///
    /// - Parameters:
    ///   - peer: Which broadcaster the request is about; `nil`: none yet.
    ///   - token: What is shown with it.
    package func answer(
        _ request: BroadcastRequest,
        of peer: String?,
        showing token: String?,
        from share: NetworkShare?
    ) async throws(APIProblem) -> BroadcastReply {
        switch request {
        case .begin(let begin): return try self.begin(begin, showing: token, from: share)
        case .look: return BroadcastReply(.ok, capabilities)
        default: break
        }
        guard let peer, let broadcaster = broadcasters[peer] else { throw .broadcasterGone() }
        if let needed = broadcaster.token, token.map({ needed.matches($0) }) != true {
            throw APIProblem(.unauthorized, "This broadcaster wants the same token as when it began.")
        }
        return try await broadcaster.answer(request)
    }

    private func begin(
        _ begin: BroadcastRequest.Begin,
        showing token: String?,
        from share: NetworkShare?
    ) throws(APIProblem) -> BroadcastReply {
        do throws(Refusal) {
            try door.look(at: token, from: share, now: .now())
        } catch {
            throw APIProblem(outside: error)
        }
        guard broadcasters[begin.peer] == nil else {
            throw APIProblem(.conflict, "There is a broadcaster of this name: end it first, or take another.")
        }
        guard broadcasters.count < Self.mostBroadcasters else {
            throw APIProblem(.serviceUnavailable, "There are too many broadcasters.", retryAfter: 10)
        }
        broadcasters[begin.peer] = Broadcaster(
            begin,
            showing: token,
            from: share,
            isLocal: settings.isLocal,
            reception,
            broadcasts,
            onEnd: { [weak self] in self?.broadcasters[begin.peer] = nil }
        )
        return BroadcastReply(
            begin.isClassic ? .ok : .created,
            JSONObject([
                "peers": .array([.object(BroadcastWords.desk(idName: begin.isClassic ? "id" : "peerId"))])
            ]),
            location: begin.peer
        )
    }

    /// As both generations look for them: the object itself, and as a member.
    private var capabilities: JSONObject {
        let capabilities = RouterCapabilities(
            audio: codecs.codecs(of: .audio),
            video: codecs.codecs(of: .video)
        ).mediasoup
        return JSONObject(
            capabilities.members.map { ($0.name, Optional($0.value)) } + [
                ("routerRtpCapabilities", .object(capabilities))
            ]
        )
    }

    /// More than a room's clinic has programs.
    private static let mostBroadcasters = 64
}
