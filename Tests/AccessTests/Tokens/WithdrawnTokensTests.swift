import Access
import Testing

@Suite struct WithdrawnTokensTests {
    @Test func oneTokenIsWithdrawnByItsIdentifier() throws {
        var withdrawn = WithdrawnTokens()
        let signer = try Signer()
        try withdrawn.withdraw(.id(identifier("a")), now: Signer.now)
        #expect(try withdrawn.contain(signer.token(id: "a")))
        #expect(try !withdrawn.contain(signer.token(id: "b")))
        #expect(try !withdrawn.contain(signer.token()))
    }

    @Test func allOfASubjectAreWithdrawnThatHaveBeenMadeSoFar() throws {
        var withdrawn = WithdrawnTokens()
        var token = try Signer().token()
        try withdrawn.withdraw(.subject(token.subject), now: Signer.now)
        #expect(withdrawn.contain(token))
        token.issued = Signer.now + 1
        #expect(!withdrawn.contain(token))
        // One that does not say.
        token.issued = nil
        #expect(withdrawn.contain(token))
        token.subject = try identifier("somebody-else")
        #expect(!withdrawn.contain(token))
        // A clock that is set back takes nothing back.
        try withdrawn.withdraw(.subject(identifier("client-17")), now: 0)
        #expect(try withdrawn.contain(Signer().token()))
    }

    @Test func whenThereIsNoRoomLeftItSaysSo() throws {
        var withdrawn = WithdrawnTokens(capacity: 2)
        try withdrawn.withdraw(.id(identifier("a")), now: 0)
        try withdrawn.withdraw(.subject(identifier("a")), now: 0)
        let error = #expect(throws: WithdrawnTokens.Full.self) {
            try withdrawn.withdraw(.id(identifier("b")), now: 0)
        }
        #expect(error?.description.contains("change the key") == true)
        // What is known already needs no room.
        try withdrawn.withdraw(.id(identifier("a")), now: 0)
        try withdrawn.withdraw(.subject(identifier("a")), now: 9)
        #expect(withdrawn.count == 2)
    }
}
