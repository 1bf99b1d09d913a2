import TestSupport
import Testing
import Wire

@Suite struct OutputRawSpanSTUNTests {
    @Test func aRequestIsReadAsItWasWritten() throws {
        let integrity = STUNIntegrity(first: 1, second: 2, third: 3)
        let bytes = STUNSample.written { out in
            out.appendSTUNHeader(.request, STUNSample.id)
            out.appendSTUNUsername("far", "near1")
            out.appendSTUNControlling(tieBreaker: 7)
            out.appendSTUNUseCandidate()
            out.appendSTUNPriority(9)
            out.appendSTUNMessageIntegrity { covered in
                // As if the message ended with MESSAGE-INTEGRITY.
                #expect(covered.bigEndian(UInt16.self, at: 2).map(Int.init) == covered.byteCount + 24 - 20)
                return integrity
            }
            out.appendSTUNFingerprint()
        }
        let message = try STUNSample.parse(bytes)
        #expect(message.kind == .request)
        #expect(message.method == STUNMessage.binding)
        #expect(message.transactionID == STUNSample.id)
        #expect(message.username.map { String(decoding: bytes[$0], as: UTF8.self) } == "far:near1")
        #expect(message.iceControlling == 7)
        #expect(message.useCandidate)
        #expect(message.priority == 9)
        #expect(
            STUNSample.integrity(bytes, of: message)
                == integrity
        )
        #expect(message.hasFingerprint)
    }

    @Test func theSampleAddressesAreMaskedAsTheStandardSays() throws {
        for (address, sample) in [
            (STUNSample.ipv4, STUNSample.ipv4Response), (STUNSample.ipv6, STUNSample.ipv6Response),
        ] {
            let bytes = STUNSample.written { out in
                out.appendSTUNHeader(.successResponse, STUNSample.id)
                out.appendSTUNXORMappedAddress(address, STUNSample.id)
            }
            #expect(bytes.count == address.ipv4.map { _ in 32 } ?? 44)
            // In the sample, SOFTWARE takes the 16 bytes after the header.
            #expect(bytes[20...] == sample[36..<(16 + bytes.count)])
        }
    }

    @Test(arguments: [300, 400, 401, 420, 487, 699] as [UInt16])
    func anErrorResponseIsReadAsItWasWritten(code: UInt16) throws {
        var unknown = STUNUnknownAttributes()
        unknown.append(0x7f01)
        let bytes = STUNSample.written { out in
            out.appendSTUNHeader(.errorResponse, STUNSample.id)
            out.appendSTUNErrorCode(code)
            out.appendSTUNUnknownAttributes(unknown)
            out.appendSTUNControlled(tieBreaker: 5)
        }
        let message = try STUNSample.parse(bytes)
        #expect(message.kind == .errorResponse)
        #expect(message.errorCode == code)
        #expect(message.iceControlled == 5)
        #expect(bytes[28..<36] == [0x00, 0x0a, 0x00, 0x02, 0x7f, 0x01, 0x00, 0x00])
    }

    @Test(
        arguments: [
            (STUNMessage.Class.request, 0x001, [0x00, 0x01]), (.indication, 0x001, [0x00, 0x11]),
            (.successResponse, 0x001, [0x01, 0x01]), (.errorResponse, 0x001, [0x01, 0x11]),
            (.errorResponse, 0xfff, [0x3f, 0xff]), (.request, 0xfff, [0x3e, 0xef]),
        ] as [(STUNMessage.Class, UInt16, [UInt8])]
    )
    func classAndMethodShareTheFirstFourteenBits(
        kind: STUNMessage.Class,
        method: UInt16,
        type: [UInt8]
    ) throws {
        let bytes = STUNSample.written { $0.appendSTUNHeader(kind, method: method, STUNSample.id) }
        #expect(Array(bytes.prefix(2)) == type)
        let message = try STUNSample.parse(bytes)
        #expect(message.kind == kind)
        #expect(message.method == method)
    }
}
