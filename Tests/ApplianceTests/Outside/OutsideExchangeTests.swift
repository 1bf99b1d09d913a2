import Appliance
import HTTPTypes
import Testing
import WebRTC
import Wire

/// A session from outside on a virtual clock: what it says to the room, and what its requests are answered.
@Suite struct OutsideExchangeTests {
    // MARK: A viewer

    @Test func aViewerIsLetInAnsweredAndGoes() throws {
        var viewer = try Session(.viewer)
        try viewer.open()
        #expect(viewer.said == [.join(viewer.join)])
        viewer.hear(.welcome(viewer.welcome))
        viewer.hear(.subscribeOffer(sdp: "v=0 answer", id: 1, tracks: [:]))
        #expect(viewer.said == [.subscribeAnswer(sdp: OutsideOffers.viewer, id: 1), .ping])
        #expect(viewer.replies == [])
        viewer.hear(.pong)
        #expect(viewer.replies == [.created(sdp: "v=0 answer", tag: "one", servers: nil)])
        viewer.hear(secured: true)
        #expect(viewer.exchange.pollTimeout() == nil)
        viewer.do { $0.leave(now: $1) }
        #expect(viewer.said == [.leave] && viewer.replies == [])
        viewer.do { exchange, _ in exchange.handleClosed() }
        #expect(viewer.replies == [.ended] && viewer.hasEnded && viewer.exchange.isOver)
    }

    @Test func whatTheDeskIsNotSentInIsAnsweredByAnOfferThatHoldsForAWhile() throws {
        var viewer = try Session(.viewer, sdp: OutsideOffers.viewer.replacing("a=rtpmap:12", with: "a=x:"))
        try viewer.open()
        viewer.hear(.welcome(viewer.welcome))
        viewer.hear(.subscribeOffer(sdp: "v=0 offer", id: 1, tracks: [:]))
        #expect(viewer.replies == [.counter(sdp: "v=0 offer", seconds: 30, servers: nil)])
        _ = viewer.said
        viewer.pass(29)
        viewer.do { $0.answer("v=0 their answer", now: $1) }
        #expect(viewer.said == [.subscribeAnswer(sdp: "v=0 their answer", id: 1), .ping])
        viewer.hear(.pong)
        #expect(viewer.replies == [.done])
        // Once is enough.
        viewer.do { $0.answer("v=0", now: $1) }
        #expect(viewer.statuses == [409])
    }

    @Test func anOfferOfTheRoomsThatNobodyAnswersEndsTheSession() throws {
        var viewer = try Session(.viewer, sdp: OutsideOffers.viewer.replacing("a=rtpmap:12", with: "a=x:"))
        try viewer.open()
        viewer.hear(.subscribeOffer(sdp: "v=0 offer", id: 1, tracks: [:]))
        _ = viewer.replies
        viewer.pass(31)
        #expect(viewer.hasEnded)
    }

    @Test func anAnswerThatCannotBeUsedEndsTheSessionInWords() throws {
        var viewer = try Session(.viewer, sdp: OutsideOffers.viewer.replacing("a=rtpmap:12", with: "a=x:"))
        try viewer.open()
        viewer.hear(.subscribeOffer(sdp: "v=0 offer", id: 1, tracks: [:]))
        viewer.do { $0.answer("nonsense", now: $1) }
        _ = (viewer.replies, viewer.said)
        viewer.hear(.error(step: "subscribeAnswer", Refusal(uncoded: "No.")))
        viewer.hear(.pong)
        #expect(viewer.statuses == [400] && viewer.hasEnded)
    }

    // MARK: A publisher

    @Test func aPublisherIsAnsweredAndSaysWhatItSends() throws {
        var publisher = try Session(.publisher)
        try publisher.open()
        _ = publisher.said
        publisher.hear(.welcome(publisher.welcome))
        #expect(publisher.said == [.publishOffer(sdp: OutsideOffers.obs), .ping])
        let answer = try publisher.answer(accepting: ["1"])
        publisher.hear(.error(step: "publish", Refusal(.mayNotSpeak)))
        publisher.hear(.publishAnswer(sdp: answer))
        publisher.hear(.pong)
        #expect(publisher.replies == [.created(sdp: answer, tag: "one", servers: nil)])
        #expect(publisher.said == [.setMedia(RoomMessage.Media(audio: .none, video: .on))])
    }

    @Test func aPublisherOfWhomNothingIsTakenIsToldWhy() throws {
        var publisher = try Session(.publisher)
        try publisher.open()
        publisher.hear(.welcome(publisher.welcome))
        publisher.hear(.error(step: "publish", Refusal(.mayNotShow)))
        publisher.hear(.publishAnswer(sdp: try publisher.answer(accepting: [])))
        publisher.hear(.pong)
        #expect(publisher.statuses == [403] && publisher.hasEnded)
    }

