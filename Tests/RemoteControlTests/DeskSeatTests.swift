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
        send(.requestKeyFrame(.h264), on: room)
        send(input(.buttonDown(.left, at: point)), on: room)
        #expect(await events.contains(.command(.requestKeyFrame(.h264))))
        let press = client.all(quietFor: 200).last
        #expect(press == XClient.Input(kind: .buttonDown, code: 1, x: 300, y: 400))
        #expect(client.held().buttons == UInt32(Button1Mask))

        #expect(await seat.send(.status(DeskStatus(.live, width: 1_280, height: 720))))
        let reports = received(from: room)
        #expect(reports.contains(.cursor(.position(point))))
        #expect(reports.contains(.status(DeskStatus(.live, width: 1_280, height: 720))))

        send(.releaseAll, on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonUp })
        send(input(.buttonDown(.right, at: point)), on: room)
        #expect(client.all(quietFor: 200).contains { $0.kind == .buttonDown })

        // The room dies: what is held is released.
        _ = consume room
        #expect(await events.contains(.roomGone))
        #expect(client.held().buttons == 0)
        #expect(await seat.inputCounts.injected == 2)
        await seat.stop()
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

    private func input(_ action: ControlAction) -> DeskCommand {
        .input(ControlEvent(lease: LeaseID(1), clientTime: 0, action: action))
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
