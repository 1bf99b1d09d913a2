import CX11
import Glibc
import IO
import RemoteControl
import Testing
import Wire

/// Against a real X server and a real X client.
@Suite(.serialized, .timeLimit(.minutes(1))) struct DeskScreenTests {
    // The server last: Xlib ends a process whose server goes before its connections.
    private let screen: DeskScreen
    private let client: XClient
    private let server: XServer

    init() throws {
        server = try XServer()
        client = try XClient(display: server.display)
        screen = try DeskScreen(display: server.display)
    }

    @Test func aClickArrivesOnTheSamePixel() {
        for (x, y) in [(0, 0), (1_279, 0), (640, 360), (0, 719), (1_279, 719)] as [(UInt16, UInt16)] {
            let point = DeskPoint(x: x, y: y)
            inject(.pointerMove(point), .buttonDown(.left, at: point), .buttonUp(.left, at: point))
            let clicks = client.all().filter { $0.kind != .motion }
            #expect(clicks.map(\.kind) == [.buttonDown, .buttonUp])
            #expect(clicks.allSatisfy { $0.code == 1 && $0.x == CInt(x) && $0.y == CInt(y) })
        }
    }

    @Test func aPositionOutsideTheScreenIsMovedToItsEdge() {
        inject(.buttonDown(.right, at: DeskPoint(x: .max, y: .max)))
        let press = client.all().last
        #expect(press == XClient.Input(kind: .buttonDown, code: 3, x: 1_279, y: 719))
    }

    @Test func theWheelTurnsByWholeNotchesAndIsBounded() {
        let point = DeskPoint(x: 10, y: 10)
        func presses() -> [UInt32] { client.all().filter { $0.kind == .buttonDown }.map(\.code) }

        inject(.wheel(dx: 0, dy: 60, at: point))
        #expect(presses() == [])
        inject(.wheel(dx: 0, dy: 60, at: point))
        #expect(presses() == [5])
        inject(.wheel(dx: 0, dy: 119, at: point), .wheel(dx: 0, dy: -120, at: point))
        #expect(presses() == [4])
        inject(.wheel(dx: -240, dy: 0, at: point))
        #expect(presses() == [6, 6])
        inject(.wheel(dx: 0, dy: .max, at: point))
        #expect(presses() == Array(repeating: 5, count: 10))
        inject(.wheel(dx: .min, dy: .min, at: point))
        #expect(presses().count == 20)
    }

    @Test func textArrivesWhetherOrNotTheSenderHoldsShift() throws {
        #expect(try typed("Hello, World! 123\n") == "Hello, World! 123\r")

        let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
        for character in "Hello, World! 123\n".unicodeScalars {
            let keysym = try #require(Keysym(character))
            let isShifted = "HW!".unicodeScalars.contains(character)
            if isShifted { inject(.keyDown(shift)) }
            inject(.keyDown(keysym), .keyUp(keysym))
            if isShifted { inject(.keyUp(shift)) }
        }
        #expect(text(client.all()) == "Hello, World! 123\r")
        #expect(client.held().keys.isEmpty)
    }

    @Test func aCharacterIsRightThoughTheSenderHoldsAShiftThatThisLayoutDoesNotWant() throws {
        // On a French keyboard digits need Shift, here they must not have it.
        let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
        let one = try #require(Keysym("1"))
        let a = try #require(Keysym("A"))
        inject(.keyDown(shift), .keyDown(one), .keyUp(one), .keyDown(a), .keyUp(a), .keyUp(shift))
        #expect(text(client.all()) == "1A")
        #expect(client.held().keys.isEmpty)
    }

    @Test func charactersThatTheLayoutLacksArrive() throws {
        #expect(try typed("é€ж中😀aé") == "é€ж中😀aé")
    }

    @Test func aBurstOfMoreUnusualCharactersThanSpareKeycodesArrivesWhole() throws {
        let text = String(String.UnicodeScalarView((0..<45).compactMap { Unicode.Scalar(0x4e00 + $0 * 7) }))
        #expect(try typed(text) == text)
        #expect(screen.dropped == 0)
    }

    @Test func capsLockOnTheServerDoesNotInvertLetters() throws {
        client.lockCaps(true)
        #expect(try typed("Hello, World! 123 éж") == "Hello, World! 123 éж")
        #expect(client.isCapsLocked)
        client.lockCaps(false)
        // The sender's own lock is in the keysyms already.
        let caps = try #require(Keysym(rawValue: UInt32(XK_Caps_Lock)))
        inject(.keyDown(caps), .keyUp(caps))
        #expect(try typed("ABc") == "ABc")
    }

    @Test(arguments: [1_000, 5_000]) func aLongTextArrivesExactlyAndIsAnswered(count: Int) throws {
        let words = "The quick brown fox, größer & naïve: 日本語, Ελλά 😀 (50 %)\n"
        let repeated = Array(repeating: words, count: count / 20).joined()
        let text = String(String.UnicodeScalarView(repeated.unicodeScalars.prefix(count)))
        let keysyms = try text.unicodeScalars.map { try #require(Keysym($0)) }
        var arrived = ""
        var pieces = keysyms[...]
        var sequence: UInt16 = 0
        while !pieces.isEmpty {
            let piece = Array(pieces.prefix(ControlAction.maximumCount))
            pieces = pieces.dropFirst(piece.count)
            let event = ControlEvent(
                lease: LeaseID(3),
                sequence: sequence,
                clientTime: 0,
                action: .text(piece)
            )
            screen.inject(event, now: .now())
            // Four pieces are under way, as of a page.
            if sequence % 4 == 3 || pieces.isEmpty { arrived += drained(screen) }
            while case .text(let receipt) = screen.pollAnswer() {
                #expect(receipt.outcome == .delivered)
                #expect(receipt.lease == LeaseID(3))
            }
            sequence += 1
        }
        #expect(arrived == text.replacing("\n", with: "\r"))
        #expect(screen.dropped == 0)
        #expect(client.held().keys.isEmpty)
    }

    @Test func whatComesAfterATextWaitsForIt() throws {
        let keys = [Keysym](repeating: try #require(Keysym("x")), count: 32)
        inject(
            .text(keys),
            .keyDown(try #require(Keysym("y"))),
            .buttonDown(.left, at: DeskPoint(x: 3, y: 3))
        )
        inject(.releaseAll)
        #expect(screen.isHolding)
        #expect(drained(screen) == String(repeating: "x", count: 32) + "y")
        #expect(client.held().keys.isEmpty && client.held().buttons == 0)
        #expect(!screen.isHolding)
    }

    @Test func aTextThatIsCutShortSaysHowMuchOfItWasTyped() throws {
        inject(.text([Keysym](repeating: try #require(Keysym("x")), count: 32)))
        screen.releaseAll(now: .now())
        guard case .text(let receipt) = screen.pollAnswer() else {
            Issue.record("no receipt")
            return
        }
        #expect(receipt.outcome == .released)
        #expect(Int(receipt.delivered) == text(client.all()).count)
        #expect(receipt.delivered < 32)
    }

    @Test func moreThanMayWaitReleasesEverythingInsteadOfLosingARelease() throws {
        let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
        inject(.keyDown(shift), .text([Keysym](repeating: try #require(Keysym("x")), count: 32)))
        for _ in 0..<1_100 { inject(.keyUp(shift)) }
        _ = drained(screen)
        #expect(client.held().keys.isEmpty)
        #expect(screen.dropped > 1_000)
    }

    @Test func everyPointOfAPathReachesTheClient() {
        let points = (UInt16(0)..<32).map { DeskPoint(x: 100 + 7 * $0, y: 50 + 3 * $0) }
        inject(.pointerPath(points))
        let moves = client.all().filter { $0.kind == .motion }
        let places = moves.map { DeskPoint(x: UInt16(clamping: $0.x), y: UInt16(clamping: $0.y)) }
        #expect(places == points)
    }

    @Test func aGermanLayoutTypesTheSame() throws {
        try server.run("/usr/bin/setxkbmap", "de")
        #expect(try typed("Hello, World! 123 zy{@}\\€ß^é") == "Hello, World! 123 zy{@}\\€ß^é")
        #expect(client.held().keys.isEmpty)
    }

    @Test func aKeyHeldOverAChangeOfLayoutIsReleased() throws {
        let y = try #require(Keysym("y"))
        inject(.keyDown(y))
        #expect(!client.held().keys.isEmpty)
        try server.run("/usr/bin/setxkbmap", "de")
        inject(.keyUp(y))
        #expect(client.held().keys.isEmpty)
    }

    @Test func aShortcutKeepsTheModifiersThatAreHeld() throws {
        let control = try #require(Keysym(rawValue: UInt32(XK_Control_L)))
        let c = try #require(Keysym("C"))
        inject(.keyDown(control), .keyDown(c), .keyUp(c), .keyUp(control))
        let press = try #require(client.all().last { $0.kind == .keyDown })
        #expect(press.state == UInt32(ControlMask))
        #expect(press.text == "\u{3}")
    }

    @Test func releaseAllReleasesKeysAndButtons() throws {
        let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
        inject(
            .keyDown(shift),
            .keyDown(try #require(Keysym("A"))),
            .buttonDown(.left, at: DeskPoint(x: 5, y: 5)),
            .buttonDown(.right, at: DeskPoint(x: 5, y: 5))
        )
        #expect(client.held().keys.count == 2)
        #expect(client.held().buttons == UInt32(Button1Mask | Button3Mask))
        screen.releaseAll(now: .now())
        #expect(client.held().keys.isEmpty)
        #expect(client.held().buttons == 0)
    }

    @Test func aHeldKeyRepeatsOnlyAsOftenAsItsHolderSays() throws {
        let a = try #require(Keysym("a"))
        inject(.keyDown(a))
        // Longer than the server's own delay before it repeats.
        #expect(text(client.all(quietFor: 900)) == "a")
        inject(.keyDown(a), .keyDown(a), .keyUp(a))
        #expect(text(client.all()) == "aa")
        #expect(client.held().keys.isEmpty)
    }

    @Test func spareKeycodesOfAKilledPredecessorAreTakenBack() throws {
        for round in 0..<3 {
            let other = try DeskScreen(display: server.display)
            let text = String(
                String.UnicodeScalarView((0..<15).compactMap { Unicode.Scalar(0x5000 + round * 100 + $0) })
            )
            #expect(try typed(text, on: other) == text)
        }
    }

    @Test func thePointersPictureAndPositionAreReportedOnceAndAStillOneCostsNothing() throws {
        _ = cursorMessages()
        client.showCursor(UInt32(68))
        inject(.pointerMove(DeskPoint(x: 100, y: 200)))
        let messages = cursorMessages()
        #expect(messages.contains(.position(DeskPoint(x: 100, y: 200))))
        let shapes = messages.compactMap { if case .shape(let shape) = $0 { shape } else { nil } }
        let shape = try #require(shapes.last)
        #expect(shape.pixels.contains { $0 != 0 })
        #expect(shape.hotSpot.x < shape.width)
        #expect(cursorMessages().isEmpty)
        #expect(screen.pollTimeout() == nil)
    }

    @Test func anInjectedMoveArrivesWithinFiveMilliseconds() {
        var delays: [Interval] = []
        for step in 0..<300 {
            let start = Instant.now()
            inject(.pointerMove(DeskPoint(x: UInt16(step), y: 7)))
            guard client.next(within: 1_000) != nil else { continue }
            delays.append(Instant.now() - start)
        }
        delays.sort()
        #expect(delays.count >= 299)
        let (median, p95) = (delays[delays.count / 2], delays[delays.count * 95 / 100])
        print(
            "injection to X client: p50 \(median.nanoseconds / 1_000) µs, p95 \(p95.nanoseconds / 1_000) µs"
        )
        #expect(p95 < .milliseconds(5))
    }

    @Test func aScreenThatIsNotThereIsAnError() {
        #expect(throws: DeskScreenError.unreachable) { _ = try DeskScreen(display: ":65000") }
    }

    // MARK: Words of these tests

    private func inject(_ actions: ControlAction..., on other: DeskScreen? = nil) {
        for action in actions {
            (other ?? screen).inject(
                ControlEvent(lease: LeaseID(1), clientTime: 0, action: action),
                now: .now()
            )
        }
    }

    private func typed(_ text: String, on other: DeskScreen? = nil) throws -> String {
        for character in text.unicodeScalars {
            let keysym = try #require(Keysym(character))
            inject(.keyDown(keysym), .keyUp(keysym), on: other)
        }
        return drained(other ?? screen)
    }

    /// What has arrived when nothing waits any more.
    private func drained(_ screen: DeskScreen) -> String {
        var arrived: [XClient.Input] = []
        while let time = screen.pollTimeout() {
            usleep(UInt32(max(0, (time - .now()).nanoseconds / 1_000) + 100))
            let now = Instant.now()
            screen.handleTimeout(now: now)
            screen.handleEvents(now: .now())
            while screen.pollCursor(now: now) != nil {}
            // An application that reads only now and then.
            arrived += client.all(quietFor: 1)
        }
        return self.text(arrived + client.all())
    }

    private func text(_ inputs: [XClient.Input]) -> String {
        inputs.filter { $0.kind == .keyDown }.map(\.text).joined()
    }

    private func cursorMessages() -> [CursorMessage] {
        var messages: [CursorMessage] = []
        for _ in 0..<5 {
            usleep(20_000)
            screen.handleEvents(now: .now())
            while let message = screen.pollCursor(now: .now()) { messages.append(message) }
        }
        return messages
    }
}
