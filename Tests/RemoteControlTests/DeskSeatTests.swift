import CX11
import Glibc
import IO
import RemoteControl
import Synchronization
import Testing
import Wire

@Suite(.serialized, .timeLimit(.minutes(1))) struct DeskSeatTests {
    /// What the seat has reported, from its own thread.
    private final class Events: Sendable {
        private let list = Mutex<[DeskSeat.Event]>([])

        func append(_ event: DeskSeat.Event) { list.withLock { $0.append(event) } }
        func contains(_ event: DeskSeat.Event) async -> Bool {
            for _ in 0..<200 {
                if list.withLock({ $0.contains(event) }) { return true }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return false
        }
    }

    @Test func commandsReachTheScreenAndTheComposerAndReportsTheRoom() async throws {
        let server = try XServer()
        try await drive(server, try XClient(display: server.display))
        // Xlib ends a process whose server goes before its connections.
        withExtendedLifetime(server) {}
    }

    private func drive(_ server: XServer, _ client: XClient) async throws {
        var desk: SeqPacketSocket?
        let room = try SeqPacketSocket(pairedWith: &desk)
        guard let link = desk.take() else { throw NotConnected() }
        let events = Events()
        let seat = try DeskSeat(
            display: server.display,
            link: link,
            onEvent: { events.append($0) }
        )
        seat.start()
        #expect(await events.contains(.screenOpened(width: 1_280, height: 720)))

        let point = DeskPoint(x: 300, y: 400)
        send(.startStream(.h264), on: room)
        send(input(.buttonDown(.left, at: point)), on: room)
        #expect(await events.contains(.command(.startStream(.h264))))
        let press = client.all(quietFor: 200).last
        #expect(press == XClient.Input(kind: .buttonDown, code: 1, x: 300, y: 400))
        #expect(client.held().buttons == UInt32(Button1Mask))

        #expect(await seat.send(.status(DeskStatus(.live, width: 1_280, height: 720))))
        let reports = received(from: room)
        #expect(reports.contains(.cursor(.position(point))))
        #expect(reports.contains(.status(DeskStatus(.live, width: 1_280, height: 720))))

        send(.releaseAll(DeskMark(8)), on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonUp })
        send(input(.buttonDown(.right, at: point)), on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonDown })

        #expect(received(from: room).contains(.reached(DeskMark(8))))

        // Somebody else drives: what was held is not theirs.
        send(input(.pointerMove(point), lease: 2), on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonUp })
        send(input(.buttonDown(.left, at: point)), on: room)
        #expect(client.all(quietFor: 200).isEmpty)
        send(input(.buttonDown(.right, at: point), lease: 2), on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonDown })

        // The room dies: what is held is released.
        _ = consume room
        #expect(await events.contains(.roomGone))
        #expect(client.held().buttons == 0)
        #expect(await seat.inputCounts.injected == 4)
        await seat.stop()
    }

    @Test func aSeatThatComesReleasesWhatOneThatWasKilledHeldAndThenSaysSo() async throws {
        let server = try XServer()
        let client = try XClient(display: server.display)
        try holdAndDie(on: server.display)
        #expect(client.held().buttons == UInt32(Button1Mask))
        #expect(client.held().keys.count == 1)
        try await withSeat(on: server.display) { seat, room, events in
            send(.releaseAll(DeskMark(1)), on: room)
            #expect(await events.contains(.screenOpened(width: 1_280, height: 720)))
            #expect(await reports(from: room, until: .reached(DeskMark(1))))
            #expect(client.held().buttons == 0)
            #expect(client.held().keys.isEmpty)
        }
        withExtendedLifetime(server) {}
    }

    @Test func aSeatReleasesWhatIsHeldWhenNothingComesOfItsHolderAndTellsThem() async throws {
        let server = try XServer()
        let client = try XClient(display: server.display)
        try await withSeat(on: server.display) { seat, room, events in
            #expect(await events.contains(.screenOpened(width: 1_280, height: 720)))
            send(input(.buttonDown(.left, at: DeskPoint(x: 1, y: 1))), on: room)
            #expect(client.next(within: 5_000) != nil)
            #expect(client.held().buttons == UInt32(Button1Mask))
            // A room that says something does not keep it down.
            for _ in 0..<100 where client.held().buttons != 0 {
                send(.mark(DeskMark(2)), on: room)
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(client.held().buttons == 0)
            let answer = HeldAnswer(
                lease: LeaseID(1),
                clientTime: 0,
                released: 1,
                missing: HeldInput(buttons: [.left])
            )
            #expect(await reports(from: room, until: .held(answer)))
        }
        withExtendedLifetime(server) {}
    }

    @Test func aTextIsAnsweredWhenItIsTyped() async throws {
        let server = try XServer()
        let client = try XClient(display: server.display)
        try await withSeat(on: server.display) { seat, room, events in
            #expect(await events.contains(.screenOpened(width: 1_280, height: 720)))
            let keys = try "Grüße, 日本\n".unicodeScalars.map { try #require(Keysym($0)) }
            let event = ControlEvent(lease: LeaseID(4), sequence: 9, clientTime: 0, action: .text(keys))
            send(.input(event), on: room)
            let receipt = TextReceipt(
                lease: LeaseID(4),
                sequence: 9,
                outcome: .delivered,
                delivered: UInt16(keys.count)
            )
            #expect(await reports(from: room, until: .typed(receipt)))
            let text = client.all(quietFor: 200).filter { $0.kind == .keyDown }.map(\.text).joined()
            #expect(text == "Grüße, 日本\r")
            // Of a lease that is over.
            var late = event
            late.lease = LeaseID(3)
            send(.input(late), on: room)
            let refusal = TextReceipt(lease: LeaseID(3), sequence: 9, outcome: .released, delivered: 0)
            #expect(await reports(from: room, until: .typed(refusal)))
        }
        withExtendedLifetime(server) {}
    }

    @Test(arguments: [true, false])
    func theSizeOfAScreenIsChangedIfItIsOursAndToldInAnyCase(ownsScreen: Bool) async throws {
        let server = try XServer()
        try await withSeat(on: server.display, ownsScreen: ownsScreen) { seat, room, events in
            var told = DeskScreenReport(.told, width: 1_280, height: 720)
            if ownsScreen { (told.largestWidth, told.largestHeight) = (1_280, 720) }
            #expect(await reports(from: room, until: .screen(told)))
            send(.setScreenSize(try #require(DeskSize(width: 800, height: 600))), on: room)
            var answer = told
            answer.outcome = ownsScreen ? .done : .refused
            if ownsScreen { (answer.width, answer.height) = (800, 600) }
            #expect(await reports(from: room, until: .screen(answer)))
            // Something else changes it.
            try server.run("/usr/bin/xrandr", "--output", "screen", "--mode", "1280x720")
            if ownsScreen { #expect(await reports(from: room, until: .screen(told))) }
        }
        withExtendedLifetime(server) {}
    }

    /// As a desk process that is killed: its connection ends, and nothing is released.
    private func holdAndDie(on display: String) throws {
        let screen = try DeskScreen(display: display)
        let shift = try #require(Keysym(rawValue: UInt32(XK_Shift_L)))
        for action in [ControlAction.keyDown(shift), .buttonDown(.left, at: DeskPoint(x: 9, y: 9))] {
            screen.inject(ControlEvent(lease: LeaseID(1), clientTime: 0, action: action), now: .now())
        }
        screen.synchronize()
    }

    private func withSeat(
        on display: String,
        ownsScreen: Bool = false,
        _ body: (DeskSeat, borrowing SeqPacketSocket, Events) async throws -> Void
    ) async throws {
        var desk: SeqPacketSocket?
        let room = try SeqPacketSocket(pairedWith: &desk)
        guard let link = desk.take() else { throw NotConnected() }
        let events = Events()
        let seat = try DeskSeat(
            display: display,
            ownsScreen: ownsScreen,
            link: link,
            onEvent: { events.append($0) }
        )
        seat.start()
        try await body(seat, room, events)
        await seat.stop()
    }

    /// Whether this report comes within some seconds.
    private func reports(from room: borrowing SeqPacketSocket, until report: DeskReport) async -> Bool {
        for _ in 0..<1_000 {
            if received(from: room).contains(report) { return true }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test func aScreenThatIsNotThereYetIsReportedAndTheInputCounted() async throws {
        var desk: SeqPacketSocket?
        let room = try SeqPacketSocket(pairedWith: &desk)
        guard let link = desk.take() else { throw NotConnected() }
        let events = Events()
        let seat = try DeskSeat(
            display: ":65000",
            link: link,
            onEvent: { events.append($0) }
        )
        seat.start()
        #expect(await events.contains(.screenUnavailable(.unreachable)))
        send(input(.releaseAll), on: room)
        send(.startStream(.vp8), on: room)
        #expect(await events.contains(.command(.startStream(.vp8))))
        #expect(await seat.inputCounts.dropped == 1)
        await seat.stop()
    }

    private struct NotConnected: Error {}

    private func input(_ action: ControlAction, lease: UInt32 = 1) -> DeskCommand {
        .input(ControlEvent(lease: LeaseID(lease), clientTime: 0, action: action))
    }

    private func send(_ command: DeskCommand, on room: borrowing SeqPacketSocket) {
        let bytes = command.encoded()
        let isSent = room.send(bytes.span.bytes)
        #expect(isSent)
    }

    private func received(from room: borrowing SeqPacketSocket) -> [DeskReport] {
        var reports: [DeskReport] = []
        var buffer = [UInt8](repeating: 0, count: DeskReport.maximumLength)
        while true {
            var span = buffer.mutableSpan
            var memory = span.mutableBytes
            guard case .message(let count) = room.receive(into: &memory) else { return reports }
            if let report = try? DeskReport(parsing: buffer.span.bytes.extracting(first: count)) {
                reports.append(report)
            }
        }
    }
}
