import CX11
import Glibc
import IO
import RemoteControl
import TestSupport
import Testing
import Wire

/// Two people drive a real X screen at once, each in one half of it.
@Suite(.serialized, .timeLimit(.minutes(2))) struct DeskHandsTests {
    private static let (first, second) = (LeaseID(1), LeaseID(1 << 28 | 1))
    private static let (left, right) = (DeskPoint(x: 100, y: 300), DeskPoint(x: 900, y: 300))

    @Test func eachHasAPointerAKeyboardAndAFocusOfTheirOwnAndNothingIsMixed() async throws {
        try await withDesk { desk async throws in
            desk.click(at: Self.left, Self.first)
            desk.click(at: Self.right, Self.second)
            #expect(desk.left.all(quietFor: 300).filter { $0.kind == .buttonDown }.map(\.x) == [100])
            #expect(desk.right.all(quietFor: 300).filter { $0.kind == .buttonDown }.map(\.x) == [260])
            // The focus is what was clicked, wherever the pointer goes then.
            desk.send(.pointerMove(Self.left), Self.second)
            let texts = ("The quick brown fox, größer: Ελλά!", "ein Пример & naïve 日本語 (50 %)")
            try desk.type(texts.0, Self.first, texts.1, Self.second)
            var typed = (left: "", right: "")
            for _ in 0..<200 where typed.left.count < texts.0.count || typed.right.count < texts.1.count {
                typed.left += Self.text(desk.left.all(quietFor: 20))
                typed.right += Self.text(desk.right.all(quietFor: 20))
            }
            #expect(typed.left == texts.0)
            #expect(typed.right == texts.1)
            // Everybody's keys have arrived as their own, and nobody else's.
            let reports = await desk.reports {
                $0.filter { if case .typed = $0 { true } else { false } }.count >= 2
            }
            for case .echoed(let echo) in reports { #expect([Self.first, Self.second].contains(echo.lease)) }
            // Where each pointer is, to be shown with whose it is.
            #expect(reports.contains(.cursor(.position(Self.left))))
            let hand = try Self.hand
            #expect(reports.contains(.handCursor(hand, .position(Self.right))))
        }
    }

    @Test func whatOneHoldsIsNotHeldByTheOtherAndIsReleasedWithTheirHand() async throws {
        try await withDesk { desk async throws in
            let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
            let a = try #require(Keysym("a"))
            desk.click(at: Self.left, Self.first)
            desk.click(at: Self.right, Self.second)
            _ = (desk.left.all(quietFor: 300), desk.right.all(quietFor: 300))
            desk.send(.keyDown(shift), Self.second)
            desk.send(.buttonDown(.left, at: Self.right), Self.second)
            _ = desk.right.all(quietFor: 300)
            desk.send(.keyDown(a), Self.first)
            desk.send(.keyUp(a), Self.first)
            #expect(Self.text(desk.left.all(quietFor: 300)) == "a")
            #expect(!desk.left.isAnythingDown)
            #expect(try desk.left.isAnythingDown(ofHand: "Deskroom hand 1"))

            // The first one's release is the first one's.
            desk.send(.releaseAll(DeskMark(3)))
            #expect(await desk.reports { $0.contains(.reached(DeskMark(3))) }.isEmpty == false)
            #expect(try desk.left.isAnythingDown(ofHand: "Deskroom hand 1"))
            desk.send(.keyDown(a), Self.first)
            desk.send(.releaseHand(DeskMark(1 << 28 | 1), try Self.hand))
            #expect(await desk.reports { $0.contains(.reached(DeskMark(1 << 28 | 1))) }.isEmpty == false)
            #expect(try !desk.left.isAnythingDown(ofHand: "Deskroom hand 1"))
            #expect(desk.left.keycodesDown == 1)

            // Nobody has the hand any more, and an event that comes late does not bring it back.
            desk.send(.removeHand(try Self.hand))
            desk.send(.keyDown(a), Self.second)
            desk.send(.mark(DeskMark(4)))
            #expect(await desk.reports { $0.contains(.reached(DeskMark(4))) }.isEmpty == false)
            #expect(desk.left.masters.count == 2)
            desk.send(.pointerMove(Self.right), LeaseID(Self.second.rawValue + 1))
            desk.send(.mark(DeskMark(5)))
            #expect(await desk.reports { $0.contains(.reached(DeskMark(5))) }.isEmpty == false)
            #expect(desk.left.masters.count == 4)
        }
    }

    @Test func aHolderWhoFallsSilentAndARoomThatIsGoneLeaveNothingDown() async throws {
        try await withDesk { desk async throws in
            desk.click(at: Self.right, Self.second)
            desk.send(.buttonDown(.left, at: Self.right), Self.second)
            let answer = await desk.reports {
                $0.contains { if case .held(let answer) = $0 { answer.lease == Self.second } else { false } }
            }
            #expect(!answer.isEmpty)
            #expect(try !desk.left.isAnythingDown(ofHand: "Deskroom hand 1"))
            desk.send(.buttonDown(.left, at: Self.right), Self.second)
        }
        // The seat has ended: the pair is gone, and what it held.
    }

    @Test func whatAKilledDeskProcessLeftBehindIsRemoved() async throws {
        let server = try XServer()
        do {
            let client = try XClient(display: server.display, half: 0)
            guard let display = XOpenDisplay(server.display) else { throw XServer.Failure() }
            var (major, minor): (CInt, CInt) = (2, 2)
            XIQueryVersion(display, &major, &minor)
            let name = strdup("Deskroom hand 2")
            defer { free(name) }
            var change = XIAnyHierarchyChangeInfo()
            change.add = XIAddMasterInfo(type: CInt(XIAddMaster), name: name, send_core: 1, enable: 1)
            XIChangeHierarchy(display, &change, 1)
            XSync(display, 0)
            #expect(client.masters.count == 4)
            let screen = try DeskScreen(display: server.display)
            screen.takeOver(now: .now())
            #expect(client.masters.count == 2)
            XCloseDisplay(display)
        }
        withExtendedLifetime(server) {}
    }

    @Test func theKeysOfAHandMeanWhatTheDesksLayoutSays() async throws {
        try await withDesk { desk async throws in
            desk.click(at: Self.right, Self.second)
            for layout in [KeyboardLayout.fr, .de] {
                desk.send(.setLayout(layout))
                #expect(await desk.reports { $0.contains(.layoutSet(layout, isDone: true)) }.isEmpty == false)
                _ = desk.right.all(quietFor: 300)
                // Without a spare keycode: by the key at its place.
                let key = try #require(Keysym(layout == .fr ? "é" : "ö"))
                let place = try #require(KeyPlace(rawValue: layout == .fr ? 11 : 47))
                desk.send(.keyDown(key, at: place), Self.second)
                desk.send(.keyUp(key, at: place), Self.second)
                let presses = desk.right.all(quietFor: 300).filter { $0.kind == .keyDown }
                #expect(presses.map(\.text) == [layout == .fr ? "é" : "ö"])
                #expect(presses.map(\.code) == [layout == .fr ? 11 : 47])
            }
        }
    }

    private static var hand: FurtherHand {
        get throws { try #require(FurtherHand(rawValue: 1)) }
    }

    private static func text(_ inputs: [XClient.Input]) -> String {
        inputs.filter { $0.kind == .keyDown }.map(\.text).joined()
    }

    private func withDesk(_ body: (Desk) async throws -> Void) async throws {
        let server = try XServer()
        do {
            let desk = try Desk(server.display)
            #expect(await desk.isReady())
            try await body(desk)
            await desk.end()
            #expect(desk.left.masters.count == 2)
        }
        // Xlib ends a process whose server goes before its connections.
        withExtendedLifetime(server) {}
    }
}

/// A seat, the room's end of its link, and an application in each half of its screen.
private final class Desk {
    let left: XClient
    let right: XClient
    private let seat: DeskSeat
    private let room: SeqPacketSocket

    init(_ display: String) throws {
        left = try XClient(display: display, half: 0)
        right = try XClient(display: display, half: 1)
        var end: SeqPacketSocket?
        room = try SeqPacketSocket(pairedWith: &end)
        guard let link = end.take() else { throw XServer.Failure() }
        seat = try DeskSeat(display: display, link: link, onEvent: { _ in })
        seat.start()
    }

    func isReady() async -> Bool {
        send(.releaseAll(DeskMark(1)))
        return await !reports { $0.contains(.reached(DeskMark(1))) }.isEmpty
    }

    func end() async { await seat.stop() }

    func send(_ command: DeskCommand) {
        let bytes = command.encoded()
        let isSent = room.send(bytes.span.bytes)
        #expect(isSent)
    }

    func send(_ action: ControlAction, _ lease: LeaseID, sequence: UInt16 = 0) {
        send(.input(ControlEvent(lease: lease, sequence: sequence, clientTime: 0, action: action)))
    }

    func click(at point: DeskPoint, _ lease: LeaseID) {
        send(.buttonDown(.left, at: point), lease)
        send(.buttonUp(.left, at: point), lease)
    }

    /// Both at once: keys of one between those of the other, and at the end a text of each.
    func type(_ one: String, _ lease: LeaseID, _ other: String, _ otherLease: LeaseID) throws {
        let (first, second) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        let half = (first.count / 2, second.count / 2)
        for index in 0..<max(half.0, half.1) {
            for (keys, count, lease) in [(first, half.0, lease), (second, half.1, otherLease)]
            where index < count {
                let key = try #require(Keysym(keys[index]))
                send(.keyDown(key), lease, sequence: UInt16(index))
                send(.keyUp(key), lease)
            }
        }
        try send(.text(first.dropFirst(half.0).map { try #require(Keysym($0)) }), lease, sequence: 1)
        try send(.text(second.dropFirst(half.1).map { try #require(Keysym($0)) }), otherLease, sequence: 1)
    }

    /// What has come of the desk when this is true of it, within some seconds; nothing otherwise.
    func reports(until isDone: ([DeskReport]) -> Bool) async -> [DeskReport] {
        var reports: [DeskReport] = []
        var buffer = [UInt8](repeating: 0, count: DeskReport.maximumLength)
        for _ in 0..<1_000 {
            while true {
                var span = buffer.mutableSpan
                var memory = span.mutableBytes
                guard case .message(let count) = room.receive(into: &memory) else { break }
                if let report = try? DeskReport(parsing: buffer.span.bytes.extracting(first: count)) {
                    reports.append(report)
                }
            }
            if isDone(reports) { return reports }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return []
    }
}
