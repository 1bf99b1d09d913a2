import TestSupport
import Testing
import Wire

@Suite struct SCTPDataTests {
    static let data = SCTPData(
        tsn: TSN(0x0102_0304),
        stream: 5,
        streamSequence: SequenceNumber(6),
        payloadProtocol: 53,
        isBeginning: true,
        isEnding: false,
        isUnordered: true,
        isUrgent: true
    )

    @Test func readsWhatItWrites() throws {
        let bytes = written { Self.data.write(([0xaa, 0xbb, 0xcc] as [UInt8]).span.bytes, into: &$0) }
        #expect(bytes == [UInt8](hex: "000e0013 01020304 0005 0006 00000035 aabbcc00"))
        let packet = SCTPSample.packet(bytes)
        let chunk = try SCTPSample.chunks(of: packet)[0]
        #expect(try SCTPData(chunk, in: packet.span.bytes) == Self.data)
        #expect(SCTPData.userData(of: chunk) == 28..<31)
    }

    @Test(arguments: [(0x01, "E"), (0x02, "B"), (0x04, "U"), (0x08, "I")] as [(UInt8, Character)])
    func readsEachFlag(_ flags: UInt8, _ name: Character) throws {
        let packet = SCTPSample.packet([UInt8](hex: "0000 0011 00000001 0000 0000 00000033 61"))
        var chunk = try SCTPSample.chunks(of: packet)[0]
        chunk.flags = flags
        let data = try SCTPData(chunk, in: packet.span.bytes)
        let set = [
            (data.isEnding, "E"), (data.isBeginning, "B"), (data.isUnordered, "U"), (data.isUrgent, "I"),
        ]
        #expect(set.filter(\.0).map(\.1) == [String(name)])
    }

    @Test func refusesEveryTruncation() {
        let bytes = written { Self.data.write(([1] as [UInt8]).span.bytes, into: &$0) }
        for length in 0..<12 {
            let (packet, chunk) = SCTPSample.truncated(bytes, to: length)
            #expect(throws: SCTPParseError.self) { try SCTPData(chunk, in: packet.span.bytes) }
            #expect(SCTPData.userData(of: chunk).isEmpty)
        }
    }
}
