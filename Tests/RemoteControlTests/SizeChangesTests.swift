import RemoteControl
import Testing
import Wire

/// On virtual time: what the desk is told, and what people are.
@Suite struct SizeChangesTests {
    private let ada = ParticipantID(1)
    private let ben = ParticipantID(2)
    private let largest = DeskSize(width: 2_560, height: 1_440)

    private func size(_ width: Int, _ height: Int) throws -> DeskSize {
        try #require(DeskSize(width: width, height: height))
    }

    private func at(_ milliseconds: Int64) -> Instant {
        Instant(nanoseconds: 0) + .milliseconds(milliseconds)
    }

    private func report(
        _ outcome: DeskScreenReport.Outcome,
        _ width: UInt16,
        _ height: UInt16,
        largest: (UInt16, UInt16) = (2_560, 1_440)
    ) -> DeskScreenReport {
        DeskScreenReport(
            outcome,
            width: width,
            height: height,
            largestWidth: largest.0,
            largestHeight: largest.1
        )
    }

    private func events(_ changes: inout SizeChanges) -> [SizeChanges.Event] {
        var events: [SizeChanges.Event] = []
        while let event = changes.pollEvent() { events.append(event) }
        return events
    }

    private func connected(_ limit: DeskSize?, chosen: DeskSize? = nil) -> SizeChanges {
        var changes = SizeChanges(limit: limit, chosen: chosen)
        changes.handleConnected()
        changes.handle(report(.told, 1_280, 720), now: at(0))
        return changes
    }

    @Test func whatSomebodyChoosesIsDoneAndTold() throws {
        var changes = connected(largest)
        let told1 = events(&changes)
        #expect(told1 == [.resized, .changed])
        try changes.choose(try size(800, 600), by: ada, now: at(0))
        let command2 = changes.pollCommand(now: at(0))
        #expect(command2 == DeskSize(width: 800, height: 600))
        let command3 = changes.pollCommand(now: at(0))
        #expect(command3 == nil)
        changes.handle(report(.done, 800, 600), now: at(5))
        let told4 = events(&changes)
        #expect(told4 == [.resized, .changed])
        #expect(changes.state.width == 800 && changes.state.chooser == ada)
        #expect(changes.chosen == DeskSize(width: 800, height: 600))
        // Something on the desk changes it, and takes that back.
        changes.handle(report(.told, 640, 480), now: at(10))
        let command5 = changes.pollCommand(now: at(5_000))
        #expect(changes.state.chooser == nil && command5 == nil)
        changes.handle(report(.told, 800, 600), now: at(20))
        #expect(changes.state.chooser == ada)
    }

    @Test func ofManyTheLastOneCountsAndThereIsTimeInBetween() throws {
        var changes = connected(largest)
        var told: [DeskSize] = []
        for now in stride(from: 0 as Int64, to: 1_000, by: 10) {
            try changes.choose(try size(400 + Int(now), 600), by: ada, now: at(now))
            guard let command = changes.pollCommand(now: at(now)) else { continue }
            told.append(command)
            changes.handle(report(.done, command.width, command.height), now: at(now))
        }
        #expect(told.map(\.width) == [400, 800, 1_200])
        #expect(changes.pollTimeout() == at(1_200))
        let command6 = changes.pollCommand(now: at(1_200))
        #expect(command6 == DeskSize(width: 1_390, height: 600))
    }

    @Test func aSizeThatIsThereIsSomebodyElsesChoiceWithoutAChange() throws {
        var changes = connected(largest)
        try changes.choose(try size(800, 600), by: ada, now: at(0))
        _ = changes.pollCommand(now: at(0))
        changes.handle(report(.done, 800, 600), now: at(0))
        _ = events(&changes)
        try changes.choose(try size(800, 600), by: ben, now: at(1_000))
        let command7 = changes.pollCommand(now: at(1_000))
        #expect(command7 == nil)
        let told8 = events(&changes)
        #expect(told8 == [.changed] && changes.state.chooser == ben)
    }

