import Testing
import WebRTC
import Wire

@Suite struct ReplayWindowTests {
    @Test func anIndexIsAcceptedOnce() {
        var window = ReplayWindow(first: 5_000)
        #expect(window.refuses(5_000))
        #expect(!window.refuses(5_001))
        window.accept(5_001)
        #expect(window.refuses(5_001))
        #expect(window.highest == 5_001)
    }

    @Test func theWindowReachesBack1023Indices() {
        var window = ReplayWindow(first: 5_000)
        #expect(!window.refuses(5_000 - 1_023))
        #expect(window.refuses(5_000 - 1_024))
        window.accept(5_000 - 1_023)
        #expect(window.refuses(5_000 - 1_023))
        #expect(window.highest == 5_000)
    }

    @Test func skippedIndicesStayAcceptable() {
        var window = ReplayWindow(first: 0)
        window.accept(1_000)
        for index in UInt64(1)..<1_000 { #expect(!window.refuses(index)) }
        window.accept(1_000_000)
        #expect(!window.refuses(999_999))
        #expect(window.refuses(1_000))
    }

    @Test func itAgreesWithASetOfEverythingAccepted() {
        var random = SplitMix64(seed: 1)
        var window = ReplayWindow(first: 2_000)
        var accepted: Set<UInt64> = [2_000]
        for _ in 0..<50_000 {
            let low = window.highest - 1_500
            let index = UInt64.random(in: low...(window.highest + 300), using: &random)
            let isOld = index + 1_024 <= window.highest
            let expected = isOld || accepted.contains(index)
            guard window.refuses(index) == expected else {
                Issue.record("index \(index), highest \(window.highest)")
                return
            }
            if !expected {
                window.accept(index)
                accepted.insert(index)
            }
        }
    }
}
