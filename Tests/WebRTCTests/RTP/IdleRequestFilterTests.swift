import Testing
import WebRTC
import Wire

@Suite struct IdleRequestFilterTests {
    private let start = Instant(nanoseconds: 0)

    private func afterSilence(hasNewest: Bool = true, hasLost: Bool = false) -> IdleRequestFilter {
        var filter = IdleRequestFilter()
        filter.handleSent(now: start)
        filter.handleReport(hasNewest: hasNewest, hasLost: hasLost)
        return filter
    }

    private func answers(_ filter: consuming IdleRequestFilter, at seconds: Int64...) -> [Bool] {
        seconds.map { filter.allows(now: start + .seconds($0)) }
    }

    @Test func aRequestOutOfSilenceIsPassedOverOnce() {
        // Long after, silence alone may have caused it again.
        #expect(answers(afterSilence(), at: 3, 6, 20) == [false, true, false])
    }

    @Test func aRequestWhileThePictureMovesIsAnswered() {
        #expect(answers(afterSilence(), at: 2) == [true])
        var filter = afterSilence()
        filter.handleSent(now: start + .seconds(10))
        #expect(answers(filter, at: 13) == [true], "the newest packet is not confirmed yet")
    }

    @Test func aReceiverThatMissedSomethingIsAnswered() {
        #expect(answers(afterSilence(hasLost: true), at: 3) == [true])
        #expect(answers(afterSilence(hasNewest: false), at: 3) == [true])
        var asked = afterSilence()
        asked.handleLoss()
        #expect(answers(asked, at: 3) == [true])
    }

    @Test func aReceiverThatNothingWasSentToIsAnswered() {
        #expect(answers(IdleRequestFilter(), at: 60) == [true])
    }
}
