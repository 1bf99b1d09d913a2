import Testing
import Wire

@Suite struct STUNMessageTests {
    @Test func theSampleRequestIsRead() throws {
        let message = try STUNSample.parse(STUNSample.request)
        #expect(message.kind == .request)
        #expect(message.method == STUNMessage.binding)
        #expect(message.transactionID == STUNSample.id)
        #expect(message.priority == 0x6e00_01ff)
        #expect(message.iceControlled == 0x932f_f9b1_5126_3b36)
        #expect(message.iceControlling == nil)
        #expect(message.useCandidate == false)
        #expect(
            message.username.map { String(decoding: STUNSample.request[$0], as: UTF8.self) } == "evtj:h6vY"
        )
        #expect(message.hasFingerprint)
        #expect(message.unknownAttributes.isEmpty)
        #expect(message.integrityCoverage == 0..<76)
        #expect(message.integrityMessageLength == 80)
        #expect(
            STUNSample.integrity(STUNSample.request, of: message)
                == STUNIntegrity(
                    first: 0x9aea_a70c_bfd8_cb56,
                    second: 0x781e_f2b5_b2d3_f249,
                    third: 0xc1b5_71a2
                )
        )
    }

    @Test(arguments: [
        (STUNSample.ipv4Response, STUNSample.ipv4),
        (STUNSample.ipv6Response, STUNSample.ipv6),
    ])
    func theSampleResponsesAreRead(bytes: [UInt8], address: SocketAddress) throws {
        let message = try STUNSample.parse(bytes)
        #expect(message.kind == .successResponse)
        #expect(message.mappedAddress == address)
        #expect(message.hasFingerprint)
    }

    @Test func noTruncationIsAMessage() {
        for sample in STUNSample.all {
            for count in sample.indices {
                #expect(throws: STUNParseError.self) {
                    try STUNSample.parse(Array(sample[..<count]))
                }
            }
        }
    }

    @Test func noTruncationOfTheAttributesIsAMessageEither() {
        // The length field agrees with the datagram here, so the attributes themselves must be found wanting.
        for sample in STUNSample.all {
            for count in stride(from: 24, to: sample.count, by: 4) {
                var cut = Array(sample[..<count])
                cut[3] = UInt8(count - 20)
                if let message = try? STUNSample.parse(cut) {
                    #expect(message.hasFingerprint == false)
                }
            }
        }
    }

    @Test func theFingerprintNoticesEveryChangedBit() {
        for sample in STUNSample.all {
            for bit in 0..<(8 * sample.count) {
                var changed = sample
                changed[bit / 8] ^= 1 << (bit % 8)
                // A bit of FINGERPRINT's own type makes it another attribute.
                #expect((try? STUNSample.parse(changed))?.hasFingerprint != true)
            }
        }
    }

    @Test(arguments: [
        // Lengths that the type does not allow.
        ("00240003 6e000100", STUNParseError.malformedAttribute(0x0024)),
        ("00250004 00000000", .malformedAttribute(0x0025)),
        ("80290004 00000000", .malformedAttribute(0x8029)),
        ("802a0007 0000000000000000", .malformedAttribute(0x802a)),
        ("00080010 00000000000000000000000000000000", .malformedAttribute(0x0008)),
        ("80280000", .malformedAttribute(0x8028)),
        // Values that the type does not allow.
        ("00090004 00000200", .malformedAttribute(0x0009)),
        ("00090004 00000764", .malformedAttribute(0x0009)),
        ("00090004 00000464", .malformedAttribute(0x0009)),
        ("00200008 0003a147e112a643", .malformedAttribute(0x0020)),
        ("00200008 0002a147e112a643", .malformedAttribute(0x0020)),
        // Longer than what is left.
        ("00060005 61626364", .malformedAttribute(0x0006)),
        ("0006ffff 61626364", .malformedAttribute(0x0006)),
        ("80280004 00000000", .wrongFingerprint),
        // FINGERPRINT is the last attribute.
        ("80280004 00000000 00250000", .malformedAttribute(0x8028)),
    ])
    func aMalformedAttributeIsNamed(attributes: String, error: STUNParseError) {
        #expect(throws: error) {
            try STUNSample.parse(STUNSample.request(attributes: attributes))
        }
    }

    @Test func aLengthThatIsNotTheDatagramsIsRefused() {
        #expect(throws: STUNParseError.wrongLength) {
            try STUNSample.parse(STUNSample.request + [0, 0, 0, 0])
        }
        var odd = STUNSample.request(attributes: "0025000000")
        #expect(throws: STUNParseError.wrongLength) { try STUNSample.parse(odd) }
        odd[0] = 0x80
        #expect(throws: STUNParseError.notSTUN) { try STUNSample.parse(odd) }
    }

    @Test func theFirstUnknownRequiredAttributesAreRemembered() throws {
        let request = STUNSample.request(
            attributes: "7f010000 ff010000 7f020000 7f030000 7f040000 7f050000 7f060000"
        )
        let unknown = try STUNSample.parse(request).unknownAttributes
        #expect((0..<unknown.count).map { unknown[$0] } == [0x7f01, 0x7f02, 0x7f03, 0x7f04])
    }

    @Test func whatFollowsTheIntegrityIsNotBelieved() throws {
        let integrity = "00080014" + String(repeating: "00", count: 20)
        let request = STUNSample.request(attributes: integrity + "00250000 00060004 61626364 7f010000")
        let message = try STUNSample.parse(request)
        #expect(message.useCandidate == false)
        #expect(message.username == nil)
        #expect(message.unknownAttributes.isEmpty)
        #expect(message.integrityMessageLength == 24)
    }

    @Test func arbitraryBytesNeverTrap() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<50_000 {
            var bytes = STUNSample.all[Int.random(in: 0..<3, using: &generator)]
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[.random(in: bytes.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let count = Int.random(in: 0...bytes.count, using: &generator)
            if Bool.random(using: &generator), count >= 20 {
                bytes[2] = 0
                bytes[3] = UInt8(count - 20)
            }
            let message = bytes.span.bytes.extracting(first: count)
            _ = STUNMessage.localUsernameFragment(of: message)
            guard let parsed = try? STUNMessage(parsing: message) else { continue }
            for range in [parsed.username, parsed.messageIntegrity, parsed.integrityCoverage].compactMap({
                $0
            }) {
                #expect(range.lowerBound >= 0 && range.upperBound <= count)
            }
            _ = parsed.isAddressed(to: "evtj", in: message)
        }
    }
}
