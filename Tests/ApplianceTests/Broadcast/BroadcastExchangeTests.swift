import Access
import Appliance
import HTTPTypes
import MediasoupSignalling
import RemoteControl
import SFU
import Testing
import Wire

/// A broadcaster on a virtual clock: in which order what is asked for is done, and when it is given up.
@Suite struct BroadcastExchangeTests {
    @Test func aProgramBecomesSomebodyWithItsFirstTransport() throws {
        var one = try Program()
        #expect(try one.exchange.client(for: one.transport) == .publisher)
        one.enter(.publisher)
        #expect(one.take() == [.say(.join(one.join))])
        one.hear(.welcome(one.welcome))
        #expect(one.take() == [.admitted(ParticipantID(3))] && one.exchange.person == ParticipantID(3))
        one.exchange.handleMade(TransportID(7), now: one.now)
        #expect(try one.exchange.transport("7") == TransportID(7))
        try one.exchange.checkProduce(.video)
        one.exchange.handleProduced(.video)
        #expect(one.take() == [.say(.setMedia(RoomMessage.Media(audio: .none, video: .on)))])
        one.exchange.leave()
        #expect(one.take() == [.say(.leave), .end] && one.exchange.isOver)
        #expect(throws: APIProblem.self) { try one.exchange.client(for: one.transport) }
    }

    @Test func withoutADirectionItWatchesIfItHasSaidWhatItTakes() throws {
        let some = try MediasoupCapabilities(mediasoup: .init([:]))
        #expect(try Program(capabilities: some).exchange.client(for: Program().transport) == .viewer)
        var asked = try Program().transport
        asked.isConsuming = true
        #expect(try Program().exchange.client(for: asked) == .viewer)
    }

    @Test func whoSendsIsSentNothingAndTheOtherWayRound() throws {
        var publisher = try Program(in: .publisher)
        expect(409) { () throws(APIProblem) in _ = try publisher.exchange.producer("desk-picture") }
        var asked = publisher.transport
        asked.isConsuming = true
        expect(409) { () throws(APIProblem) in _ = try publisher.exchange.client(for: asked) }
        publisher.exchange.handleProduced(.audio)
        expect(409) { () throws(APIProblem) in try publisher.exchange.checkProduce(.audio) }
        let viewer = try Program(in: .viewer)
        expect(409) { () throws(APIProblem) in try viewer.exchange.checkProduce(.audio) }
        #expect(try viewer.exchange.producer("desk-sound") == .sound)
        expect(404) { () throws(APIProblem) in _ = try viewer.exchange.producer("12") }
    }

    @Test func onlyItsOwnTransportsAreItsOwnAndTheyAreFew() throws {
        var one = try Program(in: .publisher)
        for name in ["8", "", "-7", "007 ", "99999999999", "seven"] {
            expect(404) { () throws(APIProblem) in _ = try one.exchange.transport(name) }
        }
        for id in 8...10 { one.exchange.handleMade(TransportID(UInt32(id)), now: one.now) }
        expect(409) { () throws(APIProblem) in _ = try one.exchange.client(for: one.transport) }
    }

    @Test func whatLeavesTheMachineHasToBeSealed() throws {
        let one = try Program(isLocal: false)
        expect(400) { () throws(APIProblem) in _ = try one.exchange.client(for: one.transport) }
        var sealed = one.transport
        sealed.srtp = .aeadAES128GCM
        #expect(try one.exchange.client(for: sealed) == .publisher)
    }

    @Test func whoeverIsRefusedMayAskAgainByAnotherConnection() throws {
        var one = try Program()
        one.enter(.publisher)
        _ = one.take()
        one.hear(.error(step: "join", Refusal(.mayNotPublishOutside)))
        #expect(one.take() == [.turnBack, .refused(APIProblem(outside: Refusal(.mayNotPublishOutside)))])
        // As somebody else.
        #expect(one.exchange.client == nil && !one.exchange.isOver)
        one.enter(.viewer)
        one.hear(.waiting(one.waiting))
        _ = one.take()
        one.pass(6)
        guard case .refused(let problem)? = one.take().last else { throw Unexpected() }
        #expect(problem.status.code == 503 && problem.retryAfter == 10)
    }

