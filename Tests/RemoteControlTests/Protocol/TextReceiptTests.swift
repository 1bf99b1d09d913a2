import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct TextReceiptTests {
    private static let receipt = TextReceipt(
        lease: LeaseID(7),
        sequence: 0x0102,
        outcome: .released,
        delivered: 5
    )
    private static let bytes: [UInt8] = [0x51, 4, 1, 2, 0, 0, 0, 7, 0, 5]

    @Test func readsAndWrites() throws {
        #expect(Self.receipt.encoded() == Self.bytes)
        #expect(try TextReceipt(parsing: Self.bytes.span.bytes) == Self.receipt)
    }

    @Test func refusesEveryTruncationEveryExtraByteAndWhatHasNoMeaning() {
        var wrong = (0..<Self.bytes.count).map { Array(Self.bytes.prefix($0)) }
        wrong.append(Self.bytes + [0])
        wrong.append([0x52] + Self.bytes.dropFirst())
        wrong.append([0x51, 6] + Self.bytes.dropFirst(2))
        for bytes in wrong {
            #expect(throws: MalformedMessage.self) { try TextReceipt(parsing: bytes.span.bytes) }
        }
    }

    @Test func everyAcceptedByteSequenceIsTheOneThatIsWritten() {
        var random = SplitMix64(seed: 5)
        var accepted = 0
        for _ in 0..<10_000 {
            var bytes = random.bytes(upTo: 12)
            if bytes.count > 1 { (bytes[0], bytes[1]) = (0x51, bytes[1] % 7) }
            guard let receipt = try? TextReceipt(parsing: bytes.span.bytes) else { continue }
            accepted += 1
            #expect(receipt.encoded() == bytes)
        }
        #expect(accepted > 100)
    }
}
