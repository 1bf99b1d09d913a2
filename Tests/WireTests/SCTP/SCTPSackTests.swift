import TestSupport
import Testing
import Wire

@Suite struct SCTPSackTests {
    static let bytes = written {
        SCTPSack.write(
            cumulativeTSN: TSN(10),
            receiverWindow: 0x1_0000,
            gaps: [2...3, 5...5],
            duplicates: [TSN(9)],
            into: &$0
        )
    }

    @Test func readsWhatItWrites() throws {
        #expect(
            Self.bytes == [UInt8](hex: "0300001c 0000000a 00010000 0002 0001 0002 0003 0005 0005 00000009")
        )
        let packet = SCTPSample.packet(Self.bytes)
        let sack = try SCTPSack(SCTPSample.chunks(of: packet)[0], in: packet.span.bytes)
        #expect(sack.cumulativeTSN == TSN(10))
        #expect(sack.receiverWindow == 0x1_0000)
        #expect(sack.duplicateCount == 1)
        #expect((0..<sack.gapCount).map { sack.gap(at: $0, in: packet.span.bytes) } == [2...3, 5...5])
    }

    @Test(arguments: ["0003 0002", "0000 0001", "0000 0000"]) func refusesGapsThatRunBackwards(
        _ gap: String
    ) throws {
        let packet = SCTPSample.packet([UInt8](hex: "03000014 0000000a 00010000 0001 0000 \(gap)"))
        let sack = try SCTPSack(SCTPSample.chunks(of: packet)[0], in: packet.span.bytes)
        #expect(sack.gap(at: 0, in: packet.span.bytes) == nil)
    }

    @Test func refusesEveryTruncation() {
        for length in 0..<(Self.bytes.count - 4) {
            let (packet, chunk) = SCTPSample.truncated(Self.bytes, to: length)
            #expect(throws: SCTPParseError.self) { try SCTPSack(chunk, in: packet.span.bytes) }
        }
    }
}
