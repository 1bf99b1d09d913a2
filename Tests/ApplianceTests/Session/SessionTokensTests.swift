import Access
import Appliance
import RemoteControl
import Testing
import Wire

/// Who comes into a room that asks for tokens, and what becomes of them.
@Suite(.timeLimit(.minutes(1))) struct SessionTokensTests {
    private let signer: TokenSigner

    init() throws { signer = try TokenSigner() }

    @Test func aTokenLetsItsPersonInByItsNameAndRights() async throws {
        try await inRoom { room in
            let ada = await room.join(
                "Typed",
                ["token": try signer.token("dr-1", .clinician) { $0.name = "Ada" }]
            )
            #expect(await ada.you != nil)
            let ben = await room.join(
                "Ben",
                ["token": try signer.token("sup-2", .observer, by: TokenKey(signer.pair, id: "pair"))]
            )
            #expect(await ben.wait { $0.people.map(\.name) == ["Ada", "Ben"] })
            ben.say(["type": "requestControl"])
            #expect(await ben.wait { $0.denied == RefusalCode.mayNotControl.sentence })
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
        }
    }

    @Test func withoutOneNobodyComesIn() async throws {
        try await inRoom { room in
            let eve = await room.join("Eve")
            #expect(await eve.codes == ["tokenMissing"])
            #expect(await eve.wait { !$0.isOpen })
            #expect(await room.session.health().people == 0)
        }
    }

    @Test func eachTokenThatIsNoGoodIsRefusedWithItsSentence() async throws {
        let good = try signer.token("dr-1", .clinician)
        let publicKey = signer.pair.publicPEM
        let later = TokenSigner.now + 600
        let other = try TokenKey(secret: Array("ffffffffffffffffffffffffffffffff".utf8))
        let elsewhere = try #require(Identifier("room-2"))
        let bad: [(String, RefusalCode)] = [
            (try signer.token(by: other), .tokenForged),
            (try signer.token { $0.expires = TokenSigner.now - 60 }, .tokenExpired),
            (try signer.token { $0.notBefore = later }, .tokenNotYetValid),
            (try signer.token { $0.room = elsewhere }, .tokenOtherRoom),
            (TokenSigner.forged(good, header: #"{"alg":"none"}"#, secret: nil), .tokenUnsupported),
            (
                TokenSigner.forged(good, header: #"{"alg":"HS256","kid":"pair"}"#, secret: publicKey),
                .tokenWrongAlgorithm
            ),
            (TokenSigner.forged(good, header: #"{"alg":"HS256"}"#, secret: publicKey), .tokenForged),
            (good.dropLast(43) + String(repeating: "A", count: 43), .tokenForged), ("token", .tokenDamaged),
            (String(repeating: "a", count: 5_000), .tokenTooLong),
            (try signer.token { $0.name = "\u{202e}adA" }, .tokenBadClaim),
            (
                try signer.token {
                    $0.role = nil
                    $0.isAdmin = true
                }, .tokenBadClaim
            ),
        ]
        try await inRoom { room in
            for (number, (token, code)) in bad.enumerated() {
                // Each from an address of its own: who guesses has to wait.
                let eve = await room.join("Eve", ["token": token], address: UInt32(number + 1))
                let codes = await eve.codes
                #expect(codes == [code.rawValue], "\(token)")
                #expect(await eve.errors.first.map { !$0.contains("{") && $0.hasSuffix(".") } == true)
                #expect(await eve.wait { !$0.isOpen })
            }
            #expect(await room.session.health().people == 0)
        }
    }

    @Test func oneForOneUseLetsInOnceAndItsPersonBack() async throws {
        try await inRoom { room in
            let token = try signer.token {
                $0.id = Identifier("once-1")
                $0.isOneUse = true
            }
            let ada = await room.join("Ada", ["token": token])
            let resume = try #require(await ada.resume)
            let eve = await room.join("Eve", ["token": token], address: 2)
            #expect(await eve.codes == ["tokenSpent"])
            let again = await room.join("Ada", ["token": token, "resume": resume])
            #expect(await again.you == ada.you)
        }
    }

    /// Another token than the one that somebody came in by counts for itself.
    @Test func aSecretMakesNoExpiredTokenGood() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada", ["token": try signer.token()])
            let resume = try #require(await ada.resume)
            let old = try signer.token { $0.expires = TokenSigner.now - 60 }
            let other = await room.join("Ada", ["token": old, "resume": resume])
            #expect(await other.codes == ["tokenExpired"])
            #expect(await ada.isOpen)
        }
    }

    /// The secret of a page, or of a browser, alone makes nobody somebody else.
    @Test(arguments: ["resume", "browser"]) func aSecretNeedsItsSubject(_ kind: String) async throws {
        try await inRoom { room in
            let browser = "browser-0123456789"
            let ada = await room.join("Ada", ["token": try signer.token("client-1"), "browser": browser])
            let resume = try #require(await ada.resume)
            await ada.close()
            let secret = kind == "resume" ? ["resume": resume] : ["browser": browser]
            var more: [String: any Sendable] = secret
            let missing = await room.join("Ada", more)
            #expect(await missing.codes == ["tokenMissing"])
            more["token"] = try signer.token("client-2")
            let eve = await room.join("Ada", more)
            #expect(await eve.you != nil)
            #expect(await eve.you != ada.you)
            more["token"] = try signer.token("client-1")
            let back = await room.join("Ada", more)
            #expect(await back.you == ada.you)
        }
    }

    @Test func whoComesBackByAnotherTokenHasItsRights() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada", ["token": try signer.token("a", .clinician)])
            let resume = try #require(await ada.resume)
            let token = try signer.token("a", .observer)
            let again = await room.join("Ada", ["token": token, "resume": resume])
            #expect(await again.you == ada.you)
            again.say(["type": "requestControl"])
            #expect(await again.wait { $0.denied == RefusalCode.mayNotControl.sentence })
        }
    }

    @Test func aWithdrawnTokenEndsItsConnectionsAndLetsNobodyInAgain() async throws {
        try await inRoom { room in
            let id = try #require(Identifier("link-1"))
            let token = try signer.token("client-1") { $0.id = id }
            let (ada, ben) = (
                await room.join("Ada", ["token": token]),
                await room.join(
                    "Ben",
                    ["token": try signer.token("client-2") { $0.id = Identifier("link-2") }]
                )
            )
            ada.say(["type": "requestControl"])
            #expect(await ada.wait { $0.lease != nil })
            try await room.session.withdraw(.id(id))
            #expect(await ada.wait { !$0.isOpen })
            #expect(await ben.wait { $0.people.map(\.name) == ["Ben"] && $0.holder == nil })
            let resume = try #require(await ada.resume)
            let again = await room.join("Ada", ["token": token, "resume": resume])
            #expect(await again.codes == ["tokenWithdrawn"])

            try await room.session.withdraw(.subject(try #require(Identifier("client-2"))))
            #expect(await ben.wait { !$0.isOpen })
            #expect(await room.session.health().people == 0)
            #expect(await room.settle() == 0)
        }
    }

    /// Whoever guesses waits, with the neighbours that come anew; nobody who is in does.
    @Test func whoGuessesIsSlowedToNothing() async throws {
        try await inRoom { room in
            let token = try signer.token("a")
            let ada = await room.join("Ada", ["token": token])
            let resume = try #require(await ada.resume)
            var codes: [String] = []
            for number in 0..<200 {
                let eve = await room.join("Eve", ["token": "a.b.\(number)"])
                codes += await eve.codes
            }
            #expect(codes.prefix(10).allSatisfy { $0 == "tokenDamaged" })
            // Ten are free, and then there is a second, two, four…
            #expect(codes.count { $0 == "tokenTooManyTries" } > 180)
            // The first wait may be over by now; the second is longer than what follows.
            while codes.count(where: { $0 == "tokenDamaged" }) < 11 {
                let eve = await room.join("Eve", ["token": "a.b.c"])
                codes += await eve.codes
            }
            let neighbour = await room.join("Ben", ["token": try signer.token("b")])
            #expect(await neighbour.codes == ["tokenTooManyTries"])
            let elsewhere = await room.join("Cem", ["token": try signer.token("c")], address: 2)
            #expect(await elsewhere.you != nil)
            let back = await room.join("Ada", ["token": token, "resume": resume])
            #expect(await back.you == ada.you)
        }
    }

    /// The clinic has changed its keys: what was signed with the old one lets nobody in, and who is here stays.
    @Test func keysThatHaveChangedHoldAtOnce() async throws {
        try await inRoom { room in
            let ada = await room.join("Ada", ["token": try signer.token("a")])
            let other = try AsymmetricKey.generate(.edDSA)
            await room.session.setKeys(TokenKeys([TokenKey(other)]))
            let ben = await room.join("Ben", ["token": try signer.token("b")])
            #expect(await ben.codes == ["tokenWrongAlgorithm"])
            let cem = await room.join(
                "Cem",
                ["token": try signer.token("c", by: TokenKey(other))],
                address: 2
            )
            #expect(await cem.you != nil)
            #expect(await ada.isOpen)
        }
    }

    private func inRoom(_ body: (SessionRoom) async throws -> Void) async throws {
        // Nobody here is seen to work, and a machine may be slow.
        var grace = Membership.Grace()
        grace.goodbye = .seconds(60)
        let room = try await SessionRoom(grace: grace, policy: .tokens(RightsTable()), tokens: signer.door)
        do {
            try await body(room)
        } catch {
            await room.end()
            throw error
        }
        await room.end()
    }
}
