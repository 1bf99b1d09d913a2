import RemoteControl
import Testing
import Wire

@Suite struct FileExchangeTests {
    private typealias Effect = FileExchange.Effect

    private static let ada = ParticipantID(1)
    private static let ben = ParticipantID(2)
    private static let all = FileExchange.Standing(mayPut: true, mayTake: true, mayHand: true)
    private static let key = FileKey(high: 1, low: 2)
    private static let digest = FileDigest(of: [1])
    private static let put = FileMessage.Put(size: 1_000_000, key: key, name: "a.txt")
    private static let start = Instant(nanoseconds: 0)

    private var exchange: FileExchange
    private var standings: [ParticipantID: FileExchange.Standing] = [ada: all, ben: all]
    private var now = start

    init() {
        exchange = FileExchange(FilePolicy(.all, limit: 2_000_000, total: 4_000_000))
        exchange.handleDesk(isThere: true)
        _ = effects()
    }

    private mutating func effects() -> [Effect] {
        var effects: [Effect] = []
        while let effect = exchange.pollEffect() { effects.append(effect) }
        return effects
    }

    private mutating func say(_ message: FileMessage, _ person: ParticipantID = ada) -> [Effect] {
        let bytes = message.encoded()
        exchange.handle(bytes.span.bytes, from: person, standings[person] ?? .init(), now: now)
        return effects()
    }

    private mutating func desk(_ message: FileMessage) -> [Effect] {
        let standings = standings
        exchange.handleDesk(message, { standings[$0] ?? .init() }, now: now)
        return effects()
    }

    private mutating func handleRights() -> [Effect] {
        let standings = standings
        exchange.handleRights { standings[$0] ?? .init() }
        return effects()
    }

    /// Begins an upload; returns the desk's number of it.
    private mutating func beginUpload(_ put: FileMessage.Put = put) -> FileMessage.Transfer {
        guard case .tellDesk(.put(let number, put)) = say(.put(7, put)).last else { return 0 }
        return number
    }

    private mutating func beginDownload(
        _ person: ParticipantID = ada,
        offer: UInt32 = 0
    ) -> FileMessage.Transfer {
        let take = FileMessage.Take(offer: offer, name: offer == 0 ? "a.txt" : "")
        guard case .tellDesk(.take(let number, .init(name: "a.txt"))) = say(.take(8, take), person).last
        else {
            return 0
        }
        _ = desk(.file(number, size: 500_000, version: 3, offset: 0, name: "a.txt"))
        return number
    }

    private static func piece(_ transfer: FileMessage.Transfer, at offset: Int) -> FileMessage {
        let bytes = [UInt8](repeating: 1, count: FileMessage.maximumPieceLength)
        return .piece(transfer, offset: UInt64(offset), stamp: 5, bytes)
    }

    // MARK: Up

