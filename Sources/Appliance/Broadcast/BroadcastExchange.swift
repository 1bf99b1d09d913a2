internal import HTTPTypes
package import MediasoupSignalling
package import RemoteControl
package import SFU
package import Wire

/// One broadcaster, from its first request to its end: what it says to the room, what of its requests is in order, and
/// when nobody sends for it any more.
///
/// It is a person of the room from its first transport on, who sends or who watches: then it is known which.
/// A machine without I/O; after each call drain ``poll()``, then schedule ``pollTimeout()``.
package struct BroadcastExchange {
    package enum Output: Hashable, Sendable {
        case admitted(ParticipantID)
        /// What came of the packets is to be told to ``handle(packets:now:)``.
        case count
        /// The broadcaster is over; nothing follows.
        case end
        case refused(APIProblem)
        case say(ClientMessage)
        /// The connection by which it tried to come in is of no use any more.
        case turnBack
    }

    private enum Stage: Hashable {
        case named(until: Instant)
        case joining(until: Instant)
        case live(ParticipantID)
        case over
    }

    private let begin: BroadcastRequest.Begin
    private let isLocal: Bool
    private var stage: Stage
    /// What it has come as.
    package private(set) var client: OutsideClient?
    private var isWaiting = false
    private var refusal: Refusal?
    package private(set) var transports: Set<TransportID> = []
    private var kinds: Set<MediaKind> = []
    /// Packets that had come when something last did, and when that was.
    private var heard: (packets: UInt64, at: Instant)?
    private var countAt: Instant?
    private var outputs: [Output] = []

    /// - Parameter isLocal: Whether what is sent stays in this machine.
    package init(_ begin: BroadcastRequest.Begin, isLocal: Bool, now: Instant) {
        self.begin = begin
        self.isLocal = isLocal
        stage = .named(until: now + Self.namedTime)
    }

    package var isOver: Bool { stage == .over }

    /// Who it is in the room; `nil`: nobody yet, or not any more.
    package var person: ParticipantID? { if case .live(let id) = stage { id } else { nil } }

    // MARK: Requests

    /// What it has to be in the room for a transport; nobody who is not let in gets one.
    package func client(for request: BroadcastRequest.MakeTransport) throws(APIProblem) -> OutsideClient {
        try checkOver()
        let isConsuming = request.isConsuming ?? (begin.capabilities != nil)
        let asked: OutsideClient = isConsuming ? .viewer : .publisher
        if let client, client != asked { throw Self.otherWay(client) }
        guard isLocal || request.srtp != nil else {
            throw APIProblem(
                .badRequest,
                "RTP leaves this machine here, and has to be sealed: say enableSrtp and srtpCryptoSuite."
            )
        }
        guard transports.count < Self.mostTransports else {
            throw APIProblem(.conflict, "A broadcaster has at most \(Self.mostTransports) transports.")
        }
        return asked
    }

    /// Asks to be let in; answered by ``Output/admitted(_:)`` or ``Output/refused(_:)``.
    package mutating func enter(as client: OutsideClient, _ join: ClientMessage.Join, now: Instant) {
        self.client = client
        stage = .joining(until: now + Self.joiningTime)
        (isWaiting, refusal) = (false, nil)
        outputs.append(.say(.join(join)))
    }

    package mutating func handleMade(_ transport: TransportID, now: Instant) {
        transports.insert(transport)
        // Whoever has made another has time to begin.
        heard = (heard?.packets ?? 0, now)
        countAt = countAt ?? now + Self.countInterval
    }

    /// One of its transports, by its name.
    package func transport(_ name: String) throws(APIProblem) -> TransportID {
        try checkOver()
        guard let id = UInt32(name).map({ TransportID($0) }), transports.contains(id) else {
            throw APIProblem(.notFound, "This broadcaster has no such transport (any more).")
        }
        return id
    }

    /// Whether it may announce a stream.
    package func checkProduce(_ kind: MediaKind) throws(APIProblem) {
        try checkOver()
        guard client != .viewer else { throw Self.otherWay(.viewer) }
        guard !kinds.contains(kind) else {
            throw APIProblem(.conflict, Refusal(kind == .video ? .oneCamera : .oneMicrophone).message)
        }
    }

    package mutating func handleProduced(_ kind: MediaKind) {
        kinds.insert(kind)
        outputs.append(
            .say(
                .setMedia(
                    RoomMessage.Media(
                        audio: kinds.contains(.audio) ? .on : .none,
                        video: kinds.contains(.video) ? .on : .none
                    )
                )
            )
        )
    }

    /// What it asks to be sent.
    package func producer(_ name: String) throws(APIProblem) -> DeskProducer {
        try checkOver()
        guard client != .publisher else { throw Self.otherWay(.publisher) }
        guard let producer = DeskProducer(rawValue: name) else {
            let names = DeskProducer.allCases.map(\.rawValue).joined(separator: " and ")
            throw APIProblem(.notFound, "There is no such producer: a broadcaster is sent \(names).")
        }
        return producer
    }

    package mutating func leave() {
        if person != nil { outputs.append(.say(.leave)) }
        end()
    }

    private func checkOver() throws(APIProblem) { if isOver { throw .broadcasterGone() } }

    private static func otherWay(_ client: OutsideClient) -> APIProblem {
        APIProblem(
            .conflict,
            client == .viewer
                ? "This broadcaster is sent the desk, and sends nothing itself: begin another one for that."
                : "This broadcaster sends, and is sent nothing: begin another one for that."
        )
    }

    // MARK: What happens

    package mutating func hear(_ news: OutsideEnd.News) {
        switch news {
        case .message(.welcome(let welcome)):
            guard case .joining = stage else { return }
            let id = ParticipantID(welcome.you.id)
            stage = .live(id)
            outputs.append(.admitted(id))
        case .message(.waiting): isWaiting = true
        case .message(.ended(let why)): refusal = why
        case .message(.error("join", let why)):
            guard case .joining = stage else { return }
            turnBack(APIProblem(outside: why))
        case .message, .secured: break
        }
    }

    /// The room has let the person go.
    package mutating func handleClosed() {
        switch stage {
        case .joining: turnBack(refusal.map { APIProblem(outside: $0) } ?? .outsideLate())
        case .live: end()
        case .named, .over: break
        }
    }

    /// - Parameter packets: All that have come by its transports.
    package mutating func handle(packets: UInt64, now: Instant) {
        guard let heard else { return }
        if packets != heard.packets { self.heard = (packets, now) }
    }

    package mutating func handleTimeout(now: Instant) {
        switch stage {
        case .named(let until): if until <= now { end() }
        case .joining(let until):
            if until <= now { turnBack(isWaiting ? .outsideWaiting() : .outsideLate()) }
        case .live:
            if let due = countAt, due <= now {
                if let heard, heard.at + Self.silence <= now { return leave() }
                countAt = now + Self.countInterval
                outputs.append(.count)
            }
        case .over: break
        }
    }

    package func pollTimeout() -> Instant? {
        switch stage {
        case .named(let until), .joining(let until): until
        case .live: countAt
        case .over: nil
        }
    }

    /// What is to be done next, oldest first.
    package mutating func poll() -> Output? { outputs.isEmpty ? nil : outputs.removeFirst() }

    /// It may ask again, by another connection.
    private mutating func turnBack(_ problem: APIProblem) {
        guard case .joining(let until) = stage else { return }
        client = nil
        stage = .named(until: until + Self.namedTime)
        outputs += [.turnBack, .refused(problem)]
    }

    private mutating func end() {
        guard stage != .over else { return }
        stage = .over
        outputs.append(.end)
    }

    private static let mostTransports = 4
    /// For a first transport.
    private static let namedTime = Interval.seconds(60)
    private static let joiningTime = Interval.seconds(6)
    /// Without a packet, be it RTP or RTCP: whoever is sent something has to say that they still want it.
    private static let silence = Interval.seconds(30)
    private static let countInterval = Interval.seconds(5)
}

extension APIProblem {
    static func broadcasterGone() -> APIProblem {
        APIProblem(.notFound, "There is no such broadcaster (any more). Begin with POST …/broadcasters.")
    }
}
