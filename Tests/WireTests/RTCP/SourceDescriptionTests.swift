import TestSupport
import Testing
import Wire

@Suite struct SourceDescriptionTests {
    @Test(arguments: [
        ("", "81ca0002 00000007 01000000"),
        ("a", "81ca0002 00000007 01016100"),
        ("ab", "81ca0003 00000007 01026162 00000000"),
        ("abc", "81ca0003 00000007 01036162 63000000"),
        ("abcde", "81ca0003 00000007 01056162 63646500"),
    ])
    func aChunkEndsWithOneToFourZeros(name: String, hex: String) {
        #expect(written { SourceDescription.write(7, cname: name, into: &$0) } == [UInt8](hex: hex))
    }

    @Test func aLongNameIsCut() throws {
        let bytes = written {
            SourceDescription.write(7, cname: String(repeating: "x", count: 300), into: &$0)
        }
        #expect(bytes[9] == 255)
        #expect(bytes.count % 4 == 0)
        var packets = RTCPPackets()
        let element = try packets.next(in: bytes.span.bytes)
        #expect(element?.body.upperBound == bytes.count)
    }
}
