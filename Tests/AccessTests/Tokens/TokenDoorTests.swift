import Access
import Testing
import Wire

/// On a virtual clock.
@Suite struct TokenDoorTests {
    private let signer: Signer
    private let home = NetworkShare(SocketAddress(ipv4: 0xc000_0207, port: 1))
    private let elsewhere = NetworkShare(SocketAddress(ipv4: 0xc000_0208, port: 1))

    init() throws {
        signer = try Signer()
    }

    @Test func aTokenForOneUseLetsInOnceAndTheSamePersonBack() throws {
        var door = try TokenDoor(signer.verifier)
        let token = try signer.token(id: "once", isOneUse: true)
        #expect(try enter(&door, token) == token)
        #expect(throws: TokenRefusal.spent) { try enter(&door, token) }
        #expect(try enter(&door, token, isReturn: true) == token)
        #expect(try enter(&door, token, isReturn: true, second: 100_000) == token)
        #expect(throws: TokenRefusal.expired) { try enter(&door, token, second: 100_000) }
        // Others may be used as often as one likes.
        for _ in 0..<100 { _ = try enter(&door, signer.token(id: "often")) }
    }

    /// What is refused for something else has not been used.
    @Test func aTokenThatIsRefusedIsNotSpent() throws {
        var door = try TokenDoor(signer.verifier)
        var token = try signer.token(id: "once", isOneUse: true)
        token.notBefore = Signer.now + 100
        #expect(throws: TokenRefusal.notYetValid(seconds: 70)) { try enter(&door, token) }
        #expect(try enter(&door, token, second: 100) == token)
    }

    @Test func whoIsInByAWithdrawnTokenIsNamedAndStaysOut() throws {
        var door = try TokenDoor(signer.verifier)
        let good = try signer.token(id: "good"), bad = try signer.token(id: "bad")
        let gone = try door.withdraw(.id(identifier("bad")), at: Signer.now, present: [1: good, 2: bad])
        #expect(gone == [2])
        for isReturn in [false, true] {
            #expect(throws: TokenRefusal.withdrawn) { try enter(&door, bad, isReturn: isReturn) }
        }
        #expect(try enter(&door, good) == good)
        #expect(try door.withdraw(.subject(good.subject), at: Signer.now, present: [1: good]) == [1])
        #expect(throws: TokenRefusal.withdrawn) { try enter(&door, good) }
    }

    @Test func tenThousandGuessesAMinuteAreSlowedToNothing() throws {
        var door = try TokenDoor(signer.verifier)
        let forged = try Signer().token().signed(with: Signer().key)
        let inside = try signer.token()
        var looked = 0
        for guess in 0..<10_000 {
            let now = Instant(nanoseconds: Int64(guess) * 6_000_000)
            do {
                _ = try door.enter(forged, from: home, at: Signer.now, now: now)
                Issue.record("a guess was right")
            } catch TokenRefusal.tooManyTries(let seconds) {
                #expect((1...64).contains(seconds))
            } catch {
                #expect(error == .forged)
                looked += 1
            }
            guard guess % 100 == 0 else { continue }
            // Those who are in behind the same router, and all others.
            _ = try door.enter(
                inside.signed(with: signer.key),
                from: home,
                isReturn: true,
                at: Signer.now,
                now: now
            )
            _ = try door.enter(inside.signed(with: signer.key), from: elsewhere, at: Signer.now, now: now)
        }
        // Eleven at once, then after 1, 2, 4, 8, 16 and 32 seconds (63 in all).
        #expect(looked == 16)
        // When the delay is over the first try is looked at.
        _ = try door.enter(inside.signed(with: signer.key), from: home, at: Signer.now, now: at(64))
    }

    /// A waiting room full of people behind one router.
    @Test func manyWhoComeInFromOneAddressHarmNobody() throws {
        var door = try TokenDoor(signer.verifier)
        for _ in 0..<9 {
            #expect(throws: TokenRefusal.damaged) {
                try door.enter("?", from: home, at: Signer.now, now: at(0))
            }
        }
        for number in 0..<500 { _ = try enter(&door, signer.token(id: "\(number)", isOneUse: true)) }
        // Old links are no guesses.
        for number in 0..<500 {
            #expect(throws: TokenRefusal.spent) {
                try enter(&door, signer.token(id: "\(number)", isOneUse: true))
            }
        }
        _ = try enter(&door, signer.token())
    }

    @Test func oneOldLinkAgainAndAgainIsSlowedByItself() throws {
        var door = try TokenDoor(signer.verifier)
        let old = try signer.token(id: "old", isOneUse: true)
        _ = try enter(&door, old)
        for _ in 0..<11 { #expect(throws: TokenRefusal.spent) { try enter(&door, old) } }
        #expect(throws: TokenRefusal.tooManyTries(seconds: 1)) { try enter(&door, old) }
        _ = try enter(&door, old, isReturn: true)
        _ = try enter(&door, signer.token(id: "new", isOneUse: true))
        // Nobody else can use up somebody's tries by forging their link.
        let forged = try signer.token(id: "new").signed(with: Signer().key)
        for _ in 0..<20 {
            #expect(throws: TokenRefusal.self) {
                try door.enter(forged, from: elsewhere, at: Signer.now, now: at(0))
            }
        }
        _ = try enter(&door, signer.token(id: "new"))
    }

    @Test func keysCanBeChangedWhileTheRoomIsOpen() throws {
        var door = try TokenDoor(signer.verifier)
        let other = try Signer()
        let text = try other.token().signed(with: other.key)
        #expect(throws: TokenRefusal.forged) { try door.enter(text, from: nil, at: Signer.now, now: at(0)) }
        door.verifier.keys = TokenKeys([other.key])
        _ = try door.enter(text, from: nil, at: Signer.now, now: at(0))
        #expect(throws: TokenRefusal.forged) { try enter(&door, signer.token()) }
    }

    private func enter(
        _ door: inout TokenDoor,
        _ token: JoinToken,
        isReturn: Bool = false,
        second: Int64 = 0
    ) throws -> JoinToken {
        try door.enter(
            token.signed(with: signer.key),
            from: home,
            isReturn: isReturn,
            at: Signer.now + second,
            now: at(second)
        )
    }

    private func at(_ second: Int64) -> Instant { Instant(nanoseconds: 0) + .seconds(second) }
}
