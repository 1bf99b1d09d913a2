import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct DeskHoldTests {
    @Test func aDeskThatHasJustComeGetsNothingBeforeItHasReleasedWhatItsServerHolds() throws {
        var hold = DeskHold()
        #expect(hold.isEmpty && !hold.canForward)
        hold.handleConnected(now: at(0))
        let mark = try released(&hold)
        #expect(hold.isEmpty && !hold.canForward)
        // However long its screen takes.
        #expect(hold.pollTimeout() == nil)
        hold.handleReached(DeskMark(mark.rawValue &+ 1), now: at(60_000))
        #expect(!hold.canForward)
        hold.handleReached(mark, now: at(60_000))
        #expect(hold.isEmpty && hold.canForward)
    }

    @Test func whatAFurtherHandHoldsIsReleasedByItselfAndByMarksOfItsOwn() throws {
        let hand = try #require(FurtherHand(rawValue: 2))
        var hold = DeskHold(hand: hand)
        #expect(!hold.isReady && !hold.canForward)
        hold.handleConnected(now: at(0))
        // A desk that has just come has no such hand.
        #expect(hold.pollAction() == nil)
        #expect(hold.isReady && hold.isEmpty && hold.canForward)
        hold.handleForwarded(now: at(0))
        hold.release(now: at(1))
        guard case .send(.releaseHand(let mark, hand)) = hold.pollAction() else {
            Issue.record("no release of the hand")
            return
        }
        #expect(mark.rawValue >> 28 == 2)
        #expect(!hold.isEmpty && !hold.canForward)
        hold.handleReached(DeskMark(mark.rawValue & 0x0fff_ffff), now: at(2))
        #expect(!hold.isEmpty)
        hold.handleReached(mark, now: at(2))
        #expect(hold.isEmpty && hold.canForward)
    }

    @Test func nothingIsForwardedAndNobodyGetsControlUntilTheReleaseIsConfirmed() throws {
        var hold = try empty()
        // What has had no event holds nothing.
        hold.release(now: at(0))
        #expect(hold.pollAction() == nil)
        hold.handleForwarded(now: at(0))
        #expect(!hold.isEmpty)
        hold.release(now: at(10))
        let mark = try released(&hold)
        #expect(!hold.isEmpty && !hold.canForward)
        hold.release(now: at(11))
        #expect(hold.pollAction() == nil)
        hold.handleReached(mark, now: at(20))
        #expect(hold.isEmpty && hold.canForward)
        #expect(hold.pollTimeout() == nil)
    }

    @Test func aDeskThatDoesNotConfirmIsCutOffAndTheControlIsFree() throws {
        var hold = try empty()
        hold.handleForwarded(now: at(0))
        hold.release(now: at(500))
        let mark = try released(&hold)
        #expect(hold.pollTimeout() == at(3_500))
        hold.handleTimeout(now: at(3_499))
        #expect(hold.pollAction() == nil)
        #expect(!hold.isEmpty)
        hold.handleTimeout(now: at(3_500))
        #expect(hold.pollAction() == .cutOff)
        #expect(hold.isEmpty && !hold.canForward && hold.pollTimeout() == nil)
        // Its answer comes too late.
        hold.handleReached(mark, now: at(3_600))
        #expect(!hold.canForward)
    }

    /// Room and desk were stopped together, or the machine was suspended.
    @Test func aTimerThatGoesOffLateSaysNothingOfTheDesk() throws {
        var hold = try empty()
        hold.handleForwarded(now: at(0))
        hold.release(now: at(500))
        let mark = try released(&hold)
        hold.handleTimeout(now: at(20_000))
        #expect(hold.pollAction() == nil)
        #expect(hold.pollTimeout() == at(25_000))
        var answering = hold
        answering.handleReached(mark, now: at(20_010))
        #expect(answering.canForward)
        // One that is stuck is cut off all the same.
        hold.handleTimeout(now: at(25_000))
        #expect(hold.pollAction() == .cutOff)
    }

    @Test func anEventThatTheLinkDidNotTakeEndsInARelease() throws {
        let point = DeskPoint(x: 1, y: 1)
        var hold = try empty()
        hold.handleForwarded(now: at(0))
        hold.handleUndelivered(.pointerMove(point), now: at(1))
        hold.handleUndelivered(.pointerPath([point, point]), now: at(1))
        #expect(hold.canForward)
        #expect(hold.pollAction() == nil)
        hold.handleUndelivered(.buttonUp(.left, at: point), now: at(2))
        let mark = try released(&hold)
        #expect(!hold.canForward)
        // The link is full: it is tried again.
        hold.handleUnsent(now: at(2))
        hold.handleTimeout(now: at(51))
        #expect(hold.pollAction() == nil)
        hold.handleTimeout(now: at(52))
        #expect(hold.pollAction() == .send(.releaseAll(mark)))
        hold.handleReached(mark, now: at(60))
        #expect(hold.canForward && hold.isEmpty)
    }

    @Test func aDeskThatIsDrivenIsAskedAndCutOffWhenItDoesNotAnswer() throws {
        var hold = try empty()
        let isFirst = hold.handleForwarded(now: at(0))
        let isSecond = hold.handleForwarded(now: at(1))
        #expect(isFirst && !isSecond)
        for second in Int64(1)...3 {
            #expect(hold.pollTimeout() == at(second * 1_000))
            hold.handleTimeout(now: at(second * 1_000))
            guard case .send(.mark(let mark))? = hold.pollAction() else {
                Issue.record("not asked")
                return
            }
            if second < 3 { hold.handleReached(mark, now: at(second * 1_000)) }
        }
        #expect(hold.canForward)
        #expect(hold.pollTimeout() == at(8_000))
        hold.handleTimeout(now: at(8_000))
        #expect(hold.pollAction() == .cutOff)
    }

    @Test func aLostDeskHoldsNothingThatMatters() throws {
        var hold = try empty()
        hold.handleForwarded(now: at(0))
        hold.release(now: at(0))
        hold.handleDisconnected()
        #expect(hold.isEmpty && !hold.canForward)
        #expect(hold.pollTimeout() == nil)
        #expect(hold.pollAction() == nil)
    }

    /// Whatever happens in whatever order: what a model of the desk holds is nothing whenever the hold says so and
    /// the desk may be driven, and a question has a deadline.
    @Test(arguments: 0..<40) func noOrderOfEventsLeavesSomethingHeld(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var hold = DeskHold()
        var time: Int64 = 0
        var isConnected = false
        var isStopped = false
        var link: [DeskCommand] = []
        var isKeyDown = false

        for _ in 0..<4_000 {
            time += .random(in: 0...150, using: &random)
            switch Int.random(in: 0..<12, using: &random) {
            case 0 where !isConnected:
                // A fresh process: what the server holds, it still does.
                (isConnected, isStopped, link) = (true, false, [])
                hold.handleConnected(now: at(time))
            case 1 where Int.random(in: 0..<20, using: &random) == 0:
                isStopped = true
            case 2 where Int.random(in: 0..<20, using: &random) == 0:
                isStopped = false
            case 3 where Int.random(in: 0..<40, using: &random) == 0:
                (isConnected, link) = (false, [])
                hold.handleDisconnected()
            case 4: hold.release(now: at(time))
            case 5...6: hold.handleTimeout(now: at(time))
            case 7...8 where hold.canForward:
                if isConnected, link.count < 6 {
                    link.append(.input(Self.press))
                    hold.handleForwarded(now: at(time))
                } else {
                    hold.handleUndelivered(Self.press.action, now: at(time))
                }
            default:
                guard isConnected, !isStopped, !link.isEmpty else { break }
                switch link.removeFirst() {
                case .input: isKeyDown = true
                case .releaseAll(let mark):
                    isKeyDown = false
                    hold.handleReached(mark, now: at(time))
                case .mark(let mark): hold.handleReached(mark, now: at(time))
                default: break
                }
            }
            while let action = hold.pollAction() {
                switch action {
                case .cutOff: (isConnected, link) = (false, [])
                case .send(let command):
                    if isConnected, link.count < 6 {
                        link.append(command)
                    } else {
                        hold.handleUnsent(now: at(time))
                    }
                }
            }
            if hold.isEmpty, hold.canForward { #expect(!isKeyDown, "held, and somebody may get control") }
            if !hold.isEmpty { #expect(hold.pollTimeout() != nil, "nobody looks after it") }
        }
    }

    private static let press = ControlEvent(
        lease: LeaseID(1),
        clientTime: 0,
        action: .buttonDown(.left, at: DeskPoint(x: 0, y: 0))
    )

    private func empty() throws -> DeskHold {
        var hold = DeskHold()
        hold.handleConnected(now: at(0))
        hold.handleReached(try released(&hold), now: at(0))
        return hold
    }

    private func released(_ hold: inout DeskHold) throws -> DeskMark {
        guard case .send(.releaseAll(let mark))? = hold.pollAction() else { throw NotAsked() }
        return mark
    }

    private struct NotAsked: Error {}

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
}