    @Test func whatCannotBeIsRefused() throws {
        var changes = SizeChanges(limit: largest)
        #expect(throws: SizeChanges.Refusal.deskAway) { try changes.choose(.smallest, by: ada, now: at(0)) }
        changes.handleConnected()
        changes.handle(report(.absent, 0, 0), now: at(0))
        #expect(throws: SizeChanges.Refusal.deskAway) { try changes.choose(.smallest, by: ada, now: at(0)) }
        changes.handle(report(.told, 1_280, 720), now: at(0))
        #expect(throws: SizeChanges.Refusal.tooLarge) { try changes.choose(.greatest, by: ada, now: at(0)) }
        // What the setting allows, the server may not have.
        changes.handle(report(.told, 1_280, 720, largest: (1_280, 720)), now: at(0))
        let wanted = try size(2_560, 1_440)
        #expect(throws: SizeChanges.Refusal.tooLarge) { try changes.choose(wanted, by: ada, now: at(0)) }
        changes.handle(report(.told, 1_280, 720, largest: (0, 0)), now: at(0))
        #expect(throws: SizeChanges.Refusal.fixed) { try changes.choose(.smallest, by: ada, now: at(0)) }
        var fixed = connected(nil)
        #expect(fixed.state.largest == nil && fixed.state.width == 1_280)
        #expect(throws: SizeChanges.Refusal.fixed) { try fixed.choose(.smallest, by: ada, now: at(0)) }
    }

    @Test func whatTheServerDoesNotDoIsToldToWhoeverAskedAndForgotten() throws {
        var changes = connected(largest)
        _ = events(&changes)
        try changes.choose(try size(800, 600), by: ada, now: at(0))
        _ = changes.pollCommand(now: at(0))
        changes.handle(report(.refused, 1_280, 720), now: at(1))
        let told9 = events(&changes)
        #expect(told9 == [.refused(ada)] && changes.chosen == nil)
        // And a desk that does not answer holds nobody up for ever.
        try changes.choose(try size(800, 600), by: ben, now: at(1_000))
        _ = changes.pollCommand(now: at(1_000))
        try changes.choose(try size(640, 480), by: ben, now: at(1_100))
        #expect(changes.pollTimeout() == at(6_000))
        changes.handleTimeout(now: at(6_000))
        let told10 = events(&changes)
        #expect(told10 == [.refused(ben)])
        let command11 = changes.pollCommand(now: at(6_000))
        #expect(command11 == DeskSize(width: 640, height: 480))
    }

    @Test func whatWasChosenComesBackWithTheDesk() throws {
        var changes = connected(largest)
        try changes.choose(try size(800, 600), by: ada, now: at(0))
        _ = changes.pollCommand(now: at(0))
        changes.handle(report(.done, 800, 600), now: at(1))
        // The desk process alone: its screen is as it was.
        changes.handleDisconnected()
        changes.handleConnected()
        changes.handle(report(.told, 800, 600), now: at(1_000))
        let command12 = changes.pollCommand(now: at(1_000))
        #expect(command12 == nil && changes.state.chooser == ada)
        // The X server, while another size was under way.
        try changes.choose(try size(640, 480), by: ben, now: at(2_000))
        _ = changes.pollCommand(now: at(2_000))
        changes.handleDisconnected()
        changes.handleConnected()
        let command13 = changes.pollCommand(now: at(3_000))
        #expect(command13 == nil, "it has not said what it has")
        changes.handle(report(.told, 1_280, 720), now: at(3_000))
        let command14 = changes.pollCommand(now: at(3_000))
        #expect(command14 == DeskSize(width: 640, height: 480))
        changes.handle(report(.done, 640, 480), now: at(3_001))
        #expect(changes.state.chooser == ben)

        // The room.
        var next = connected(largest, chosen: try size(640, 480))
        let command15 = next.pollCommand(now: at(0))
        #expect(command15 == DeskSize(width: 640, height: 480))
        let before = try size(640, 480)
        var smaller = connected(.smallest, chosen: before)
        let command16 = smaller.pollCommand(now: at(0))
        #expect(command16 == nil)
    }
}