    // MARK: Who is not let in

    @Test(arguments: [
        (RefusalCode.tokenExpired, 401), (.tokenMissing, 401), (.mayNotWatchOutside, 403), (.removed, 403),
        (.roomFull, 503), (.tooManyFromAddress, 429), (.roomClosing, 503), (.nameEmpty, 400),
    ])
    func whoeverIsRefusedIsToldByAStatusAndInWords(_ code: RefusalCode, _ status: Int) throws {
        var viewer = try Session(.viewer)
        try viewer.open()
        viewer.hear(.error(step: "join", Refusal(code)))
        let reply = try #require(viewer.replies.first)
        guard case .refused(let problem) = reply else { throw Unexpected() }
        #expect(problem.status.code == status)
        #expect(problem.detail == Refusal(code).message)
        #expect((problem.retryAfter == nil) == (status < 409))
        #expect(viewer.hasEnded)
    }

    @Test func whoeverIsRemovedBeforeTheAnswerIsToldSo() throws {
        var viewer = try Session(.viewer)
        try viewer.open()
        viewer.hear(.welcome(viewer.welcome))
        viewer.hear(.ended(Refusal(.removed)))
        viewer.do { exchange, _ in exchange.handleClosed() }
        #expect(viewer.statuses == [403] && viewer.hasEnded)
    }

    @Test func whoeverHasToWaitIsToldToComeAgain() throws {
        var viewer = try Session(.viewer)
        try viewer.open()
        viewer.hear(.waiting(WaitingNotice(since: 0, now: 0, line: nil, resume: "")))
        viewer.pass(5)
        #expect(viewer.replies == [])
        viewer.pass(1)
        guard case .refused(let problem)? = viewer.replies.first else { throw Unexpected() }
        #expect(
            problem.status.code == 503 && problem.retryAfter == 10 && problem.detail.contains("let you in")
        )
        #expect(viewer.hasEnded)
    }

    @Test func whoeverNeverConnectsIsGivenUp() throws {
        var viewer = try Session(.viewer).live()
        viewer.pass(29)
        #expect(!viewer.hasEnded)
        viewer.pass(1)
        #expect(viewer.hasEnded)
    }

    // MARK: ICE

    @Test func aRestartIsAnsweredByNewCredentialsAndANewTag() throws {
        for client in OutsideClient.allCases {
            var session = try Session(client).live()
            session.restart("wxyz", .any, "two")
            let offer = session.offer(with: "wxyz")
            if client == .viewer {
                #expect(session.said == [.restartSubscribe])
                session.hear(.subscribeOffer(sdp: session.room, id: 2, tracks: [:]))
                #expect(session.said == [.subscribeAnswer(sdp: offer, id: 2), .ping])
            } else {
                #expect(session.said == [.publishOffer(sdp: offer), .ping])
                session.hear(.publishAnswer(sdp: session.room))
            }
            session.hear(.pong)
            guard case .restarted(let fragment, "two")? = session.replies.first else { throw Unexpected() }
            #expect(fragment.usernameFragment == "roomroom" && fragment.isICELite && fragment.isComplete)
            #expect(fragment.candidates.count == 2)
            #expect(session.exchange.tag == "two")
            // What comes of before is late, whatever it says.
            session.trickle("wxyz", .these(["one"]))
            session.trickle("abcd", .any)
            #expect(session.statuses == [412, 412])
            session.trickle("wxyz", .these(["two"]))
            session.trickle("wxyz", nil)
            #expect(session.replies == [.done, .done])
        }
    }

    @Test func candidatesAreTakenWithTheTagOrWithout() throws {
        var session = try Session(.publisher).live()
        session.trickle("abcd", .these(["one"]))
        session.trickle("abcd", nil)
        session.trickle(nil, nil)
        #expect(session.replies == [.done, .done, .done])
        session.trickle("abcd", .these(["other"]))
        session.restart("wxyz", nil, "two")
        session.restart("wxyz", .these(["other"]), "two")
        #expect(session.statuses == [412, 428, 412])
        #expect(session.exchange.tag == "one" && session.said == [])
    }

    @Test func aRestartThatFailsLeavesTheSession() throws {
        var session = try Session(.viewer).live()
        session.restart("wxyz", .any, "two")
        session.pass(5)
        #expect(session.statuses == [503])
        #expect(!session.hasEnded && session.exchange.tag == "one")
        session.trickle("abcd", .these(["one"]))
        #expect(session.replies == [.done])
    }

    @Test func whatComesAfterTheEndIsAnsweredAndNothingIsLeftWaiting() throws {
        var session = try Session(.viewer).live()
        session.restart("wxyz", .any, "two")
        session.do { exchange, _ in exchange.handleClosed() }
        #expect(session.statuses == [404] && session.hasEnded)
        session.do { exchange, _ in exchange.handleClosed() }
        #expect(session.replies == [] && session.exchange.pollTimeout() == nil)
    }
}

