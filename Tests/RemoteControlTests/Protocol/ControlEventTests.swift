import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct ControlEventTests {
    static let point = DeskPoint(x: 0x0102, y: 0x0304)

    static let table: [([UInt8], ControlEvent)] = {
        func event(_ action: ControlAction, sequence: UInt16 = 0) -> ControlEvent {
            ControlEvent(lease: LeaseID(7), sequence: sequence, clientTime: 0x0a0b_0c0d, action: action)
        }
        func bytes(_ type: UInt8, _ body: [UInt8], sequence: [UInt8] = [0, 0]) -> [UInt8] {
            [type, 0] + sequence + [0, 0, 0, 7, 0x0a, 0x0b, 0x0c, 0x0d] + body
        }
        let position: [UInt8] = [1, 2, 3, 4]
        var table = [
            (bytes(0x01, position, sequence: [0xff, 0xfe]), event(.pointerMove(point), sequence: 0xfffe)),
            (bytes(0x02, position + [1]), event(.buttonDown(.left, at: point))),
            (bytes(0x03, position + [9]), event(.buttonUp(.forward, at: point))),
            (bytes(0x04, position + [0xff, 0x88, 0, 120]), event(.wheel(dx: -120, dy: 120, at: point))),
            (bytes(0x07, []), event(.releaseAll)),
            (bytes(0x0a, [0xff, 0xff, 0, 7]), event(.pointerMotion(dx: -1, dy: 7))),
        ]
        let path = [point, DeskPoint(x: 5, y: 6)]
        table.append(
            (
                bytes(0x09, position + [0, 5, 0, 6], sequence: [1, 2]),
                event(.pointerPath(path), sequence: 0x0102)
            )
        )
        if let a = Keysym("a"), let clef = Keysym("𝄞") {
            let place = KeyPlace(rawValue: 38) ?? .unknown
            let down = bytes(0x05, [0, 0, 0, 0x61, 38], sequence: [3, 4])
            table.append((down, event(.keyDown(a, at: place), sequence: 0x0304)))
            table.append((bytes(0x06, [0x01, 0x01, 0xd1, 0x1e, 0]), event(.keyUp(clef))))
            table.append((bytes(0x0b, [0, 0]), event(.held(HeldInput()))))
            let held = HeldInput(buttons: [.left, .forward], keys: [DeskKey(a, at: place), DeskKey(clef)])
            let keys: [UInt8] = [0, 0, 0, 0x61, 38, 0x01, 0x01, 0xd1, 0x1e, 0]
            table.append((bytes(0x0b, [0x01, 0x01] + keys), event(.held(held))))
            let text = bytes(0x08, [0, 0, 0, 0x61, 0x01, 0x01, 0xd1, 0x1e], sequence: [1, 2])
            table.append((text, event(.text([a, clef]), sequence: 0x0102)))
            let again = [text[0], 1] + text.dropFirst(2)
            table.append((again, event(.text([a, clef], again: true), sequence: 0x0102)))
        }
        return table
    }()

    @Test func readsAndWritesEveryKindOfEvent() throws {
        #expect(Self.table.count == 13)
        for (bytes, event) in Self.table {
            #expect(try ControlEvent(parsing: bytes.span.bytes) == event)
            #expect(event.encoded() == bytes)
            #expect(event.encodedLength == bytes.count)
            #expect(bytes.count <= ControlEvent.maximumLength)
        }
    }

    @Test func refusesEveryTruncationAndEveryExtraByte() {
        for (bytes, _) in Self.table {
            // A list that ends earlier is a shorter list.
            func isShorterList(_ count: Int) -> Bool {
                switch bytes[0] {
                case 0x08: count >= 16 && count % 4 == 0
                case 0x09: count >= 20 && count % 4 == 0
                case 0x0b: count >= 14 && (count - 14) % 5 == 0
                default: false
                }
            }
            for count in 0..<bytes.count where !isShorterList(count) {
                expectMalformed(Array(bytes.prefix(count)))
            }
            expectMalformed(bytes + [0])
        }
    }

    @Test func aListHasABound() throws {
        let head: [UInt8] = [0x08, 0] + [UInt8](repeating: 0, count: 10)
        let key: [UInt8] = [0, 0, 0, 0x61]
        let longest = head + [[UInt8]](repeating: key, count: 32).joined()
        #expect(longest.count == ControlEvent.maximumLength)
        #expect(try ControlEvent(parsing: longest.span.bytes).encoded() == longest)
        expectMalformed(longest + key)
        expectMalformed(head)
        // A path of one point is a move.
        expectMalformed([0x09] + Array(head.dropFirst()) + key)
        expectMalformed(replacing(1, of: longest, by: 2))
        // A key that nobody may send.
        expectMalformed(head + key + [0, 0, 0xfe, 0xd5])
    }

    @Test func refusesWhatHasNoMeaning() {
        let move = Self.table[0].0
        let press = Self.table[1].0
        for type: UInt8 in [0x00, 0x0c, 0x41, 0xff] { expectMalformed(replacing(0, of: move, by: type)) }
        expectMalformed(replacing(1, of: move, by: 1))
        expectMalformed(replacing(3, of: press, by: 1))
        if let down = Self.table.first(where: { $0.0[0] == 0x05 })?.0 {
            for place: UInt8 in 1...7 { expectMalformed(replacing(16, of: down, by: place)) }
        }
        if let held = Self.table.first(where: { $0.0[0] == 0x0b })?.0 {
            // The wheel is no button that can be held.
            for bits: UInt8 in [0x08, 0x10, 0x20, 0x40] { expectMalformed(replacing(13, of: held, by: bits)) }
        }
        for button: UInt8 in [0, 4, 5, 6, 7, 10, 255] {
            expectMalformed(replacing(16, of: press, by: button))
        }
    }

    @Test func everyAcceptedByteSequenceIsTheOneThatIsWritten() {
        var random = SplitMix64(seed: 1)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = random.bytes(upTo: 40)
            // Mostly plausible, so that the bodies are reached too.
            if bytes.count >= 4, Bool.random(using: &random) {
                bytes[0] %= 13
                bytes[1] = 0
                if bytes[0] == 8 { bytes[1] = UInt8.random(in: 0...1, using: &random) }
                if ![1, 5, 8, 9].contains(bytes[0]) { (bytes[2], bytes[3]) = (0, 0) }
            }
            guard let event = try? ControlEvent(parsing: bytes.span.bytes) else { continue }
            accepted += 1
            #expect(event.encoded() == bytes)
        }
        #expect(accepted > 100)
    }

    private func expectMalformed(_ bytes: [UInt8], _ location: SourceLocation = #_sourceLocation) {
        #expect(throws: MalformedMessage.self, sourceLocation: location) {
            try ControlEvent(parsing: bytes.span.bytes)
        }
    }

    private func replacing(_ index: Int, of bytes: [UInt8], by byte: UInt8) -> [UInt8] {
        var bytes = bytes
        bytes[index] = byte
        return bytes
    }
}
