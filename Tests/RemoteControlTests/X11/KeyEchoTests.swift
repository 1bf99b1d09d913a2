import CX11
import Glibc
import IO
import RemoteControl
import Testing
import Wire

/// The desk says what the X server made of what was asked of it.
@Suite(.serialized, .timeLimit(.minutes(1))) struct KeyEchoTests {
    private let screen: DeskScreen
    private let client: XClient
    private let server: XServer

    init() throws {
        server = try XServer()
        client = try XClient(display: server.display)
        screen = try DeskScreen(display: server.display)
    }

    @Test func whatArrivesIsEchoedAsApplicationsTranslateIt() throws {
        let text = "aA1!é€中"
        var sequence: UInt16 = 0xfffd
        for character in text.unicodeScalars {
            let keysym = try #require(Keysym(character))
            inject(.keyDown(keysym), sequence: sequence)
            inject(.keyUp(keysym))
            sequence &+= 1
        }
        let keysyms = try text.unicodeScalars.map { try #require(Keysym($0)) }
        inject(.text(keysyms), sequence: 9)
        let echoes = settled()
        #expect(echoes.first?.sequence == 0xfffd)
        for kind in TypingEcho.Kind.allCases {
            let found = echoes.filter { $0.kind == kind }.flatMap(\.keysyms)
            #expect(found == keysyms.map(\.rawValue), "\(kind)")
        }
        #expect(client.all().filter { $0.kind == .keyDown }.map(\.text).joined() == text + text)
    }

    @Test func aKeyThatAProgramHoldsDownIsMissingAndArrivesBySpareKeycodes() throws {
        let n = try #require(Keysym("n"))
        client.hold(keycode: 57, button: 2)
        _ = client.all()
        inject(.keyDown(n), sequence: 4)
        inject(.keyUp(n))
        // What others press meanwhile is not taken for it.
        #expect(settled().flatMap(\.keysyms) == [nil])
        #expect(client.all().filter { $0.kind == .keyDown }.isEmpty)
        client.hold(keycode: 57, button: 2)
        _ = client.all()
        inject(.text([n], again: true), sequence: 5)
        #expect(settled().flatMap(\.keysyms) == [n.rawValue])
        #expect(client.all().filter { $0.kind == .keyDown }.map(\.text) == ["n"])
    }

    @Test func motionGoesOnFromWhereThePointerIs() {
        let point = DeskPoint(x: 100, y: 100)
        inject(.pointerMove(point))
        inject(.pointerMotion(dx: 7, dy: -20))
        // Positions do not count any more, until the next move.
        inject(.buttonDown(.left, at: point))
        inject(.buttonUp(.left, at: point))
        let inputs = client.all()
        #expect(inputs.last == XClient.Input(kind: .buttonUp, code: 1, x: 107, y: 80))
        inject(.pointerMove(point))
        inject(.buttonDown(.left, at: DeskPoint(x: 5, y: 5)))
        #expect(client.all().last == XClient.Input(kind: .buttonDown, code: 1, x: 5, y: 5))
    }

    /// What the desk has echoed when nothing waits any more.
    private func settled() -> [TypingEcho] {
        var echoes: [TypingEcho] = []
        while let time = screen.pollTimeout() {
            usleep(UInt32(max(0, (time - .now()).nanoseconds / 1_000) + 100))
            screen.handleTimeout(now: .now())
            screen.handleEvents(now: .now())
            while screen.pollCursor(now: .now()) != nil {}
            while let answer = screen.pollAnswer() {
                if case .echo(let echo) = answer { echoes.append(echo) }
            }
        }
        return echoes
    }

    private func inject(_ action: ControlAction, sequence: UInt16 = 0) {
        let event = ControlEvent(lease: LeaseID(1), sequence: sequence, clientTime: 0, action: action)
        screen.inject(event, now: .now())
    }
}
