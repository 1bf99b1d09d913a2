import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct ClipboardMessageTests {
    private static let table = ClipboardContent([
        .text: [0x61], .png: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
    ]).table
    private static let known: [(ClipboardMessage, [UInt8])] = [
        (.put(258, LeaseID(7), table), [0x61, 0, 1, 2, 0, 0, 0, 7, 2, 1, 0, 0, 0, 1, 3, 0, 0, 0, 8]),
        (.take(1, after: 5), [0x62, 0, 0, 1, 0, 0, 0, 5]),
        (.content(1, table), [0x63, 0, 0, 1, 2, 1, 0, 0, 0, 1, 3, 0, 0, 0, 8]),
        (.piece(1, offset: 9, [1, 2]), [0x64, 0, 0, 1, 0, 0, 0, 9, 1, 2]),
        (.received(1, 9), [0x65, 0, 0, 1, 0, 0, 0, 9]),
        (.outcome(1, .tooLarge), [0x66, 2, 0, 1]),
        (.cancel(1), [0x67, 0, 0, 1]),
        (
            .offer(ClipboardOffer(serial: 3, table: table, hasTooLarge: true)),
            [0x68, 1, 0, 0, 0, 0, 0, 3, 2, 1, 0, 0, 0, 1, 3, 0, 0, 0, 8]
        ),
        (.offer(ClipboardOffer(serial: 4)), [0x68, 0, 0, 0, 0, 0, 0, 4, 0]),
        (.policy(ClipboardPolicy(.all, limit: 256)), [0x69, 3, 0, 0, 0, 0, 1, 0]),
    ]

    @Test func readsAndWrites() throws {
        for (message, bytes) in Self.known {
            #expect(message.encoded() == bytes)
            #expect(try ClipboardMessage(parsing: bytes.span.bytes) == message)
        }
    }

    @Test func refusesEveryTruncationAndEveryExtraByte() {
        for (message, bytes) in Self.known {
            // A piece has no length of its own.
            if case .piece = message { continue }
            for count in 0..<bytes.count {
                let part = Array(bytes.prefix(count))
                #expect(throws: MalformedMessage.self) { try ClipboardMessage(parsing: part.span.bytes) }
            }
            let more = bytes + [0]
            #expect(throws: MalformedMessage.self) { try ClipboardMessage(parsing: more.span.bytes) }
        }
    }

    @Test func refusesWhatHasNoMeaning() {
        let wrong: [[UInt8]] = [
            [0x60, 0, 0, 1], [0x6a, 0, 0, 1],
            // No flavour at all, one that nobody knows, an empty one, one twice, and in another order.
            [0x63, 0, 0, 1, 0],
            [0x63, 0, 0, 1, 1, 4, 0, 0, 0, 1],
            [0x63, 0, 0, 1, 1, 1, 0, 0, 0, 0],
            [0x63, 0, 0, 1, 2, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1],
            [0x63, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1, 0, 0, 0, 1],
            // A piece of nothing.
            [0x64, 0, 0, 1, 0, 0, 0, 0],
            [0x62, 1, 0, 1, 0, 0, 0, 5],
            [0x66, 9, 0, 1], [0x67, 1, 0, 1], [0x68, 2, 0, 0, 0, 0, 0, 4, 0], [0x69, 4, 0, 0, 0, 0, 1, 0],
        ]
        for bytes in wrong {
            #expect(throws: MalformedMessage.self) { try ClipboardMessage(parsing: bytes.span.bytes) }
        }
        let long = [0x64, 0, 0, 1] + [UInt8](repeating: 0, count: ClipboardMessage.maximumLength - 3)
        #expect(throws: MalformedMessage.self) { try ClipboardMessage(parsing: long.span.bytes) }
    }

    @Test func everyAcceptedByteSequenceIsTheOneThatIsWritten() {
        var random = SplitMix64(seed: 11)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 20)
            if bytes.count > 1 { (bytes[0], bytes[1]) = (0x60 + bytes[0] % 11, bytes[1] % 2) }
            if bytes.count > 9 { bytes[8] = bytes[8] % 3 }
            guard let message = try? ClipboardMessage(parsing: bytes.span.bytes) else { continue }
            accepted += 1
            #expect(message.encoded() == bytes)
        }
        #expect(accepted > 100)
    }
}
