import CX11
import Glibc
import IO
import RemoteControl
import Testing
import Wire

/// A key is a meaning and a place: characters arrive by their meaning, shortcuts and games get the place.
@Suite(.serialized, .timeLimit(.minutes(1))) struct KeyPlaceTests {
    private let screen: DeskScreen
    private let client: XClient
    private let server: XServer

    init() throws {
        server = try XServer()
        client = try XClient(display: server.display)
        screen = try DeskScreen(display: server.display)
    }

    @Test func theKeyAtThePlaceIsPressedWhereItHasTheMeaning() throws {
        // Two keys of this layout make "<"; a game and a shortcut mean the one that was pressed.
        for place: UInt8 in [94, 59] {
            #expect(try press("<", at: place) == [Press(code: UInt32(place), text: "<")])
        }
        // A German Z sits where this layout has Y: the character wins.
        #expect(try press("z", at: 29) == [Press(code: 52, text: "z")])
        try server.run("/usr/bin/setxkbmap", "de")
        #expect(try press("z", at: 29) == [Press(code: 29, text: "z")])
        #expect(try press("ä", at: 48) == [Press(code: 48, text: "ä")])
        // With the modifiers that it takes there.
        #expect(try press("@", at: 24).last == Press(code: 24, text: "@"))
        #expect(client.held().keys.isEmpty)
    }

    @Test(arguments: ["us", "de", "ru,us"]) func aShortcutOfAnotherScriptIsTheLatinOneAtItsPlace(
        layout: String
    ) throws {
        try server.run("/usr/bin/setxkbmap", layout)
        let control = try #require(Keysym(rawValue: UInt32(XK_Control_L)))
        let place = try #require(KeyPlace(rawValue: 37))
        inject(.keyDown(control, at: place))
        _ = client.all()
        #expect(try press("с", at: 54) == [Press(code: 54, text: "\u{3}")])
        inject(.keyUp(control, at: place))
        #expect(client.held().keys.isEmpty)
        // Without Control it is the character.
        #expect(try press("с", at: 54).map(\.text) == ["с"])
    }

    @Test func aLayoutWithTwoScriptsTypesBothWithoutSpareKeycodes() throws {
        try server.run("/usr/bin/setxkbmap", "ru,us")
        for character in "Hello, мир. {x} №1".unicodeScalars {
            let presses = try press(character, at: 0)
            #expect(presses.last?.text == String(character))
        }
        #expect(client.held().keys.isEmpty)
    }

    @Test func aKeyThatIsLetGoIsTheOneThatWasPressed() throws {
        let less = try #require(Keysym("<"))
        let greater = try #require(Keysym(">"))
        let (left, right) = (try #require(KeyPlace(rawValue: 94)), try #require(KeyPlace(rawValue: 59)))
        inject(.keyDown(less, at: left), .keyDown(less, at: right))
        #expect(client.held().keys == [94, 59])
        // It means something else by now, but it is the key at that place.
        inject(.keyUp(greater, at: left))
        #expect(client.held().keys == [59])
        inject(.keyUp(less, at: right))
        #expect(client.held().keys.isEmpty)
    }

    @Test func theDeskCanHaveEveryLayoutAndTypesWithIt() throws {
        let text = "Hello zy@#{}[]\\ é€ж中 1!\"<>|'`^~"
        for layout in KeyboardLayout.allCases {
            let a = try #require(Keysym("a"))
            inject(.keyDown(a))
            #expect(screen.setLayout(layout, now: .now()), "\(layout)")
            #expect(client.held().keys.isEmpty, "what is held is let go first")
            _ = client.all(quietFor: 10)
            for character in text.unicodeScalars {
                let keysym = try #require(Keysym(character))
                inject(.keyDown(keysym), .keyUp(keysym))
            }
            #expect(arrived(quietFor: 20).map(\.text).joined() == text, "\(layout)")
        }
        #expect(screen.setLayout(.ru, now: .now()))
        // Its own letters are on it, and need no spare key.
        #expect(try press("ж", at: 47) == [Press(code: 47, text: "ж")])
    }

    private struct Press: Equatable {
        var code: UInt32
        var text: String
    }

    /// What arrives of a key that is pressed and let go, without the modifiers that it takes.
    private func press(_ character: Unicode.Scalar, at place: UInt8) throws -> [Press] {
        let keysym = try #require(Keysym(character))
        let place = try #require(KeyPlace(rawValue: place))
        inject(.keyDown(keysym, at: place), .keyUp(keysym, at: place))
        return arrived()
    }

    private func arrived(quietFor milliseconds: CInt = 60) -> [Press] {
        var inputs: [XClient.Input] = []
        while let time = screen.pollTimeout() {
            usleep(UInt32(max(0, (time - .now()).nanoseconds / 1_000) + 100))
            screen.handleTimeout(now: .now())
            screen.handleEvents(now: .now())
            while screen.pollCursor(now: .now()) != nil {}
            inputs += client.all(quietFor: 1)
        }
        inputs += client.all(quietFor: milliseconds)
        return inputs.filter { $0.kind == .keyDown && !$0.text.isEmpty }.map {
            Press(code: $0.code, text: $0.text)
        }
    }

    private func inject(_ actions: ControlAction...) {
        for action in actions {
            screen.inject(ControlEvent(lease: LeaseID(1), clientTime: 0, action: action), now: .now())
        }
    }
}
