import TestSupport
import Testing
import Wire

@Suite struct GenericNACKTests {
    private static func lost(_ bytes: [UInt8]) throws -> [UInt16] {
        var packets = RTCPPackets()
        let next = try packets.next(in: bytes.span.bytes)
        let feedback = try RTCPFeedback(try #require(next), in: bytes.span.bytes)
        var lost: [UInt16] = []
        try GenericNACK.forEachLost(feedback, in: bytes.span.bytes) { lost.append($0.rawValue) }
        return lost
    }

    private static func write(_ numbers: [UInt16]) -> [UInt8] {
        let lost = numbers.map(SequenceNumber.init)
        return written { GenericNACK.write(lost.span, from: 1, about: 2, into: &$0) }
    }

    @Test(
        arguments: [
            ([10], "81cd0003 00000001 00000002 000a0000"),
            ([10, 11], "81cd0003 00000001 00000002 000a0001"),
            ([10, 26], "81cd0003 00000001 00000002 000a8000"),
            ([10, 27], "81cd0004 00000001 00000002 000a0000 001b0000"),
            ([65_535, 0, 15], "81cd0003 00000001 00000002 ffff8001"),
            ([65_530, 65_531, 20, 22], "81cd0004 00000001 00000002 fffa0001 00140002"),
        ] as [([UInt16], String)]
    )
    func numbersAreWrittenAsTheRFCDrawsThemAndReadBack(numbers: [UInt16], hex: String) throws {
        #expect(Self.write(numbers) == [UInt8](hex: hex))
        #expect(try Self.lost([UInt8](hex: hex)) == numbers)
    }

    @Test func allBitsOfTheMaskAreRead() throws {
        #expect(
            try Self.lost([UInt8](hex: "81cd0003 00000001 00000002 fff8ffff"))
                == (0...16).map { 0xfff8 &+ $0 }
        )
    }

    @Test func nothingLostIsNothingWritten() {
        #expect(Self.write([]).isEmpty)
    }

    @Test(arguments: ["81cd0002 00000001 00000002", "a1cd0003 00000001 00000002 000a0002"])
    func aMessageWithoutWholeItemsIsRefused(hex: String) {
        #expect(throws: RTCPParseError()) { try Self.lost([UInt8](hex: hex)) }
    }

    @Test func anyAscendingNumbersComeBack() throws {
        var random = SplitMix64(seed: 6)
        for _ in 0..<500 {
            var number = UInt16.random(in: .min ... .max, using: &random)
            let numbers = (0..<Int.random(in: 1...128, using: &random)).map { _ in
                number &+= .random(in: 1...40, using: &random)
                return number
            }
            let bytes = Self.write(numbers)
            #expect(bytes.count <= 12 + 4 * numbers.count)
            #expect(try Self.lost(bytes) == numbers)
        }
    }
}
