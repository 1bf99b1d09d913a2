import Testing
import WebRTC
import Wire

@Suite struct ReceivedTSNsTests {
    @Test func agreesWithASetOfNumbers() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<200 {
            // Close to the wrap.
            let start = UInt32.max - 20
            var received = ReceivedTSNs(cumulative: TSN(start))
            var model: Set<Int> = []
            var cumulative = 0
            for _ in 0..<80 {
                let distance = Int.random(in: -3...60, using: &random)
                let tsn = TSN(start).advanced(by: distance)
                if Int.random(in: 0..<20, using: &random) == 0 {
                    #expect(received.advance(to: tsn) == (distance > cumulative))
                    if distance > cumulative { model.formUnion(1...distance) }
                } else {
                    let isNew = distance > 0 && model.insert(distance).inserted
                    #expect((received.insert(tsn) == .new) == isNew)
                }
                while model.contains(cumulative + 1) { cumulative += 1 }
                #expect(received.cumulative == TSN(start).advanced(by: cumulative))
                #expect(
                    received.gaps.flatMap { $0.map { $0 + cumulative } }
                        == model.filter { $0 > cumulative }.sorted()
                )
                // Runs lie apart.
                #expect(
                    zip(received.gaps, received.gaps.dropFirst()).allSatisfy {
                        $0.upperBound + 1 < $1.lowerBound
                    }
                )
            }
        }
    }

    @Test func remembersDuplicatesUntilTheyAreReported() {
        var received = ReceivedTSNs(cumulative: TSN(0))
        for number: UInt32 in [1, 1, 3, 3, 0] { _ = received.insert(TSN(number)) }
        #expect(received.duplicates == [TSN(1), TSN(3), TSN(0)])
        received.clearDuplicates()
        #expect(received.duplicates.isEmpty)
        for _ in 0..<100 { _ = received.insert(TSN(1)) }
        #expect(received.duplicates.count == 16)
    }

    @Test func refusesWhatLiesTooFarAheadOrMakesTooManyGaps() {
        var received = ReceivedTSNs(cumulative: TSN(0))
        #expect(received.insert(TSN(8_193)) == .refused)
        for index in UInt32(1)...200 { #expect(received.insert(TSN(2 * index)) == .new) }
        #expect(received.insert(TSN(500)) == .refused)
        // What closes a gap is always welcome.
        #expect(received.insert(TSN(1)) == .new)
        #expect(received.cumulative == TSN(2))
    }
}
