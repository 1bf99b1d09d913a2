import TestSupport
import Testing
import Wire

@Suite struct TURNAttributesTests {
    private static let id = STUNTransactionID(high: 0xb7e7_a701, low: 0xbc34_d686_fa87_dfae)
    private static let four = SocketAddress(ipv4: 0xc000_0201, port: 32_853)
    private static let six = SocketAddress(high: 0x2001_0db8_1234_5678, low: 0x0011_2233_4455_6677, port: 9)

    private static let request = written { out in
        out.appendSTUNHeader(.request, method: TURNMethod.allocate, id)
        out.appendTURNTransport(17)
        out.appendTURNLifetime(600)
        out.appendTURNAddressFamily(2)
        out.appendTURNChannelNumber(0x4000)
        out.appendTURNPeerAddress(four, id)
        out.appendTURNPeerAddress(six, id)
        out.appendTURNRelayedAddress(six, id)
        out.appendTURNData(([1, 2, 3, 4, 5] as [UInt8]).span.bytes)
        out.appendSTUNUsername("17", "7")
        out.appendSTUNRealm("realm")
        out.appendSTUNNonce("nonce")
        out.appendSTUNMessageIntegrity { _ in STUNIntegrity(first: 1, second: 2, third: 3) }
        out.appendSTUNFingerprint()
    }

    @Test func whatIsWrittenIsRead() throws {
        let attributes = try Self.parse(Self.request)
        #expect(attributes.transport == 17)
        #expect(attributes.lifetime == 600)
        #expect(attributes.family == 2)
        #expect(attributes.channel == 0x4000)
        #expect(attributes.peers == [Self.four, Self.six])
        #expect(attributes.relayedAddress == Self.six)
        #expect(attributes.data.map { Array(Self.request[$0]) } == [1, 2, 3, 4, 5])
        #expect(attributes.realm.map { Array(Self.request[$0]) } == Array("realm".utf8))
        #expect(attributes.nonce.map { Array(Self.request[$0]) } == Array("nonce".utf8))
        #expect(attributes.unknown.isEmpty)
    }

    @Test func whatNobodyKnowsAndMustKnowIsSaid() throws {
        // EVEN-PORT, as any other program would write it, and SOFTWARE, which nobody need know.
        let bytes = [UInt8](
            hex: "00030010 2112a442 b7e7a701bc34d686fa87dfae 0018000180000000 8022000474657374"
        )
        let unknown = try Self.parse(bytes).unknown
        #expect(unknown.count == 1)
        #expect(unknown[0] == 0x0018)
    }

    @Test func whatFollowsTheIntegrityDoesNotCount() throws {
        let bytes = written { out in
            out.appendSTUNHeader(.request, method: TURNMethod.refresh, Self.id)
            out.appendSTUNMessageIntegrity { _ in STUNIntegrity(first: 1, second: 2, third: 3) }
            out.appendTURNLifetime(0)
        }
        #expect(try Self.parse(bytes).lifetime == nil)
    }

    @Test(arguments: [
        "000d0002 00000000", "000c0002 40000000", "00190001 11000000", "00170000", "00120004 00010000",
        "00120008 0003 0000 00000000",
    ])
    func anAttributeOfAnotherFormIsRefused(_ text: String) {
        let attribute = [UInt8](hex: text)
        let bytes =
            [UInt8](hex: "0003") + [0, UInt8(attribute.count)]
            + [UInt8](hex: "2112a442 b7e7a701bc34d686fa87dfae") + attribute
        #expect(throws: STUNParseError.self) { try Self.parse(bytes) }
    }

    @Test func moreAddressesThanAreEverNeededAreRefused() {
        let bytes = written { out in
            out.appendSTUNHeader(.request, method: TURNMethod.createPermission, Self.id)
            for _ in 0...TURNAttributes.mostPeers { out.appendTURNPeerAddress(Self.four, Self.id) }
        }
        #expect(throws: STUNParseError.self) { try Self.parse(bytes) }
    }

    @Test func noBytesTrapIt() {
        var random = SplitMix64(seed: 2)
        for count in 0..<Self.request.count { _ = try? Self.parse(Array(Self.request[..<count])) }
        for _ in 0..<20_000 {
            var bytes = Self.request
            for _ in 0..<4 {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                bytes[place] = .random(in: .min ... .max, using: &random)
            }
            guard let attributes = try? Self.parse(bytes) else { continue }
            for range in [attributes.data, attributes.realm, attributes.nonce].compactMap({ $0 }) {
                #expect(range.upperBound <= bytes.count)
            }
        }
    }

    @discardableResult
    private static func parse(_ bytes: [UInt8]) throws(STUNParseError) -> TURNAttributes {
        try TURNAttributes(of: STUNMessage(parsing: bytes.span.bytes), in: bytes.span.bytes)
    }
}
