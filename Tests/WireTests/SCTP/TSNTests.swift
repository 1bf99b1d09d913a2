import Testing
import Wire

@Suite struct TSNTests {
    @Test func isOrderedAcrossTheWrap() {
        #expect(TSN(0).isNewer(than: TSN(.max)))
        #expect(!TSN(.max).isNewer(than: TSN(0)))
        #expect(!TSN(5).isNewer(than: TSN(5)))
        #expect(TSN(.max).advanced(by: 3) == TSN(2))
        #expect(TSN(2).advanced(by: -3) == TSN(.max))
        #expect(TSN(.max).distance(to: TSN(2)) == 3)
        #expect(TSN(2).distance(to: TSN(.max)) == -3)
    }
}
