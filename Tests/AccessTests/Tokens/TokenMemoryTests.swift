import Access
import Foundation
import Testing
import Wire

/// What one door has taken note of, and the next one is given.
@Suite struct TokenMemoryTests {
    private let signer: Signer

    init() throws {
        signer = try Signer()
    }

    @Test func anotherDoorRefusesWhatWasUsedUpOrWithdrawnAtTheFirst() throws {
        var first = TokenDoor(try signer.verifier)
        let once = try signer.token(id: "once", isOneUse: true)
        let bad = try signer.token(id: "bad")
        _ = try enter(&first, once)
        _ = try first.withdraw(.id(identifier("bad")), at: Signer.now, present: [Int: JoinToken]())
        var other = TokenDoor(try signer.verifier)
        #expect(try enter(&other, bad) == bad)
        other.memory = try again(first.memory)
        #expect(other.memory == first.memory)
        #expect(throws: TokenRefusal.spent) { try enter(&other, once) }
        #expect(throws: TokenRefusal.withdrawn) { try enter(&other, bad) }
        #expect(try enter(&other, once, isReturn: true) == once)
        _ = try first.withdraw(.subject(once.subject), at: Signer.now, present: [Int: JoinToken]())
        other.memory = try again(first.memory)
        #expect(throws: TokenRefusal.withdrawn) { try enter(&other, once, isReturn: true) }
        var another = try signer.token()
        another.subject = try identifier("client-18")
        #expect(try enter(&other, another) == another)
    }

    /// As many as before, whoever has written it.
    @Test func howManyAreRememberedIsNotHandedOn() throws {
        var memory = TokenMemory(spent: SpentTokens(capacity: 1), withdrawn: WithdrawnTokens(capacity: 1))
        try memory.spent.spend(identifier("a"), until: 100, now: 0)
        try memory.withdrawn.withdraw(.id(identifier("a")), now: 0)
        #expect(throws: TokenRefusal.spentIsFull) {
            try memory.spent.spend(identifier("b"), until: 100, now: 0)
        }
        memory = try again(memory)
        try memory.spent.spend(identifier("b"), until: 100, now: 0)
        try memory.withdrawn.withdraw(.subject(identifier("b")), now: 0)
        #expect(memory.spent.count == 2 && memory.withdrawn.count == 2)
    }

    @Test func whatIsNoIdentifierIsNotRead() throws {
        for text in ["", "a b", "é", String(repeating: "a", count: 129)] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode([Identifier].self, from: JSONEncoder().encode([text]))
            }
        }
    }

    private func again(_ memory: TokenMemory) throws -> TokenMemory {
        try JSONDecoder().decode(TokenMemory.self, from: JSONEncoder().encode(memory))
    }

    private func enter(
        _ door: inout TokenDoor,
        _ token: JoinToken,
        isReturn: Bool = false
    ) throws -> JoinToken {
        try door.enter(
            token.signed(with: signer.key),
            from: nil,
            isReturn: isReturn,
            at: Signer.now,
            now: Instant(nanoseconds: 0)
        )
    }
}