private struct Unexpected: Error {}

/// An exchange, and what has come out of it.
private struct Session {
    var exchange: OutsideExchange
    let join: ClientMessage.Join
    let room: String
    private let sdp: String
    private var now = Instant(nanoseconds: 1_000_000_000)
    private var outputs: [OutsideExchange.Output] = []

    init(_ client: OutsideClient, sdp: String? = nil) throws {
        self.sdp = sdp ?? (client == .viewer ? OutsideOffers.viewer : OutsideOffers.obs)
        exchange = OutsideExchange(
            client,
            offering: try OutsideOffer(parsing: self.sdp, by: client),
            tag: "one"
        )
        join = ClientMessage.Join(name: try DisplayName(parsing: "Screen"), resume: nil)
        room = try PublishOffer(parsing: OutsideOffers.obs)
            .answer(transport: roomTransport(), accepting: ["0", "1"])
    }

    var welcome: RoomMessage.Welcome {
        RoomMessage.Welcome(
            you: RoomMessage.Person(id: 1, name: "Screen"),
            resume: "",
            resumed: false,
            desk: RoomMessage.Desk(state: .live, width: 1, height: 1),
            control: RoomMessage.Control(holder: nil),
            people: []
        )
    }

    var said: [ClientMessage] { mutating get { take { if case .say(let said) = $0 { said } else { nil } } } }
    var replies: [OutsideReply] {
        mutating get { take { if case .reply(let reply) = $0 { reply } else { nil } } }
    }
    var hasEnded: Bool { outputs.contains(.end) }

    /// Of replies that refuse.
    var statuses: [Int] {
        mutating get {
            replies.map { if case .refused(let problem) = $0 { problem.status.code } else { 0 } }
        }
    }

    private mutating func take<Kind>(_ which: (OutsideExchange.Output) -> Kind?) -> [Kind] {
        let found = outputs.compactMap(which)
        outputs.removeAll { which($0) != nil }
        return found
    }

    mutating func `do`(_ act: (inout OutsideExchange, Instant) -> Void) {
        act(&exchange, now)
        while let output = exchange.poll() { outputs.append(output) }
    }

    mutating func open() throws { self.do { [join] in $0.open(join, now: $1) } }
    mutating func hear(_ message: RoomMessage) { self.do { $0.hear(.message(message), now: $1) } }
    mutating func hear(secured: Bool) { self.do { $0.hear(.secured, now: $1) } }

    mutating func pass(_ seconds: Int64) {
        now = now + .seconds(seconds)
        self.do { $0.handleTimeout(now: $1) }
    }

    func answer(accepting mids: Set<String>) throws -> String {
        try PublishOffer(parsing: OutsideOffers.obs).answer(transport: roomTransport(), accepting: mids)
    }

    func offer(with name: String) -> String {
        OutsideOffer.replacing(ICECredentials(usernameFragment: name, password: Self.password), in: sdp)
    }

    /// As it is once it has been answered, and nothing is left of that.
    func live() throws -> Session {
        var session = self
        try session.open()
        session.hear(.welcome(welcome))
        if exchange.client == .viewer {
            session.hear(.subscribeOffer(sdp: room, id: 1, tracks: [:]))
        } else {
            session.hear(.publishAnswer(sdp: room))
        }
        session.hear(.pong)
        guard session.replies == [.created(sdp: room, tag: "one", servers: nil)] else { throw Unexpected() }
        session.outputs.removeAll()
        return session
    }

    mutating func restart(_ name: String, _ match: EntityTags?, _ tag: String) {
        let fragment = TrickleFragment(usernameFragment: name, password: Self.password)
        self.do { $0.patch(fragment, matching: match, newTag: tag, now: $1) }
    }

    mutating func trickle(_ name: String?, _ match: EntityTags?) {
        let fragment = TrickleFragment(
            usernameFragment: name,
            password: name == nil ? nil : Self.password,
            candidates: ["1 1 udp 1 192.0.2.1 9 typ host"]
        )
        self.do { $0.patch(fragment, matching: match, newTag: "never", now: $1) }
    }

    private static let password = "0123456789abcdefghijkl"
}
