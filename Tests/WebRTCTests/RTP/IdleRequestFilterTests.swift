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

    @Test func aRequestOutOfSilenceIsPassedOverOnce() {
        var filter = afterSilence()
        #expect(!filter.allows(now: start + .seconds(3)))
        #expect(filter.allows(now: start + .seconds(6)))
        // Long after, silence alone may have caused it again.
        #expect(!filter.allows(now: start + .seconds(20)))
    }

    @Test func aRequestWhileThePictureMovesIsAnswered() {
        var filter = afterSilence()
        #expect(filter.allows(now: start + .seconds(2)))
        filter.handleSent(now: start + .seconds(10))
        #expect(filter.allows(now: start + .seconds(13)), "the newest packet is not confirmed yet")
    }

    @Test func aReceiverThatMissedSomethingIsAnswered() {
        var lost = afterSilence(hasLost: true)
        #expect(lost.allows(now: start + .seconds(3)))
        var behind = afterSilence(hasNewest: false)
        #expect(behind.allows(now: start + .seconds(3)))
        var asked = afterSilence()
        asked.handleLoss()
        #expect(asked.allows(now: start + .seconds(3)))
    }

    @Test func aReceiverThatNothingWasSentToIsAnswered() {
        var filter = IdleRequestFilter()
        #expect(filter.allows(now: start + .seconds(60)))
    }
}
