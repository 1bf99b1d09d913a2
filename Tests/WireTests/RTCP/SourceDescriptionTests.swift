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

    @Test func aGoodbyeNamesItsSources() throws {
        #expect(written { Goodbye.write(7, into: &$0) } == [UInt8](hex: "81cb0001 00000007"))
        #expect(try Self.sources("82cb0003 00000007 00000008 02686900") == [7, 8])
        #expect(try Self.sources("80cb0000") == [])
        #expect(throws: RTCPParseError()) { try Self.sources("82cb0001 00000007 80c90001 00000009") }
    }

    private static func sources(_ hex: String) throws -> [UInt32] {
        let bytes = [UInt8](hex: hex)
        var packets = RTCPPackets()
        let next = try packets.next(in: bytes.span.bytes)
        var sources: [UInt32] = []
        try Goodbye.forEachSource(try #require(next), in: bytes.span.bytes) { sources.append($0) }
        return sources
    }
}
