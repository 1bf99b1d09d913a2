import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct ClipboardExchangeTests {
    private typealias Standing = ClipboardExchange.Standing
    private static let ada = ParticipantID(1)
    private static let ben = ParticipantID(2)
    private static let all = Standing(mayPut: true, mayTake: true)
    private static let none = Standing(mayPut: false, mayTake: false)
    private static let now = Instant(nanoseconds: 0)
    private static let content = ClipboardContent([.text: Array(repeating: 0x61, count: 400_000)])

    private var answer: [ClipboardExchange.Effect] = []
    private var exchange = ClipboardExchange(ClipboardPolicy(.all, limit: 1 << 20))

    init() {
        exchange.handleDesk(isThere: true)
        exchange.handle(ClipboardOffer(serial: 5, table: Self.content.table), now: Self.now)
    }

    private mutating func effects() -> [ClipboardExchange.Effect] {
        var effects: [ClipboardExchange.Effect] = []
        while let effect = exchange.pollEffect() { effects.append(effect) }
        return effects
    }

    private mutating func say(
        _ message: ClipboardMessage,
        by person: ParticipantID = ada,
        _ standing: ClipboardExchange.Standing = all,
        now: Instant = now
    ) -> [ClipboardExchange.Effect] {
        exchange.handle(message.encoded().span.bytes, from: person, standing, now: now)
        return effects()
    }

    /// Sends all of the content; what became of it until the desk is given it.
    private mutating func send(
        as transfer: UInt16,
        by person: ParticipantID = ada
    ) -> [ClipboardExchange.Effect] {
        var pieces = ClipboardPieces(Self.content, as: transfer)
        var effects = say(.put(transfer, LeaseID(3), Self.content.table), by: person)
        while let piece = pieces.poll() { effects += say(piece, by: person) }
        return effects
    }

    @Test mutating func aContentGoesToTheDesk() {
        let effects = send(as: 7)
        #expect(effects.last == .put(1, LeaseID(3), Self.content, by: Self.ada))
        // The page is told how much has come, and not by each piece.
        #expect(effects.dropLast().last == .send(.received(7, 400_000), to: Self.ada))
        #expect(effects.count < 10)
        exchange.handle(.done, of: 1)
        answer = self.effects()
        #expect(
            answer == [
                .carriedToDesk(Self.content.table, by: Self.ada), .send(.outcome(7, .done), to: Self.ada),
            ]
        )
        #expect(exchange.pollTimeout() == nil)
    }

    @Test mutating func whoMayNotIsToldSo() {
        answer = say(.put(1, LeaseID(3), Self.content.table), Self.none)
        #expect(answer == [.send(.outcome(1, .notAllowed), to: Self.ada)])
        answer = say(.piece(1, offset: 0, [1]))
        #expect(answer.isEmpty)
        answer = say(.take(2, after: 0), Self.none)
        #expect(answer == [.send(.outcome(2, .notAllowed), to: Self.ada)])
        let large = ClipboardContent([.text: Array(repeating: 0x61, count: 1 << 20 + 1)])
        answer = say(.put(3, LeaseID(3), large.table))
        #expect(answer == [.send(.outcome(3, .tooLarge), to: Self.ada)])
        exchange = ClipboardExchange(ClipboardPolicy([], limit: 1 << 20))
        exchange.handleDesk(isThere: true)
        answer = say(.put(4, LeaseID(3), Self.content.table))
        #expect(answer == [.send(.outcome(4, .notAllowed), to: Self.ada)])
        answer = say(.take(5, after: 0))
        #expect(answer == [.send(.outcome(5, .notAllowed), to: Self.ada)])
    }

    @Test mutating func whoGetsTheLeaseTakesThePlaceOfWhoHadIt() {
        _ = say(.put(1, LeaseID(3), Self.content.table))
        answer = say(.put(9, LeaseID(4), Self.content.table), by: Self.ben)
        #expect(answer == [.send(.outcome(1, .notAllowed), to: Self.ada)])
        answer = say(.piece(1, offset: 0, [0x61]))
        #expect(answer.isEmpty)
        // What the shell finds out at the last moment.
        var pieces = ClipboardPieces(Self.content, as: 9)
        while let piece = pieces.poll() { _ = say(piece, by: Self.ben) }
        exchange.handle(.notAllowed, of: 1)
        answer = effects()
        #expect(answer == [.send(.outcome(9, .notAllowed), to: Self.ben)])
    }

    @Test mutating func aContentLeavesInAWindow() {
        answer = say(.take(2, after: 0))
        #expect(answer == [.fetch(1)])
        exchange.handle(Self.content, as: 1, { _ in Self.all }, now: Self.now)
        var effects = effects()
        #expect(effects[0] == .carriedFromDesk(Self.content.table, to: Self.ada))
        #expect(effects[1] == .send(.content(2, Self.content.table), to: Self.ada))
        var assembly = ClipboardAssembly(Self.content.table)
        var rounds = 0
        while !assembly.isComplete {
            for case .send(.piece(2, let offset, let bytes), _) in effects {
                let isTaken = assembly.add(bytes, at: offset)
                #expect(isTaken)
            }
            rounds += 1
            effects = say(.received(2, UInt32(assembly.received)))
        }
        #expect(rounds == 2)
        #expect(assembly.content() == Self.content)
        #expect(effects == [.send(.outcome(2, .done), to: Self.ada)])
    }

    @Test mutating func aRightThatIsLostMeanwhileEndsIt() {
        _ = say(.take(2, after: 0))
        exchange.handle(Self.content, as: 1, { _ in Self.none }, now: Self.now)
        #expect(effects().last == .send(.outcome(2, .notAllowed), to: Self.ada))
        _ = say(.take(3, after: 0))
        exchange.handle(Self.content, as: 2, { _ in Self.all }, now: Self.now)
        _ = effects()
        answer = say(.received(3, 65_504), Self.none)
        #expect(answer == [.send(.outcome(3, .notAllowed), to: Self.ada)])
    }

    @Test mutating func whatIsWantedNewerIsWaitedFor() {
        answer = say(.take(2, after: 5))
        #expect(answer.isEmpty)
        exchange.handle(ClipboardOffer(serial: 6, table: Self.content.table), now: Self.now)
        answer = effects()
        #expect(answer == [.fetch(1)])
        exchange.handle(.empty, of: 1)
        answer = effects()
        #expect(answer == [.send(.outcome(2, .empty), to: Self.ada)])
        answer = say(.take(3, after: 6))
        #expect(answer.isEmpty)
        exchange.handleTimeout(now: Self.now + .milliseconds(1_500))
        answer = effects()
        #expect(answer == [.send(.outcome(3, .unchanged), to: Self.ada)])
        // The page knows of something newer than what is there: it has come before.
        answer = say(.take(4, after: 5))
        #expect(answer == [.fetch(2)])
    }

    @Test mutating func aDeskThatIsSilentOrGoneEndsWhatIsUnderWay() {
        _ = say(.take(2, after: 0))
        exchange.handleTimeout(now: Self.now + .seconds(12))
        answer = effects()
        #expect(answer == [.cancel(1), .send(.outcome(2, .unanswered), to: Self.ada)])
        _ = send(as: 3)
        exchange.handleTimeout(now: Self.now + .seconds(15))
        answer = effects()
        #expect(answer == [.send(.outcome(3, .unanswered), to: Self.ada)])
        _ = say(.put(4, LeaseID(3), Self.content.table))
        exchange.handleTimeout(now: Self.now + .seconds(15))
        answer = effects()
        #expect(answer == [.send(.outcome(4, .broken), to: Self.ada)])
        _ = say(.take(5, after: 0))
        exchange.handleDesk(isThere: false)
        answer = effects()
        #expect(answer == [.cancel(3), .send(.outcome(5, .deskAway), to: Self.ada)])
        answer = say(.take(6, after: 0))
        #expect(answer == [.send(.outcome(6, .deskAway), to: Self.ada)])
    }

    @Test mutating func thereAreBoundsToWhatIsKeptAndHowOftenItIsAskedFor() {
        for person in 1...4 { _ = say(.take(1, after: 0), by: ParticipantID(UInt64(person))) }
        answer = say(.take(1, after: 0), by: ParticipantID(5))
        #expect(answer == [.send(.outcome(1, .busy), to: ParticipantID(5))])
        exchange.handleDeparture(of: ParticipantID(4))
        _ = effects()
        answer = say(.take(1, after: 0), by: ParticipantID(5))
        #expect(answer.contains { if case .fetch = $0 { true } else { false } })
        var fetched = 0
        for transfer in 0..<100 {
            fetched += say(.take(UInt16(transfer), after: 0)).count {
                if case .fetch = $0 { true } else { false }
            }
        }
        #expect(fetched < 10)
    }

    @Test mutating func whateverPagesSendIsBoundedAndAnswered() {
        var random = SplitMix64(seed: 8)
        var now = Self.now
        for _ in 0..<20_000 {
            now += .milliseconds(Int64(random.next() % 300))
            var bytes = random.bytes(upTo: 24)
            if bytes.count > 3 { (bytes[0], bytes[1], bytes[2]) = (0x61 + bytes[0] % 9, 0, 0) }
            if bytes.count > 9 { bytes[8] = bytes[8] % 4 }
            let person = ParticipantID(random.next() % 6)
            exchange.handle(bytes.span.bytes, from: person, Self.all, now: now)
            if random.next() % 3 == 0 {
                exchange.handle(Self.content, as: UInt16(random.next() % 64), { _ in Self.all }, now: now)
            }
            if random.next() % 5 == 0 { exchange.handleTimeout(now: now) }
            answer = effects()
            #expect(answer.count < 64)
        }
        #expect(exchange.malformed > 0)
        exchange.handleTimeout(now: now + .seconds(20))
        #expect(exchange.pollTimeout() == nil)
    }
}
