import Access
import Appliance
import Testing

@Suite struct MintedTokensTests {
    @Test func whatHasExpiredIsForgottenAndMemoryIsBounded() throws {
        var minted = MintedTokens(capacity: 3)
        for number in 1...3 { #expect(minted.add(try token(number, expires: 100 + Int64(number)), now: 0)) }
        #expect(!minted.add(try token(4, expires: 500), now: 50))
        #expect(minted.valid(at: 50).map(\.id?.text) == ["token-1", "token-2", "token-3"])
        #expect(minted.valid(at: 102).map(\.id?.text) == ["token-3"])
        #expect(minted.add(try token(4, expires: 500), now: 102))
        #expect(minted.count == 2)
    }

    @Test func whatIsWithdrawnIsForgotten() throws {
        var minted = MintedTokens()
        for number in 1...4 { _ = minted.add(try token(number, expires: 100), now: 0) }
        minted.remove(.id(try #require(Identifier("token-1"))))
        minted.remove(.subject(try #require(Identifier("client-2"))))
        #expect(minted.valid(at: 0).map(\.id?.text) == ["token-3", "token-4"])
    }

    private func token(_ number: Int, expires: Int64) throws -> JoinToken {
        JoinToken(
            room: try #require(Identifier("room-1")),
            subject: try #require(Identifier("client-\(number)")),
            role: .client,
            expires: expires,
            id: Identifier("token-\(number)")
        )
    }
}
