import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct PointingMessageTests {
    private static let pages: [(PointingMessage, [UInt8])] = [
        (
            PointingMessage(sequence: 258, point: DeskPoint(x: 1, y: 515)),
            [0x43, 1, 1, 2, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0]
        ),
        (
            PointingMessage(
                isShown: false,
                sequence: 1,
                point: DeskPoint(x: 2, y: 3),
                presses: 4,
                press: DeskPoint(x: 5, y: 6)
            ),
            [0x43, 0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6]
        ),
    ]
    private static let rooms: [(PointersMessage, [UInt8])] = [
        (PointersMessage(sequence: 7, pointers: []), [0x43, 0, 0, 7]),
        (
            PointersMessage(
                sequence: 258,
                pointers: [
                    .init(person: ParticipantID(9), point: DeskPoint(x: 1, y: 2)),
                    .init(
                        person: ParticipantID(1 << 40),
                        point: DeskPoint(x: 3, y: 4),
                        press: .init(number: 5, point: DeskPoint(x: 6, y: 7))
                    ),
                ]
            ),
            [
                0x43, 2, 1, 2,
                0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0,
                0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7,
            ]
        ),
    ]

    @Test func readsAndWrites() throws {
        for (message, bytes) in Self.pages {
            #expect(message.encoded() == bytes)
            #expect(try PointingMessage(parsing: bytes.span.bytes) == message)
        }
        for (message, bytes) in Self.rooms {
            #expect(message.encoded() == bytes)
            #expect(try PointersMessage(parsing: bytes.span.bytes) == message)
        }
    }

    @Test func refusesEveryTruncationAndEveryExtraByte() {
        for bytes in Self.pages.map(\.1) {
            for wrong in Self.broken(bytes) {
                #expect(throws: MalformedMessage.self) { try PointingMessage(parsing: wrong.span.bytes) }
            }
        }
        for bytes in Self.rooms.map(\.1) {
            for wrong in Self.broken(bytes) {
                #expect(throws: MalformedMessage.self) { try PointersMessage(parsing: wrong.span.bytes) }
            }
        }
    }

    private static func broken(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<bytes.count).map { Array(bytes.prefix($0)) } + [bytes + [0]]
    }

    @Test func refusesWhatHasNoMeaning() {
        let rest = [UInt8](repeating: 0, count: 12)
        for head: [UInt8] in [[0x42, 1], [0x44, 1], [0x43, 2], [0x43, 0xff]] {
            #expect(throws: MalformedMessage.self) {
                try PointingMessage(parsing: (head + rest).span.bytes)
            }
        }
        // More than fit into a packet, and the place of no press.
        let many = [0x43, 61, 0, 0] + [UInt8](repeating: 1, count: 61 * 18)
        #expect(throws: MalformedMessage.self) { try PointersMessage(parsing: many.span.bytes) }
        let nowhere = [0x43, 1, 0, 0] + [UInt8](repeating: 0, count: 17) + [1]
        #expect(throws: MalformedMessage.self) { try PointersMessage(parsing: nowhere.span.bytes) }
    }

    @Test func everyAcceptedByteSequenceIsTheOneThatIsWritten() {
        var random = SplitMix64(seed: 43)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 44)
            if !bytes.isEmpty { bytes[0] = 0x43 }
            if bytes.count > 1 { bytes[1] %= 3 }
            if bytes.count % 18 > 4, bytes.count != 14 { bytes.removeLast(bytes.count % 18 - 4) }
            if let message = try? PointingMessage(parsing: bytes.span.bytes) {
                accepted += 1
                #expect(message.encoded() == bytes)
            }
            if let message = try? PointersMessage(parsing: bytes.span.bytes) {
                accepted += 1
                #expect(message.encoded() == bytes)
            }
        }
        #expect(accepted > 100)
    }
}
