import Appliance
import IO
import RemoteControl
import SFU
import Testing
import Wire

@Suite struct ControlRelayTests {
    private static let ada = ParticipantID(1)
    private static let ben = ParticipantID(2)

    @Test func onlyTheHoldersEventsReachTheDesk() async throws {
        let desk = try await Desk()
        let lease = try #require(await desk.grant(to: Self.ada))
        try await desk.relay.handle(Self.key(0x61, under: lease), from: Self.ben)
        try await desk.relay.handle(Self.key(0x62, under: LeaseID(lease.rawValue + 1)), from: Self.ada)
        await desk.relay.handle(
            DataMessage(bytes: [1, 2, 3], isBinary: true, received: .now()),
            from: Self.ada
        )
        try await desk.relay.handle(Self.key(0x63, under: lease), from: Self.ada)
        let command = await desk.next()
        #expect(try command == .input(Self.event(0x63, under: lease)))
        let statistics = await desk.relay.statistics
        #expect(statistics.forwarded == 1)
        #expect(statistics.refused.total == 3)
        #expect(statistics.refused[.notHolder] == 1)
        #expect(statistics.refused[.wrongLease] == 1)
        #expect(statistics.refused[.malformed] == 1)
        #expect(statistics.delay.percentile(1) != nil)
        await desk.end()
    }

    @Test(arguments: ["release", "disconnect", "departure", "silence"])
    func whatIsHeldIsLetGoHoweverTheHoldingEnds(_ way: String) async throws {
        let desk = try await Desk()
        _ = try #require(await desk.grant(to: Self.ada))
        switch way {
        case "release": await desk.relay.release(by: Self.ada)
        case "disconnect": await desk.relay.handleDisconnect(of: Self.ada)
        case "departure": await desk.relay.handleDeparture(of: Self.ada)
        default: await desk.relay.releaseHeld(by: Self.ada)
        }
        let command = await desk.next()
        #expect(command == .releaseAll)
        await desk.end()
    }

    @Test func anEventForADeskThatIsAwayIsCounted() async throws {
        let desk = try await Desk(isConnected: false)
        let lease = try #require(await desk.grant(to: Self.ada))
        try await desk.relay.handle(Self.key(0x61, under: lease), from: Self.ada)
        let undelivered = await desk.relay.statistics.undelivered
        #expect(undelivered == 1)
        await desk.end()
    }

    @Test func whoTakesOverEndsTheLeaseBefore() async throws {
        let desk = try await Desk()
        let first = try #require(await desk.grant(to: Self.ada))
        guard case .granted(let second) = await desk.relay.request(by: Self.ben, policy: .takeOver) else {
            Issue.record("not granted")
            return
        }
        let release = await desk.next()
        #expect(release == .releaseAll)
        try await desk.relay.handle(Self.key(0x61, under: first), from: Self.ada)
        try await desk.relay.handle(Self.key(0x62, under: second), from: Self.ben)
        let command = await desk.next()
        #expect(try command == .input(Self.event(0x62, under: second)))
        await desk.end()
    }

    private static func event(_ keysym: UInt32, under lease: LeaseID) throws -> ControlEvent {
        ControlEvent(lease: lease, clientTime: 1, action: .keyDown(try #require(Keysym(rawValue: keysym))))
    }

    private static func key(_ keysym: UInt32, under lease: LeaseID) throws -> DataMessage {
        DataMessage(bytes: try event(keysym, under: lease).encoded(), isBinary: true, received: .now())
    }
}

/// A relay on a loop of its own, and the desk's end of its link.
private final class Desk {
    let relay: ControlRelay
    private let loop: EventLoop
    private let link: SeqPacketSocket?

    init(isConnected: Bool = true) async throws {
        loop = try EventLoop()
        loop.start(Idle(on: loop), named: "test")
        relay = ControlRelay(on: loop)
        guard isConnected else {
            link = nil
            return
        }
        var desk: SeqPacketSocket?
        let room = try SeqPacketSocket(pairedWith: &desk)
        link = desk.take()
        await relay.attach(room)
    }

    func grant(to participant: ParticipantID) async -> LeaseID? {
        guard case .granted(let lease) = await relay.request(by: participant) else { return nil }
        return lease
    }

    /// The next command on the link; calls on the relay have sent it before they return.
    func next() async -> DeskCommand? {
        var buffer = [UInt8](repeating: 0, count: DeskCommand.maximumLength)
        var span = buffer.mutableSpan
        var bytes = span.mutableBytes
        guard case .message(let length)? = link?.receive(into: &bytes) else { return nil }
        return try? DeskCommand(parsing: buffer.span.bytes.extracting(first: length))
    }

    func end() async {
        await relay.stop()
        loop.stop()
    }
}

/// Lets a loop run jobs, and has none of its own.
private actor Idle: EventLoopActor {
    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(on loop: EventLoop) { self.loop = loop }

    func handleReadable(_ descriptor: CInt, now: Instant) {}
    func handleTimeout(now: Instant) {}
    func pollTimeout() -> Instant? { nil }
}
