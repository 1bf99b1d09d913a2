import Access
import Testing

@Suite struct SpentTokensTests {
    @Test func aTokenIsSpentOnceUntilItHasExpired() throws {
        var spent = SpentTokens()
        let id = try identifier("a")
        try spent.spend(id, until: 100, now: 0)
        for now: Int64 in [0, 50, 99] {
            #expect(throws: TokenRefusal.spent) { try spent.spend(id, until: 100, now: now) }
        }
        try spent.spend(identifier("b"), until: 100, now: 0)
    }

    /// A second use that goes unnoticed would be worse than a link that does not work.
    @Test func whereThereIsNoRoomNobodyIsLetIn() throws {
        var spent = SpentTokens(capacity: 100)
        for number in 0..<100 { try spent.spend(identifier("\(number)"), until: Int64(100 + number), now: 0) }
        #expect(throws: TokenRefusal.spentIsFull) { try spent.spend(identifier("more"), until: 500, now: 99) }
        #expect(throws: TokenRefusal.spent) { try spent.spend(identifier("0"), until: 500, now: 99) }
        // The first has expired.
        try spent.spend(identifier("more"), until: 500, now: 100)
        #expect(throws: TokenRefusal.spentIsFull) {
            try spent.spend(identifier("even-more"), until: 500, now: 100)
        }
        for second: Int64 in 101..<10_000 {
            try? spent.spend(identifier("at-\(second)"), until: second + 50, now: second)
            #expect(spent.count <= 100)
        }
    }
}
