internal import Access
internal import HTTPTypes
internal import IO
internal import Wire

/// One session of somebody outside: their connection in the place of a page's, and the requests about it, one at a time.
@SessionActor package final class OutsideSession {
    /// In the session's address; whoever knows it may end it.
    let secret: Secret
    /// What was shown in `Authorization` when it began, and has to be shown again; `nil`: the address is enough.
    let token: Secret?
    let client: OutsideClient
    private let connection: SignallingConnection
    private let news: AsyncStream<OutsideEnd.News>
    private let heard: AsyncStream<OutsideEnd.News>.Continuation
    private var exchange: OutsideExchange
    private var asking: CheckedContinuation<OutsideReply, Never>?
    /// Requests that wait for those before them.
    private var queue: [CheckedContinuation<Void, Never>] = []
    private var isTaken = false
    private let alarm = Alarm()

    init(_ client: OutsideClient, offering offer: OutsideOffer, from share: NetworkShare?, token: Secret?) {
        self.client = client
        self.token = token
        secret = .random()
        exchange = OutsideExchange(client, offering: offer, tag: Secret.random().text)
        var style = SubscribeStyle.outside
        if let view = offer.view, offer.isAnswerable { style = .answer(view) }
        // What is missed is what nobody waits for: states, which are told again.
        let (news, heard) = AsyncStream.makeStream(
            of: OutsideEnd.News.self,
            bufferingPolicy: .bufferingOldest(Self.depth)
        )
        self.news = news
        self.heard = heard
        connection = SignallingConnection(
            share: share,
            outside: OutsideEnd(client, style: style) { news in
                switch news {
                case .message(.control), .message(.desk), .message(.people), .message(.speakers): break
                default: heard.yield(news)
                }
            }
        )
    }

    /// Runs the session until it is over.
    func run(by reception: Reception) async {
        let hearing = Task {
            for await one in news {
                exchange.hear(one, now: .now())
                drive()
            }
        }
        await reception.serve(connection)
        // What was said to it last says why.
        heard.finish()
        await hearing.value
        exchange.handleClosed()
        drive()
        alarm.stop()
    }

    /// Does something with the session once nothing else is done with it, and waits for the answer.
    package func ask(_ request: @SessionActor (inout OutsideExchange) -> Void) async -> OutsideReply {
        if isTaken {
            guard queue.count < Self.longestQueue else {
                return .refused(
                    APIProblem(
                        .tooManyRequests,
                        "Wait for the answers to the requests before.",
                        retryAfter: 1
                    )
                )
            }
            await withCheckedContinuation { queue.append($0) }
        }
        isTaken = true
        defer {
            isTaken = !queue.isEmpty
            if isTaken { queue.removeFirst().resume() }
        }
        guard !exchange.isOver else { return .refused(.outsideGone()) }
        return await withCheckedContinuation { asked in
            asking = asked
            request(&exchange)
            drive()
        }
    }

    private func drive() {
        while let output = exchange.poll() {
            switch output {
            case .end: connection.close()
            case .reply(let reply):
                asking?.resume(returning: reply)
                asking = nil
            case .say(let message):
                // It says a handful; one that does not get through is one that the room is not able to serve.
                if !connection.receive(message) { connection.close() }
            }
        }
        alarm.set(exchange.pollTimeout()) {
            self.exchange.handleTimeout(now: .now())
            self.drive()
        }
    }

    private static let depth = 256
    private static let longestQueue = 4
}
