import TestSupport
import Testing
import Wire

@Suite struct SCTPForwardTSNTests {
    static let skips = [
        SCTPForwardTSN.Skip(stream: 1, streamSequence: SequenceNumber(2)),
        SCTPForwardTSN.Skip(stream: 3, streamSequence: SequenceNumber(4)),
    ]
    static let bytes = written { SCTPForwardTSN.write(cumulativeTSN: TSN(9), skips: skips, into: &$0) }

    @Test func readsWhatItWrites() throws {
        #expect(Self.bytes == [UInt8](hex: "c0000010 00000009 0001 0002 0003 0004"))
        let packet = SCTPSample.packet(Self.bytes)
        let forward = try SCTPForwardTSN(SCTPSample.chunks(of: packet)[0], in: packet.span.bytes)
        #expect(forward.cumulativeTSN == TSN(9))
        #expect((0..<forward.skipCount).map { forward.skip(at: $0, in: packet.span.bytes) } == Self.skips)
    }

    @Test func refusesLengthsThatCutAnItem() {
        for length in 0..<12 where length != 4 && length != 8 {
            let (packet, chunk) = SCTPSample.truncated(Self.bytes, to: length)
            #expect(throws: SCTPParseError.self) { try SCTPForwardTSN(chunk, in: packet.span.bytes) }
        }
    }
}
