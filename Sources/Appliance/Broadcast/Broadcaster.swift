internal import Access
internal import HTTPTypes
internal import IO
internal import MediasoupSignalling
internal import RemoteControl
internal import SFU
internal import Wire

/// One broadcaster: its place in the room, by a connection in the place of a page's, and the requests about it, one at a
/// time.
@SessionActor package final class Broadcaster {
    let begin: BroadcastRequest.Begin
    /// What was shown when it began, and has to be shown with each request; `nil`: nothing.
    let token: Secret?
    private let share: NetworkShare?
    private let reception: Reception
    private let broadcasts: Broadcasts
    private var exchange: BroadcastExchange
    private var connection: SignallingConnection?
    private var entering: CheckedContinuation<APIProblem?, Never>?
    private var isBusy = false
    private let alarm = Alarm()
    /// Called once it is over.
    private let onEnd: @SessionActor () -> Void

    init(
        _ begin: BroadcastRequest.Begin,
        showing token: String?,
        from share: NetworkShare?,
        isLocal: Bool,
        _ reception: Reception,
        _ broadcasts: Broadcasts,
        onEnd: @escaping @SessionActor () -> Void
    ) {
        self.begin = begin
        self.token = token.map { Secret($0) }
        self.share = share
        self.reception = reception
        self.broadcasts = broadcasts
        self.onEnd = onEnd
        exchange = BroadcastExchange(begin, isLocal: isLocal, now: .now())
        drive()
    }

    /// Does what a request asks for.
    func answer(_ request: BroadcastRequest) async throws(APIProblem) -> BroadcastReply {
        guard !isBusy else {
            throw APIProblem(
                .tooManyRequests,
                "Wait for the answer to the request before.",
                retryAfter: 1
            )
        }
        isBusy = true
        defer { isBusy = false }
        guard !exchange.isOver else { throw .broadcasterGone() }
        switch request {
        case .makeTransport(let request): return try await makeTransport(request)
        case .connect(let name, let request):
            try await broadcasts.connect(exchange.transport(name), request)
            return BroadcastReply(.ok, JSONObject([:]))
        case .produce(let request): return try await produce(request)
        case .consume(let request): return try await consume(request)
        case .resume(let consumer):
            try broadcasts.resume(consumer, of: person)
            return BroadcastReply(.ok, JSONObject([:]))
        case .ready: return BroadcastReply(.ok, JSONObject([:]))
        case .list: return BroadcastReply(list: [.object(BroadcastWords.desk(idName: "peerId"))])
        case .end:
            exchange.leave()
            drive()
            return BroadcastReply(begin.isClassic ? .ok : .noContent)
        case .begin, .look: throw .broadcasterGone()
        }
    }

    private var person: ParticipantID {
        get throws(APIProblem) {
            guard let person = exchange.person else {
                throw APIProblem(.conflict, "Make a transport first.")
            }
            return person
        }
    }

    private func makeTransport(
        _ request: BroadcastRequest.MakeTransport
    ) async throws(APIProblem) -> BroadcastReply {
        let client = try exchange.client(for: request)
        if client == .viewer, !broadcasts.isDeskConnected {
            throw APIProblem(.conflict, "The desk is not there at the moment.", retryAfter: 5)
        }
        if exchange.person == nil, let problem = try await enter(as: client) { throw problem }
        let made = try await broadcasts.makeTransport(request, of: person)
        exchange.handleMade(made.id, now: .now())
        drive()
        return BroadcastReply(
            begin.isClassic ? .ok : .created,
            BroadcastWords.transport(made),
            location: "transports/\(made.id.rawValue)"
        )
    }

    private func produce(_ request: BroadcastRequest.Produce) async throws(APIProblem) -> BroadcastReply {
        let transport = try exchange.transport(request.transport)
        try broadcasts.check(.send(request.kind), by: person)
        try exchange.checkProduce(request.kind)
        let producer = try await broadcasts.produce(request, on: transport, of: person)
        exchange.handleProduced(request.kind)
        drive()
        let name = JSONValue.string(String(producer.rawValue))
        return BroadcastReply(
            begin.isClassic ? .ok : .created,
            JSONObject(["id": name, "producerId": name]),
            location: "producers/\(producer.rawValue)"
        )
    }

    private func consume(_ request: BroadcastRequest.Consume) async throws(APIProblem) -> BroadcastReply {
        let transport = try exchange.transport(request.transport)
        let producer = try exchange.producer(request.producer)
        guard let capabilities = request.capabilities ?? begin.capabilities else {
            throw APIProblem(.badRequest, "body.rtpCapabilities is missing")
        }
        let consumer = try await broadcasts.consume(
            producer,
            capabilities,
            on: transport,
            of: person,
            isPaused: request.isPaused
        )
        return BroadcastReply(
            begin.isClassic ? .ok : .created,
            BroadcastWords.consumer(consumer, of: producer),
            location: "consumers/\(consumer.id.rawValue)"
        )
    }

    // MARK: The room

    /// Becomes somebody in the room; returns why not.
    private func enter(as client: OutsideClient) async throws(APIProblem) -> APIProblem? {
        let name: DisplayName
        do {
            name = try DisplayName(parsing: begin.name)
        } catch {
            throw APIProblem(.badRequest, Refusal(error).message)
        }
        let (news, heard) = AsyncStream.makeStream(
            of: OutsideEnd.News.self,
            bufferingPolicy: .bufferingOldest(Self.depth)
        )
        let connection = SignallingConnection(
            share: share,
            outside: OutsideEnd(client, style: .plain) { news in
                switch news {
                // The rest is for whoever sits before a page.
                case .message(.ended), .message(.error), .message(.waiting), .message(.welcome):
                    heard.yield(news)
                default: break
                }
            }
        )
        self.connection = connection
        Task {
            let hearing = Task {
                for await one in news where self.connection === connection {
                    exchange.hear(one)
                    drive()
                }
            }
            await reception.serve(connection)
            heard.finish()
            await hearing.value
            guard self.connection === connection else { return }
            exchange.handleClosed()
            drive()
        }
        let join = ClientMessage.Join(
            name: name,
            resume: nil,
            // By this whoever has waited is known again, and nobody else who has not this token.
            browser: token.map { FileDigest(of: "\(client.rawValue) \($0.text)".utf8).hexadecimal },
            token: token?.text
        )
        return await withCheckedContinuation { entered in
            entering = entered
            exchange.enter(as: client, join, now: .now())
            drive()
        }
    }

    private func drive() {
        while let output = exchange.poll() {
            switch output {
            case .admitted: answerEntry(nil)
            case .count:
                guard let person = exchange.person else { break }
                Task {
                    let packets = await broadcasts.packets(of: person)
                    if packets > 0 { reception.handleProof(of: person) }
                    exchange.handle(packets: packets, now: .now())
                }
            case .end:
                // What was said last is still taken.
                connection?.close()
                answerEntry(.broadcasterGone())
                onEnd()
            case .refused(let problem): answerEntry(problem)
            case .say(let message): if connection?.receive(message) != true { connection?.close() }
            case .turnBack:
                connection?.close()
                connection = nil
            }
        }
        alarm.set(exchange.pollTimeout()) {
            self.exchange.handleTimeout(now: .now())
            self.drive()
        }
    }

    private func answerEntry(_ problem: APIProblem?) {
        entering?.resume(returning: problem)
        entering = nil
    }

    private static let depth = 64
}