    @Test mutating func passesAFileOnAndRecordsItOnceItIsThere() {
        let number = beginUpload()
        #expect(number != 0)
        #expect(desk(.ready(number, 0)) == [.send(.ready(7, 0), to: Self.ada)])
        #expect(say(Self.piece(7, at: 0)) == [.tellDesk(Self.piece(number, at: 0))])
        #expect(
            desk(.received(number, 9, delay: 4)) == [.send(.received(7, 9, delay: 4), to: Self.ada)]
        )
        #expect(say(.block(7, end: 9, Self.digest)) == [.tellDesk(.block(number, end: 9, Self.digest))])
        #expect(say(.end(7, size: 1_000_000, Self.digest)).count == 1)
        let record = FileRecord(nameLength: 9, size: 1_000_000, digest: Self.digest)
        #expect(
            desk(.outcome(number, .done, name: "a (2).txt")) == [
                .carriedToDesk(record, by: Self.ada),
                .send(.outcome(7, .done, name: "a (2).txt"), to: Self.ada),
            ]
        )
        #expect(desk(.received(number, 9, delay: 4)).isEmpty)
    }

    @Test mutating func refusesInWordsWhatMayNotBe() {
        func refused(_ outcome: FileOutcome) -> [Effect] {
            [.send(.outcome(7, outcome, name: ""), to: Self.ada)]
        }
        standings[Self.ada]?.mayPut = false
        #expect(say(.put(7, Self.put)) == refused(.notAllowed))
        standings[Self.ada] = .init(mayPut: true)
        #expect(say(.take(7, .init(name: "a"))) == refused(.notAllowed))
        #expect(say(.take(7, .init(offer: 3))) == refused(.notAllowed))
        var large = Self.put
        large.size = 2_000_001
        #expect(say(.put(7, large)) == refused(.tooLarge))
        exchange.handleDesk(isThere: false)
        #expect(say(.put(7, Self.put)) == refused(.deskAway))
        exchange = FileExchange(FilePolicy(.fromDesk, limit: 9, total: 9))
        exchange.handleDesk(isThere: true)
        #expect(say(.put(7, Self.put)) == refused(.notAllowed))
    }

    @Test mutating func endsAtOnceWhenTheRightIsTakenAway() {
        let (up, down) = (beginUpload(), beginDownload())
        standings[Self.ada] = .init()
        let effects = handleRights()
        #expect(effects.contains(.tellDesk(.cancel(up, isForNow: false))))
        #expect(effects.contains(.tellDesk(.cancel(down, isForNow: false))))
        #expect(effects.contains(.send(.outcome(7, .notAllowed, name: ""), to: Self.ada)))
        #expect(effects.contains(.send(.outcome(8, .notAllowed, name: ""), to: Self.ada)))
        #expect(say(Self.piece(7, at: 0)).isEmpty)
        #expect(desk(Self.piece(down, at: 0)).isEmpty)
    }

    @Test mutating func judgesEachMessageWhateverWasSaidOfRights() {
        let (up, down) = (beginUpload(), beginDownload())
        standings[Self.ada] = .init()
        #expect(say(Self.piece(7, at: 0)).first == .tellDesk(.cancel(up, isForNow: false)))
        #expect(desk(Self.piece(down, at: 0)).first == .tellDesk(.cancel(down, isForNow: false)))
    }

    @Test mutating func keepsWhatWasCutAndTakesAnotherInItsPlace() {
        let number = beginUpload()
        exchange.handleDeparture(of: Self.ada)
        #expect(effects() == [.tellDesk(.cancel(number, isForNow: true))])
        let second = beginUpload()
        #expect(second != number)
        #expect(say(.put(9, Self.put)).first == .tellDesk(.cancel(second, isForNow: true)))
        #expect(say(.cancel(9, isForNow: false)) == [.tellDesk(.cancel(second &+ 1, isForNow: false))])
    }

    @Test mutating func doesNotPassOnMoreThanAWindow() {
        let number = beginUpload()
        var passed = 0
        for index in 0..<40 where say(Self.piece(7, at: index * FileMessage.maximumPieceLength)).count == 1 {
            passed += 1
        }
        #expect(passed == DelayBasedWindow.most / FileMessage.maximumPieceLength + 1)
        #expect(say(.end(7, size: 1, Self.digest)).isEmpty)
        #expect(number != 0)
    }

    @Test mutating func endsWhatFallsSilent() throws {
        let number = beginUpload()
        now = try #require(exchange.pollTimeout())
        exchange.handleTimeout(now: now)
        #expect(
            effects() == [
                .tellDesk(.cancel(number, isForNow: true)),
                .send(.outcome(7, .broken, name: ""), to: Self.ada),
            ]
        )
        #expect(exchange.pollTimeout() == nil)
    }

    @Test mutating func asksForADropOnlyOfWhatWasDroppedSomewhere() {
        var put = Self.put
        (put.lease, put.x, put.y) = (LeaseID(3), 10, 20)
        let number = beginUpload(put)
        _ = say(.end(7, size: 1_000_000, Self.digest))
        let effects = desk(.outcome(number, .done, name: "a.txt"))
        #expect(effects.last == .drop(number, put, name: "a.txt", by: Self.ada))
    }

    @Test mutating func boundsHowOftenAndHowManyAtOnce() {
        let busy = Effect.send(.outcome(7, .busy, name: ""), to: Self.ada)
        var refused = 0
        for _ in 0..<100 where say(.put(7, Self.put)).contains(busy) { refused += 1 }
        #expect(refused == 50)
    }

    // MARK: Down

    @Test mutating func passesAFileOnAndRecordsItWhenAllOfItHasLeft() {
        let number = beginDownload()
        #expect(desk(Self.piece(number, at: 0)) == [.send(Self.piece(8, at: 0), to: Self.ada)])
        #expect(
            say(.received(8, 9, delay: 4)) == [.tellDesk(.received(number, 9, delay: 4))]
        )
        // More than has been sent.
        #expect(say(.received(8, 900_000, delay: 4)).isEmpty)
        #expect(desk(.block(number, end: 16_368, Self.digest)).count == 1)
        let record = FileRecord(nameLength: 5, size: 500_000, digest: Self.digest)
        #expect(
            desk(.end(number, size: 500_000, Self.digest)) == [
                .carriedFromDesk(record, to: Self.ada),
                .send(.end(8, size: 500_000, Self.digest), to: Self.ada),
            ]
        )
        #expect(say(.outcome(8, .done, name: "")) == [.tellDesk(.cancel(number, isForNow: false))])
    }

    @Test mutating func recordsWhatHasLeftOfAFileThatWasBrokenOff() {
        let number = beginDownload()
        _ = desk(Self.piece(number, at: 0))
        _ = desk(.block(number, end: 16_368, Self.digest))
        exchange.handleDeparture(of: Self.ada)
        let record = FileRecord(nameLength: 5, size: 16_368, digest: FileDigest.empty.adding(Self.digest))
        #expect(effects().first == .carriedFromDesk(record, to: Self.ada))
    }

    @Test mutating func takesNoMoreFromTheDeskThanTheWindow() {
        let number = beginDownload()
        var passed = 0
        for index in 0..<40 where desk(Self.piece(number, at: index * 16_368)).count == 1 { passed += 1 }
        #expect((16...18).contains(passed))
        #expect(desk(Self.piece(number, at: 0)).isEmpty)
    }

    // MARK: Lists

    @Test mutating func tellsTheListToWhoeverLooksAndMay() {
        let part = FileListing([.init(name: "a.txt", size: 3, changed: 4)])
        #expect(say(.watch(true)) == [.tellDesk(.watch(true))])
        #expect(desk(.listing(part)) == [.send(.listing(part), to: Self.ada)])
        #expect(say(.watch(true), Self.ben) == [.send(.listing(part), to: Self.ben)])
        standings[Self.ben] = .init(mayPut: true)
        _ = handleRights()
        #expect(desk(.listing(part)) == [.send(.listing(part), to: Self.ada)])
        #expect(say(.watch(true), Self.ben).isEmpty)
        #expect(say(.watch(false)) == [.tellDesk(.watch(false))])
        #expect(desk(.listing(part)).isEmpty)
    }

    // MARK: Handing over

    private mutating func hand() -> UInt32 {
        _ = say(.watch(true))
        _ = desk(.listing(FileListing([.init(name: "a.txt", size: 3, changed: 4)])))
        _ = say(.hand(person: 2, name: "a.txt"))
        return exchange.offers.offers(to: Self.ben).first?.id ?? 0
    }

    @Test mutating func whoIsHandedAFileTakesThatOneWithoutTheRight() {
        standings[Self.ben] = .init()
        let offer = hand()
        #expect(offer != 0)
        #expect(
            say(.take(8, .init(offer: offer))) == [.send(.outcome(8, .notAllowed, name: ""), to: Self.ada)]
        )
        let number = beginDownload(Self.ben, offer: offer)
        #expect(number != 0)
        #expect(desk(Self.piece(number, at: 0)).count == 1)
        #expect(say(.received(8, 9, delay: 1), Self.ben).count == 1)
        #expect(handleRights().isEmpty)
        let effects = say(.outcome(8, .done, name: ""), Self.ben)
        let taken = HandedFile(.taken, offer: offer, person: 2, name: "a.txt")
        #expect(effects.contains(.send(.handed(taken), to: Self.ada)))
        #expect(say(.take(9, .init(offer: offer)), Self.ben).count == 1)
        #expect(exchange.offers.offers(to: Self.ben).isEmpty)
    }

    @Test mutating func onlyWhoMayHandsAndOnlyWhatThereIs() {
        _ = hand()
        let refused = HandedFile(.impossible, offer: 0, person: 2, name: "b.txt")
        #expect(say(.hand(person: 2, name: "b.txt")) == [.send(.handed(refused), to: Self.ada)])
        standings[Self.ben] = .init(mayPut: true, mayTake: true)
        let mayNot = HandedFile(.impossible, offer: 0, person: 1, name: "a.txt")
        #expect(say(.hand(person: 1, name: "a.txt"), Self.ben) == [.send(.handed(mayNot), to: Self.ben)])
    }

    @Test mutating func anOfferEndsWithTheRightOfWhoeverHasMadeIt() {
        standings[Self.ben] = .init()
        let offer = hand()
        let number = beginDownload(Self.ben, offer: offer)
        standings[Self.ada]?.mayHand = false
        let effects = handleRights()
        #expect(effects.contains(.offersChanged))
        #expect(effects.contains(.tellDesk(.cancel(number, isForNow: false))))
        #expect(effects.contains(.send(.outcome(8, .notAllowed, name: ""), to: Self.ben)))
    }

    @Test mutating func anOfferIsDeclinedOrLapses() throws {
        let offer = hand()
        let no = FileMessage.handed(HandedFile(.declined, offer: offer))
        #expect(say(no).isEmpty)
        let declined = HandedFile(.declined, offer: offer, person: 2, name: "a.txt")
        #expect(say(no, Self.ben) == [.send(.handed(declined), to: Self.ada), .offersChanged])
        _ = hand()
        now = try #require(exchange.pollTimeout())
        exchange.handleTimeout(now: now)
        #expect(effects().contains(.offersChanged))
        #expect(exchange.offers.offers(to: Self.ben).isEmpty)
    }

    @Test mutating func dropsAndCountsWhatIsNoMessageForIt() {
        for bytes in [[], [0x70], [0x79, 1, 0, 0], [0x7f, 0, 0, 0, 3] + [UInt8](repeating: 0, count: 16)] {
            let bytes = bytes as [UInt8]
            exchange.handle(bytes.span.bytes, from: Self.ada, Self.all, now: now)
        }
        #expect(exchange.malformed == 4)
        #expect(effects().isEmpty)
    }
}
