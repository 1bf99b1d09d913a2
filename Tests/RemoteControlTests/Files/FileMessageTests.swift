import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct FileMessageTests {
    private static let digest = FileDigest(of: [1, 2, 3])
    private static let key = FileKey(high: 0x0102_0304_0506_0708, low: 9)
    private static let long: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 9]
    private static let known: [(FileMessage, [UInt8])] = [
        (
            .put(258, .init(size: 9, key: key, lease: LeaseID(7), x: 3, y: 4, name: "é")),
            [0x70, 0, 1, 2] + long + [1, 2, 3, 4, 5, 6, 7, 8] + long
                + [0, 0, 0, 7, 0, 3, 0, 4, 0xc3, 0xa9]
        ),
        (.ready(1, 9), [0x71, 0, 0, 1] + long),
        (.piece(1, offset: 9, stamp: 5, [1, 2]), [0x72, 0, 0, 1] + long + [0, 0, 0, 5, 1, 2]),
        (.received(1, 9, delay: 6), [0x73, 0, 0, 1] + long + [0, 0, 0, 6]),
        (.block(1, end: 9, digest), [0x74, 0, 0, 1] + long + digest.bytes),
        (.confirmed(1, 9, isAgain: true), [0x75, 1, 0, 1] + long),
        (.end(1, size: 9, digest), [0x76, 0, 0, 1] + long + digest.bytes),
        (.outcome(1, .changed, name: ""), [0x77, 5, 0, 1]),
        (.outcome(1, .done, name: "a"), [0x77, 0, 0, 1, 0x61]),
        (.watch(true), [0x78, 1, 0, 0]),
        (
            .listing(FileListing([.init(name: "a", size: 9, changed: 9)], rest: .untold)),
            [0x79, 2, 0, 0] + long + long + [1, 0x61]
        ),
        (.listing(FileListing()), [0x79, 1, 0, 0]),
        (
            .take(1, .init(version: 9, offset: 9, name: "a")),
            [0x7a, 0, 0, 1] + long + long + [0, 0, 0, 0, 0x61]
        ),
        (.take(1, .init(offer: 8)), [0x7a, 0, 0, 1] + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 8]),
        (
            .file(1, size: 9, version: 9, offset: 9, name: "a"),
            [0x7b, 0, 0, 1] + long + long + long + [0x61]
        ),
        (.hand(person: 9, name: "a"), [0x7c, 0, 0, 0] + long + [0x61]),
        (
            .handed(HandedFile(.taken, offer: 3, person: 9, name: "a")),
            [0x7d, 1, 0, 0, 0, 0, 0, 3] + long + [0x61]
        ),
        (.cancel(1, isForNow: true), [0x7e, 1, 0, 1]),
        (.policy(FilePolicy(.all, limit: 9, total: 9)), [0x7f, 0, 0, 0, 3] + long + long),
        (.drop(1, x: 2, y: 3, name: "a"), [0x7f, 1, 0, 1, 0, 2, 0, 3, 0x61]),
        (.dropped(1, true), [0x7f, 2, 0, 1, 1]),
    ]

    @Test func readsAndWrites() throws {
        for (message, bytes) in Self.known {
            #expect(message.encoded() == bytes)
            #expect(try FileMessage(parsing: bytes.span.bytes) == message)
        }
    }

    @Test func refusesEveryTruncationThatIsNoMessageOfItsOwn() {
        for (message, bytes) in Self.known {
            for count in 0..<bytes.count {
                let part = Array(bytes.prefix(count))
                // What ends with a name, a piece or a list may well be shorter; but it is another then.
                guard let shorter = try? FileMessage(parsing: part.span.bytes) else { continue }
                #expect(shorter != message)
                #expect(shorter.encoded() == part)
            }
        }
    }

    @Test func refusesWhatHasNoMeaning() {
        let long = Self.long
        let wrong: [[UInt8]] = [
            [0x6f, 0, 0, 1], [0x80, 0, 0, 1], [], [0x7e], [0x7e, 2, 0, 1], [0x7e, 0, 0, 1, 0],
            // A name that is not UTF-8, none where there must be one, and one that is too long.
            [0x7c, 0, 0, 0] + long + [0xff], [0x7c, 0, 0, 0] + long,
            [0x7c, 0, 0, 0] + long + [UInt8](repeating: 0x61, count: 256),
            // A name and an offer, and neither.
            [0x7a, 0, 0, 1] + long + long + [0, 0, 0, 1, 0x61],
            [0x7a, 0, 0, 1] + long + long + [0, 0, 0, 0],
            [0x72, 0, 0, 1] + long + [0, 0, 0, 5], [0x75, 2, 0, 1] + long, [0x77, 12, 0, 1],
            [0x78, 1, 0, 1], [0x79, 3, 0, 0], [0x79, 1, 0, 0] + long + long + [0],
            [0x79, 1, 0, 0] + long + long + [2, 0x61], [0x7d, 4, 0, 0, 0, 0, 0, 3] + long,
            [0x7f, 0, 0, 0, 4] + long + long, [0x7f, 0, 0, 1, 3] + long + long, [0x7f, 3, 0, 1],
            [0x7f, 2, 0, 1, 2],
        ]
        for bytes in wrong {
            #expect(throws: MalformedMessage.self, "\(bytes)") { try FileMessage(parsing: bytes.span.bytes) }
        }
        let tooLong = [0x72, 0, 0, 1] + [UInt8](repeating: 0, count: FileMessage.maximumLength - 3)
        #expect(throws: MalformedMessage.self) { try FileMessage(parsing: tooLong.span.bytes) }
    }

    @Test func everyAcceptedByteSequenceIsTheOneThatIsWritten() {
        var random = SplitMix64(seed: 12)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 48)
            if bytes.count > 1 { (bytes[0], bytes[1]) = (0x6f + bytes[0] % 18, bytes[1] % 3) }
            guard let message = try? FileMessage(parsing: bytes.span.bytes) else { continue }
            accepted += 1
            #expect(message.encoded() == bytes)
        }
        #expect(accepted > 100)
    }
}
