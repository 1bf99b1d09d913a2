import TestSupport
import Testing
import Wire

@Suite struct RTPHeaderExtensionsTests {
    /// A packet with the extension block `block`, whose length is `block`'s rounded up to words.
    private static func packet(profile: UInt16, _ block: [UInt8]) -> [UInt8] {
        let words = (block.count + 3) / 4
        return [UInt8](hex: "90600001 00000002 00000003") + [
            UInt8(profile >> 8), UInt8(profile & 0xff), 0, UInt8(words),
        ]
            + block + [UInt8](repeating: 0, count: words * 4 - block.count) + [0xee]
    }

    /// Ids and data of the elements, as text.
    private static func elements(_ packet: [UInt8]) throws -> [String] {
        var elements = RTPHeaderExtensions(try RTPHeader(parsing: packet.span.bytes))
        var found: [String] = []
        while let element = elements.next(in: packet.span.bytes) {
            let data = packet[element.data].map { "\($0 < 16 ? "0" : "")" + String($0, radix: 16) }.joined()
            found.append("\(element.id):\(data)")
        }
        return found
    }

    @Test(
        arguments: [
            ("", []),
            ("10ff", ["1:ff"]),
            // RFC 8285 §4.2: an element of one byte, padding, one of two bytes, padding, one of four.
            ("10aa 21bbbb 0000 33cccccccc", ["1:aa", "2:bbbb", "3:cccccccc"]),
            ("000000 10aa", ["1:aa"]),
            ("ef 000102030405060708090a0b0c0d0e0f", ["14:000102030405060708090a0b0c0d0e0f"]),
            ("10aa 11bbcc", ["1:aa", "1:bbcc"]),
            // 15 ends the block; so does padding with a length.
            ("10aa f0bb 20cc", ["1:aa"]),
            ("10aa 01bbbb 20cc", ["1:aa"]),
            // An element that is longer than its block ends it.
            ("10aa 27", ["1:aa"]),
        ] as [(String, [String])]
    )
    func oneByteElementsAreFound(hex: String, expected: [String]) throws {
        #expect(try Self.elements(Self.packet(profile: 0xbede, [UInt8](hex: hex))) == expected)
    }

    @Test(
        arguments: [
            ("", []),
            // RFC 8285 §4.3: an element without data, one of one byte, padding, one of four.
            ("0100 0201bb 00 0304cccccccc", ["1:", "2:bb", "3:cccccccc"]),
            ("ff01aa", ["255:aa"]),
            ("0f01aa 1001bb", ["15:aa", "16:bb"]),
            ("0101aa 02ff", ["1:aa"]),
            ("0101aa 02", ["1:aa"]),
            ("0107aa0000 02", []),
        ] as [(String, [String])]
    )
    func twoByteElementsAreFound(hex: String, expected: [String]) throws {
        for profile in [0x1000, 0x1005, 0x100f] as [UInt16] {
            #expect(try Self.elements(Self.packet(profile: profile, [UInt8](hex: hex))) == expected)
        }
    }

    @Test func anotherProfileHasNoElements() throws {
        for profile in [0, 0xbedf, 0x1010, 0x0fff] as [UInt16] {
            #expect(try Self.elements(Self.packet(profile: profile, [UInt8](hex: "10aa"))) == [])
        }
        #expect(try Self.elements([UInt8](hex: "80600001 00000002 00000003 10aa")) == [])
    }

    @Test func anElementIsFoundByItsID() throws {
        let bytes = Self.packet(profile: 0xbede, [UInt8](hex: "10aa 11bbcc 32dddddd"))
        let extensions = RTPHeaderExtensions(try RTPHeader(parsing: bytes.span.bytes))
        let found = [1, 3, 2, 0].map { extensions.find($0, in: bytes.span.bytes) }
        #expect(found == [17..<18, 22..<25, nil, nil])
    }

    @Test func aBlockThatIsWrittenIsReadBack() throws {
        let mid = Array("desk".utf8)
        let long = [UInt8](0..<17)
        let bytes =
            [UInt8](hex: "90600001 00000002 00000003")
            + written { out in
                let block = RTPHeaderExtensionWriter(&out)
                block.append(1, bytes: mid.span.bytes, to: &out)
                block.append(2, uint24: 0x12_3456, to: &out)
                block.append(14, uint16: 0xfffe, to: &out)
                block.append(5, bytes: long.span.bytes, to: &out)
                block.append(6, bytes: long.span.bytes.extracting(0..<0), to: &out)
                block.append(7, bytes: long.span.bytes.extracting(1..<17), to: &out)
                block.finish(&out)
            } + [0xee]
        #expect(
            try Self.elements(bytes)
                == ["1:6465736b", "2:123456", "14:fffe", "7:0102030405060708090a0b0c0d0e0f10"]
        )
        #expect(try RTPHeader(parsing: bytes.span.bytes).payload.count == 1)
    }

    @Test func theTwoByteFormTakesLongerElements() throws {
        let long = [UInt8](1...40)
        let bytes =
            [UInt8](hex: "90600001 00000002 00000003")
            + written { out in
                let block = RTPHeaderExtensionWriter(isTwoByte: true, &out)
                block.append(200, uint8: 0x7f, to: &out)
                block.append(2, uint24: 0x12_3456, to: &out)
                block.append(14, uint16: 0xfffe, to: &out)
                block.append(5, bytes: long.span.bytes.extracting(0..<17), to: &out)
                block.append(6, bytes: long.span.bytes.extracting(0..<0), to: &out)
                block.finish(&out)
            } + [0xee]
        #expect(bytes[12...13] == [0x10, 0x00])
        #expect(
            try Self.elements(bytes)
                == ["200:7f", "2:123456", "14:fffe", "5:0102030405060708090a0b0c0d0e0f1011", "6:"]
        )
        #expect(try RTPHeader(parsing: bytes.span.bytes).payload.count == 1)
    }

    @Test func anEmptyBlockIsWrittenWithoutWords() {
        let bytes = written { out in
            let block = RTPHeaderExtensionWriter(&out)
            block.finish(&out)
        }
        #expect(bytes == [0xbe, 0xde, 0, 0])
    }

    @Test func elementsOfArbitraryBlocksLieInsideThem() throws {
        var random = SplitMix64(seed: 2)
        for _ in 0..<5_000 {
            let profile: UInt16 = Bool.random(using: &random) ? 0xbede : 0x1000
            let bytes = Self.packet(profile: profile, random.bytes(upTo: 40))
            let header = try RTPHeader(parsing: bytes.span.bytes)
            var elements = RTPHeaderExtensions(header)
            var end = header.extensions.lowerBound
            while let element = elements.next(in: bytes.span.bytes) {
                #expect(element.id != 0)
                #expect(
                    element.data.lowerBound > end && element.data.upperBound <= header.extensions.upperBound
                )
                end = element.data.upperBound
            }
        }
    }
}
