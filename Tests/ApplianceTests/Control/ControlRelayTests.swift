import Appliance
import IO
import RemoteControl
import SFU
import Testing
import Wire

@Suite(.timeLimit(.minutes(1))) struct ControlRelayTests {
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

    @Test func whoeverPressedIsToldOfItsPictureAndNobodyElse() async throws {
        let desk = try await Desk()
        let lease = try #require(await desk.grant(to: Self.ada))
        let press = try Self.key(0x61, under: lease)
        await desk.relay.handle(press, from: Self.ada)
        let event = try Self.event(0x61, under: lease)
        func report(_ lease: LeaseID, _ time: UInt32) -> DeskReport {
            .effect(
                DeskEffect(
                    lease: lease,
                    clientTime: time,
                    injected: 1,
                    changed: 2,
                    captured: 3,
                    read: 4,
                    sent: 5
                )
            )
        }
        // Of no event, under another lease, and once too often.
        await desk.relay.handle(report(lease, event.clientTime &+ 1))
        await desk.relay.handle(report(LeaseID(lease.rawValue + 1), event.clientTime))
        await desk.relay.handle(report(lease, event.clientTime))
        await desk.relay.handle(report(lease, event.clientTime))
        await desk.end()
        var told: [PressEffects.Effect] = []
        for await effect in desk.relay.effects { told.append(effect) }
        #expect(told.map(\.participant) == [Self.ada])
        #expect(told.first?.received == press.received)
    }

    @Test(arguments: ["release", "disconnect", "departure", "rights", "silence"])
    func whatIsHeldIsLetGoHoweverTheHoldingEnds(_ way: String) async throws {
        let desk = try await Desk()
        let lease = try #require(await desk.grant(to: Self.ada))
        try await desk.relay.handle(Self.key(0x61, under: lease), from: Self.ada)
        _ = await desk.next()
        switch way {
        case "release": await desk.relay.perform { $0.release(by: Self.ada, now: $1) }
        case "disconnect": await desk.relay.handleDisconnect(of: Self.ada)
        case "departure": await desk.relay.handle([.departed(Self.ada)])
        case "rights": await desk.relay.handle([.standing(FloorStanding(rights: []), of: Self.ada)])
        default: await desk.relay.handle([.pageLost(Self.ada)])
        }
        let command = await desk.next()
        #expect(isRelease(command))
        await desk.end()
    }

    @Test func nobodyGetsControlBeforeTheDeskHasLetGo() async throws {
        let desk = try await Desk()
        let lease = try #require(await desk.grant(to: Self.ada))
        try await desk.relay.handle(Self.key(0x61, under: lease), from: Self.ada)
        await desk.relay.handle([.departed(Self.ada)])
        let answer = await desk.relay.request(by: Self.ben)
        #expect(answer == .pending)
        _ = await desk.next()
        guard case .releaseAll(let mark)? = await desk.next() else {
            Issue.record("no release")
            return
        }
        await desk.relay.handle(.reached(DeskMark(mark.rawValue &- 1)))
        #expect(await desk.relay.request(by: Self.ben) == .pending)
        await desk.relay.handle(.reached(mark))
        var granted: [ParticipantID] = []
        for await event in desk.relay.events {
            if case .granted(_, let participant, _, _) = event { granted.append(participant) }
            if granted.count == 2 { break }
        }
        #expect(granted == [Self.ada, Self.ben])
        await desk.end()
    }

    @Test func eachHandIsReleasedByItselfAndNobodyGetsItBefore() async throws {
        let desk = try await Desk(hands: 2)
        let first = try #require(await desk.grant(to: Self.ada))
        guard case .granted(let second) = await desk.relay.letDrive(Self.ben, by: Self.ada) else {
            Issue.record("Ben does not drive")
            return
        }
        #expect(first.hand == 0 && second.hand == 1)
        // Each under their own lease, and under no other's.
        try await desk.relay.handle(Self.key(0x61, under: first), from: Self.ada)
        try await desk.relay.handle(Self.key(0x62, under: second), from: Self.ben)
        try await desk.relay.handle(Self.key(0x63, under: second), from: Self.ada)
        try await desk.relay.handle(Self.key(0x64, under: first), from: Self.ben)
        let one = await desk.next()
        #expect(try one == .input(Self.event(0x61, under: first)))
        let two = await desk.next()
        #expect(try two == .input(Self.event(0x62, under: second)))
        let nothing = await desk.next()
        #expect(nothing == nil)

        await desk.relay.perform { _ = $0.stopDriving(Self.ben, by: Self.ada, now: $1) }
        var release: DeskMark?
        while let command = await desk.next() {
            #expect(!isRelease(command), "Ada's hand goes on")
            if case .releaseHand(let mark, _) = command { release = mark }
        }
        let mark = try #require(release)
        try await desk.relay.handle(Self.key(0x65, under: second), from: Self.ben)
        #expect(await desk.relay.letDrive(Self.ben, by: Self.ada) == .pending)
        try await desk.relay.handle(Self.key(0x66, under: first), from: Self.ada)
        let three = await desk.next()
        #expect(try three == .input(Self.event(0x66, under: first)))
        await desk.relay.handle(.reached(mark))
        guard case .granted(let third) = await desk.relay.letDrive(Self.ben, by: Self.ada) else {
            Issue.record("Ben does not drive again")
            return
        }
        #expect(third > second)

        // A desk that cannot have it.
        let hand = try #require(FurtherHand(of: third))
        await desk.relay.handle(.handFailed(hand))
        try await desk.relay.handle(Self.key(0x67, under: third), from: Self.ben)
        while let command = await desk.next() {
            if case .input(let event) = command { Issue.record("\(event) reaches the desk") }
        }
        await desk.end()
    }

    @Test func whatADesksAnswerIsAboutIsToldToWhoeverDrivesUnderItsLease() async throws {
        let desk = try await Desk(hands: 2)
        let first = try #require(await desk.grant(to: Self.ada))
        guard case .granted(let second) = await desk.relay.letDrive(Self.ben, by: Self.ada) else {
            Issue.record("Ben does not drive")
            return
        }
        for lease in [second, first, LeaseID(second.rawValue + 1)] {
            await desk.relay.handle(
                .typed(TextReceipt(lease: lease, sequence: 1, outcome: .delivered, delivered: 1))
            )
        }
        await desk.end()
        var told: [ParticipantID] = []
        for await answer in desk.relay.answers { told.append(answer.participant) }
        #expect(told == [Self.ben, Self.ada])
    }

    /// By a timer of the loop: nothing else happens meanwhile.
    @Test func theLeaseOfAHolderWhoIsLostEndsAfterItsGrace() async throws {
        let grace = Interval.milliseconds(100)
        let desk = try await Desk(grace: grace)
        let lease = try #require(await desk.grant(to: Self.ada))
        let before = Instant.now()
        await desk.relay.handleDisconnect(of: Self.ada)
        var ending: FloorControl.Event?
        for await event in desk.relay.events {
            guard case .ended = event else { continue }
            ending = event
            break
        }
        #expect(ending == .ended(lease, of: Self.ada, .expired, by: nil))
        #expect(.now() - before >= grace)
        await desk.end()
    }

    @Test func aDeskThatIsStuckIsCutOff() async throws {
        let desk = try await Desk(releaseTimeout: .milliseconds(500))
        let lease = try #require(await desk.grant(to: Self.ada))
        // Nobody reads the link: it fills, and the key that is up again never gets there.
        for number in 0..<2_000 {
            let point = DeskPoint(x: UInt16(number), y: 0)
            let press = ControlEvent(lease: lease, clientTime: 1, action: .wheel(dx: 0, dy: 1, at: point))
            await desk.relay.handle(
                DataMessage(bytes: press.encoded(), isBinary: true, received: .now()),
                from: Self.ada
            )
            if await desk.relay.statistics.undelivered > 0 { break }
        }
        #expect(await desk.relay.statistics.undelivered == 1)
        await desk.relay.handle([.departed(Self.ada)])
        _ = await desk.relay.request(by: Self.ben)
        await desk.waitUntilCutOff()
        guard case .granted(let next) = await desk.relay.request(by: Self.ben) else {
            Issue.record("the control is not free")
            return
        }
        // And nothing goes to what is stuck.
        let forwarded = await desk.relay.statistics.undelivered
        try await desk.relay.handle(Self.key(0x62, under: next), from: Self.ben)
        #expect(await desk.relay.statistics.undelivered == forwarded + 1)
        await desk.end()
    }

    @Test func whoSendsATextHearsWhatBecameOfIt() async throws {
        let desk = try await Desk()
        var lease = try #require(await desk.grant(to: Self.ada))
        let keys = [Keysym](repeating: try #require(Keysym("a")), count: 32)
        func text(_ sequence: UInt16) -> DataMessage {
            let event = ControlEvent(lease: lease, sequence: sequence, clientTime: 1, action: .text(keys))
            return DataMessage(bytes: event.encoded(), isBinary: true, received: .now())
        }
        func receipt(_ sequence: UInt16, _ outcome: TextReceipt.Outcome, _ count: UInt16 = 0) -> TextReceipt {
            TextReceipt(lease: lease, sequence: sequence, outcome: outcome, delivered: count)
        }
        await desk.relay.handle(text(1), from: Self.ada)
        let first = receipt(1, .delivered, 32)
        await desk.relay.handle(.typed(first))
        // Of somebody else's lease: nobody's business.
        await desk.relay.handle(
            .typed(TextReceipt(lease: LeaseID(99), sequence: 1, outcome: .delivered, delivered: 1))
        )
        // With the desk control is gone; who gets it anew has nobody to send it to.
        await desk.relay.detach()
        await desk.relay.handle(text(2), from: Self.ada)
        lease = try #require(await desk.grant(to: Self.ada))
        await desk.relay.handle(text(2), from: Self.ada)
        // Nobody's machine takes ten seconds for these.
        for sequence in UInt16(3)...600 { await desk.relay.handle(text(sequence), from: Self.ada) }
        await desk.end()
        var told: [TextReceipt] = []
        for await answer in desk.relay.answers {
            #expect(answer.participant == Self.ada)
            if case .text(let receipt) = answer.content { told.append(receipt) }
        }
        #expect(told.map(\.sequence) == Array(1...600))
        #expect(told.prefix(2) == [first, receipt(2, .deskAway)])
        #expect(told.contains { $0.outcome == .tooFast })
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
        // Nothing has been pressed under it.
        guard case .granted(let second) = await desk.relay.give(to: Self.ben, by: Self.ben) else {
            Issue.record("not granted")
            return
        }
        try await desk.relay.handle(Self.key(0x61, under: first), from: Self.ada)
        try await desk.relay.handle(Self.key(0x62, under: second), from: Self.ben)
        let command = await desk.next()
        #expect(try command == .input(Self.event(0x62, under: second)))
        await desk.end()
    }

    /// Somebody who is away is only in the way for as long as they have it.
    @Test func nothingIsTakenFromWhoeverHasControlByNow() async throws {
        let desk = try await Desk(isConnected: false)
        _ = try #require(await desk.grant(to: Self.ada))
        #expect(
            await desk.relay.request(by: Self.ben, insteadOf: ParticipantID(3)) == .waiting(on: [Self.ada])
        )
        guard case .granted = await desk.relay.request(by: Self.ben, insteadOf: Self.ada) else {
            Issue.record("not taken over")
            return
        }
        await desk.end()
    }

    @Test func whoMayNotTypeHearsThatNothingWasTyped() async throws {
        let desk = try await Desk()
        let lease = try #require(await desk.grant(to: Self.ada))
        await desk.relay.handle([.standing(FloorStanding(rights: .pointer), of: Self.ada)])
        let keys = [Keysym](repeating: try #require(Keysym("a")), count: 2)
        let text = ControlEvent(lease: lease, sequence: 1, clientTime: 1, action: .text(keys))
        await desk.relay.handle(
            DataMessage(bytes: text.encoded(), isBinary: true, received: .now()),
            from: Self.ada
        )
        let statistics = await desk.relay.statistics
        #expect(statistics.refused[.notAllowed] == 1 && statistics.forwarded == 0)
        await desk.end()
        var told: [TextReceipt.Outcome] = []
        for await answer in desk.relay.answers {
            if case .text(let receipt) = answer.content { told.append(receipt.outcome) }
        }
        #expect(told == [.notAllowed])
    }

    private func isRelease(_ command: DeskCommand?) -> Bool {
        if case .releaseAll = command { true } else { false }
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
    private let cutOff: AsyncStream<Void>

    /// - Parameter releaseTimeout: By default longer than any test takes, on any machine.
    init(
        isConnected: Bool = true,
        hands: Int = 1,
        grace: Interval = .seconds(10),
        releaseTimeout: Interval = .seconds(3_600)
    ) async throws {
        loop = try EventLoop()
        loop.start(Idle(on: loop), named: "test")
        let (cutOff, emit) = AsyncStream<Void>.makeStream()
        self.cutOff = cutOff
        var policy = ControlPolicy()
        policy.hands = hands
        relay = ControlRelay(
            on: loop,
            floor: FloorControl(
                policy: policy,
                grace: grace,
                others: FloorStanding(rights: .all, mayGrant: true)
            ),
            hold: DeskHold(releaseTimeout: releaseTimeout)
        ) { emit.yield() }
        guard isConnected else {
            link = nil
            return
        }
        var desk: SeqPacketSocket?
        let room = try SeqPacketSocket(pairedWith: &desk)
        link = desk.take()
        await relay.attach(room)
        // As a desk that has nothing to release.
        if case .releaseAll(let mark)? = await next() { await relay.handle(.reached(mark)) }
    }

    func waitUntilCutOff() async {
        for await _ in cutOff { return }
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
