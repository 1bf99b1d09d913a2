import TestSupport
import Testing
import Wire

@Suite struct DCEPMessageTests {
    static let table: [(DCEPMessage, String)] = [
        (.acknowledge, "02"),
        (.open(DCEPOpen(label: "a")), "03000100 00000000 0001 0000 61"),
        (
            .open(DCEPOpen(label: "é", subprotocol: "p", isOrdered: false, reliability: .retransmissions(0))),
            "03810100 00000000 0002 0001 c3a970"
        ),
        (
            .open(DCEPOpen(label: "", isOrdered: true, reliability: .lifetime(500), priority: 512)),
            "03020200 000001f4 0000 0000"
        ),
        (.open(DCEPOpen(label: "", isOrdered: false)), "03800100 00000000 0000 0000"),
    ]

    @Test(arguments: table) func readsWhatItWrites(_ message: DCEPMessage, _ hex: String) throws {
        #expect(message.bytes == [UInt8](hex: hex))
        #expect(try DCEPMessage(parsing: message.bytes.span.bytes) == message)
    }

    @Test func refusesEveryTruncation() {
        let bytes = [UInt8](hex: Self.table[2].1)
        for count in 0..<bytes.count {
            #expect(throws: DCEPMessage.ParseError.self) {
                try DCEPMessage(parsing: Array(bytes[..<count]).span.bytes)
            }
        }
    }

    @Test(arguments: [
        // Unknown message, unknown channel type, more bytes than told, text that is not UTF-8.
        "01", "03030100 00000000 0000 0000", "03000100 00000000 0000 0000 61",
        "03000100 00000000 0001 0000 ff",
    ]) func refusesWhatMeansNothing(_ hex: String) {
        #expect(throws: DCEPMessage.ParseError.self) {
            try DCEPMessage(parsing: [UInt8](hex: hex).span.bytes)
        }
    }

    @Test func readsAnyBytesWithoutTrapping() {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            var bytes = generator.bytes(upTo: 20)
            if !bytes.isEmpty { bytes[0] = 3 }
            if bytes.count > 11 { bytes.replaceSubrange(8..<12, with: [0, UInt8(bytes.count - 12), 0, 0]) }
            guard let message = try? DCEPMessage(parsing: bytes.span.bytes) else { continue }
            #expect((try? DCEPMessage(parsing: message.bytes.span.bytes)) == message)
        }
    }
}
