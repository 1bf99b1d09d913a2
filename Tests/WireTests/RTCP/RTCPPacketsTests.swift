import TestSupport
import Testing
import Wire

@Suite struct RTCPPacketsTests {
    /// A receiver report, an SDES of no chunk, and a BYE with padding.
    static let compound = [UInt8](hex: "80c90001 00000001 80ca0000 a1cb0003 00000002 aabbcc00 00000004")

    private static func elements(_ bytes: [UInt8]) throws -> [RTCPPackets.Element] {
        var packets = RTCPPackets()
        var elements: [RTCPPackets.Element] = []
        while let element = try packets.next(in: bytes.span.bytes) { elements.append(element) }
        return elements
    }

    @Test func everyPacketOfACompoundIsFound() throws {
        let elements = try Self.elements(Self.compound)
        #expect(
            elements.map(\.type) == [RTCPType.receiverReport, RTCPType.sourceDescription, RTCPType.goodbye]
        )
        #expect(elements.map(\.count) == [0, 0, 1])
        #expect(elements.map(\.body) == [4..<8, 12..<12, 16..<24])
    }

    @Test func nothingIsFoundInNothing() throws {
        #expect(try Self.elements([]).isEmpty)
    }

    @Test(arguments: [
        "80", "80c900", "80c90001", "80c90001 000000", "00c90000", "40c90000", "c0c90000",
        "a0c90000",  // padding, but nothing to pad
        "a0c90001 00000000", "a0c90001 00000005", "80c90000 ff",
    ])
    func whatIsNoCompoundIsRefused(hex: String) {
        #expect(throws: RTCPParseError()) { try Self.elements([UInt8](hex: hex)) }
    }

    @Test func aTruncationIsRefusedUnlessItEndsWithAPacket() {
        for count in 1..<Self.compound.count where ![8, 12].contains(count) {
            #expect(throws: RTCPParseError()) { try Self.elements(Array(Self.compound[..<count])) }
        }
    }

    @Test func packetsOfArbitraryBytesLieInsideThem() {
        var random = SplitMix64(seed: 5)
        for _ in 0..<5_000 {
            var bytes = random.bytes(upTo: 60)
            if bytes.count > 3 {
                bytes[0] = bytes[0] & 0x3f | 0x80
                bytes[2] = 0
                bytes[3] &= 7
            }
            var packets = RTCPPackets()
            var end = 0
            while let element = try? packets.next(in: bytes.span.bytes) {
                #expect(element.body.lowerBound == end + 4 && element.body.upperBound <= bytes.count)
                #expect(element.count < 32)
                end = element.body.lowerBound + Int(bytes[end + 2]) * 1_024 + Int(bytes[end + 3]) * 4
            }
        }
    }
}
