import TestSupport
import Testing
import Wire

/// The examples are in the form of RFC 2198 §3 and §4.
@Suite struct RedundantAudioTests {
    private static func blocks(_ bytes: [UInt8]) -> [RedundantAudio.Block]? {
        guard var audio = RedundantAudio(bytes.span.bytes) else { return nil }
        var blocks: [RedundantAudio.Block] = []
        while let block = audio.next(in: bytes.span.bytes) { blocks.append(block) }
        return blocks
    }

    @Test func thePrimaryBlockAloneHasAHeaderOfOneByte() {
        let bytes = [UInt8](hex: "6f 11 22 33")
        let primary = RedundantAudio.Block(payloadType: 111, timestampOffset: 0, data: 1..<4, isPrimary: true)
        #expect(Self.blocks(bytes) == [primary])
        #expect(RedundantAudio(bytes.span.bytes)?.primary == primary)
    }

    @Test func redundantBlocksComeOldestFirst() {
        // 1 920 and 960 ticks back, three and two bytes; then a primary block of four.
        let bytes = [UInt8](hex: "ef 1e0003 ef 0f0002 6f aaaaaa bbbb cccccccc")
        #expect(
            Self.blocks(bytes) == [
                .init(payloadType: 111, timestampOffset: 1_920, data: 9..<12, isPrimary: false),
                .init(payloadType: 111, timestampOffset: 960, data: 12..<14, isPrimary: false),
                .init(payloadType: 111, timestampOffset: 0, data: 14..<18, isPrimary: true),
            ]
        )
    }

    @Test func theFieldsHaveTheirFullWidth() {
        let bytes = [UInt8](hex: "ff ffffff 00") + [UInt8](repeating: 7, count: 1_023)
        #expect(
            Self.blocks(bytes) == [
                .init(payloadType: 127, timestampOffset: 0x3fff, data: 5..<1_028, isPrimary: false),
                .init(payloadType: 0, timestampOffset: 0, data: 1_028..<1_028, isPrimary: true),
            ]
        )
    }

    @Test func headersThatDoNotEndAndMissingBytesAreRefused() {
        let whole = [UInt8](hex: "ef 1e0003 ef 0f0002 6f aaaaaa bbbb")
        for count in 0..<whole.count { #expect(Self.blocks(Array(whole[..<count])) == nil) }
        #expect(Self.blocks(whole)?.last?.data == 14..<14)
    }

    @Test func everyBlockCanBeGivenAnotherPayloadType() {
        func rewritten(_ hex: String) -> [UInt8] {
            let bytes = [UInt8](hex: hex)
            return written { RedundantAudio.write(bytes.span.bytes, payloadType: 63, into: &$0) }
        }
        #expect(rewritten("6f 11 22") == [UInt8](hex: "3f 11 22"))
        #expect(
            rewritten("ef 1e0003 ef 0f0002 6f aaaaaa bbbb ef")
                == [UInt8](hex: "bf 1e0003 bf 0f0002 3f aaaaaa bbbb ef")
        )
        #expect(rewritten("ef 1e0003").isEmpty)
    }

    @Test func arbitraryBytesGiveBlocksThatFollowOneAnother() {
        var random = SplitMix64(seed: 6)
        for _ in 0..<5_000 {
            let bytes = random.bytes(upTo: 60)
            guard let blocks = Self.blocks(bytes) else { continue }
            #expect(blocks.last?.isPrimary == true && blocks.last?.data.upperBound == bytes.count)
            for (earlier, later) in zip(blocks, blocks.dropFirst()) {
                #expect(!earlier.isPrimary && earlier.data.upperBound == later.data.lowerBound)
            }
        }
    }
}
