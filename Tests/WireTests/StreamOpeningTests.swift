import TestSupport
import Testing
import Wire

@Suite struct StreamOpeningTests {
    private static let check: [UInt8] = {
        let message = written { out in
            out.appendSTUNHeader(.request, STUNTransactionID(high: 1, low: 2))
            out.appendSTUNUsername("room", "browser")
            out.appendSTUNFingerprint()
        }
        return [0, UInt8(message.count)] + message
    }()

    @Test(
        arguments: [
            (check, .framedCheck),
            (Array(check[2...]), .message),
            ([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03], .tls),
            (Array("GET / HTTP/1.1\r\n".utf8), .other),
            (Array("PRI * HTTP/2.0\r\n".utf8), .other),
            ([0x00, 0x03, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42, 0, 0], .message),
            ([UInt8](repeating: 0, count: 10), .other),
        ] as [([UInt8], StreamOpening)]
    )
    func whatAConnectionIsForIsToldFromItsFirstBytes(bytes: [UInt8], opening: StreamOpening) {
        #expect(StreamOpening(bytes.span.bytes) == opening)
    }

    @Test func aCheckIsWaitedForByteByByte() {
        for count in 0..<StreamOpening.length {
            #expect(StreamOpening(Array(Self.check[..<count]).span.bytes) == nil)
        }
        #expect(StreamOpening(Array(Self.check[..<StreamOpening.length]).span.bytes) == .framedCheck)
    }

    @Test func aFrameThatIsNoCheckIsNotTakenForOne() {
        for index in 0..<StreamOpening.length {
            var bytes = Self.check
            bytes[index] ^= 0x40
            #expect(StreamOpening(bytes.span.bytes) != .framedCheck)
        }
    }

    @Test func arbitraryBytesAreTold() {
        var random = SplitMix64(seed: 4_571)
        for _ in 0..<5_000 {
            let bytes = random.bytes(upTo: 40)
            guard bytes.count >= StreamOpening.length else { continue }
            #expect(StreamOpening(bytes.span.bytes) != nil)
        }
    }
}