    @Test func whoeverIsEndedByTheRoomIsOver() throws {
        var one = try Program(in: .publisher)
        one.exchange.handleClosed()
        #expect(one.take() == [.end])
        var other = try Program()
        other.enter(.viewer)
        _ = other.take()
        other.hear(.ended(Refusal(.sessionEnded)))
        other.exchange.handleClosed()
        guard case .refused(let problem)? = other.take().last else { throw Unexpected() }
        #expect(problem.status.code == 409)
    }

    @Test func aNameThatIsNotUsedIsFreeAfterAMinute() throws {
        var one = try Program()
        one.pass(59)
        #expect(one.take() == [])
        one.pass(1)
        #expect(one.take() == [.end])
    }

    @Test func whoeverIsSilentIsGone() throws {
        var one = try Program(in: .publisher)
        var packets: UInt64 = 0
        for _ in 0..<20 {
            one.pass(5)
            #expect(one.take() == [.count])
            packets += 3
            one.exchange.handle(packets: packets, now: one.now)
        }
        for _ in 0..<5 {
            one.pass(5)
            #expect(one.take() == [.count])
            one.exchange.handle(packets: packets, now: one.now)
        }
        one.pass(5)
        #expect(one.take() == [.say(.leave), .end])
        #expect(one.exchange.pollTimeout() == nil)
    }

    private func expect(_ status: Int, _ body: () throws(APIProblem) -> Void) {
        do throws(APIProblem) {
            try body()
            Issue.record("it is done")
        } catch {
            #expect(error.status.code == status, "\(error)")
        }
    }
}

private struct Unexpected: Error {}

private struct Program {
    var exchange: BroadcastExchange
    var now = Instant(nanoseconds: 1_000_000_000)
    let transport: BroadcastRequest.MakeTransport
    let join: ClientMessage.Join

    init(
        capabilities: MediasoupCapabilities? = nil,
        isLocal: Bool = true,
        in client: OutsideClient? = nil
    ) throws {
        guard
            case .begin(var begin) = try BroadcastRequest(
                BroadcastRoute(peer: nil, action: .begin),
                body: .init(["peerId": .string("b"), "displayName": .string("Film")]),
                producer: nil
            ),
            case .makeTransport(let transport) = try BroadcastRequest(
                BroadcastRoute(peer: "b", action: .makeTransport),
                body: .init([:]),
                producer: nil
            )
        else { throw Unexpected() }
        begin.capabilities = capabilities
        self.transport = transport
        join = ClientMessage.Join(
            name: try DisplayName(parsing: "Film"),
            resume: nil,
            browser: nil,
            token: nil
        )
        exchange = BroadcastExchange(begin, isLocal: isLocal, now: now)
        guard let client else { return }
        enter(client)
        hear(.welcome(welcome))
        exchange.handleMade(TransportID(7), now: now)
        _ = take()
    }

    var welcome: RoomMessage.Welcome {
        RoomMessage.Welcome(
            you: RoomMessage.Person(id: 3, name: "Film"),
            resume: "",
            resumed: false,
            desk: RoomMessage.Desk(state: .live, width: 1, height: 1),
            control: RoomMessage.Control(holder: nil),
            people: []
        )
    }

    var waiting: WaitingNotice { WaitingNotice(since: 0, now: 0, line: nil, resume: "") }

    mutating func enter(_ client: OutsideClient) { exchange.enter(as: client, join, now: now) }
    mutating func hear(_ message: RoomMessage) { exchange.hear(.message(message)) }

    mutating func pass(_ seconds: Int64) {
        now = now + .seconds(seconds)
        exchange.handleTimeout(now: now)
    }

    mutating func take() -> [BroadcastExchange.Output] {
        var outputs: [BroadcastExchange.Output] = []
        while let output = exchange.poll() { outputs.append(output) }
        return outputs
    }
}
