import Testing
import WebRTC
import Wire

@Suite struct StreamResetterTests {
    let now = Instant(nanoseconds: 0)

    @Test func asksOnceTheStreamIsDrainedAndAgainUntilItIsAnswered() {
        var resetter = StreamResetter(localInitialTSN: TSN(100), remoteInitialTSN: TSN(50))
        resetter.reset(4)
        resetter.reset(6)
        resetter.reset(4)
        #expect(poll(&resetter, now) { _ in false } == nil)
        let first = SCTPReconfiguration.outgoingReset(
            request: 100,
            response: 49,
            lastTSN: TSN(7),
            streams: [4]
        )
        #expect(poll(&resetter, now) { $0 == 4 } == first)
        // One at a time.
        #expect(poll(&resetter, now) { _ in true } == nil)
        #expect(poll(&resetter, now + .milliseconds(100)) { _ in true } == first)
        #expect(resetter.deadline == now + .milliseconds(300))
        #expect(resetter.handleResponse(to: 99, .performed) == [])
        #expect(resetter.handleResponse(to: 100, .performed) == [4])
        #expect(resetter.handleResponse(to: 100, .performed) == [])
        #expect(
            poll(&resetter, now) { _ in true }
                == .outgoingReset(request: 101, response: 49, lastTSN: TSN(7), streams: [6])
        )
        #expect(resetter.handleResponse(to: 101, .denied) == [6])
        #expect(resetter.deadline == nil)
    }

    @Test func asksByANewNumberWhenThePeerWasNotReady() {
        var resetter = StreamResetter(localInitialTSN: TSN(100), remoteInitialTSN: TSN(50))
        resetter.reset(4)
        _ = poll(&resetter, now) { _ in true }
        #expect(resetter.handleResponse(to: 100, .inProgress) == [])
        #expect(poll(&resetter, now + .milliseconds(50)) { _ in true } == nil)
        #expect(
            poll(&resetter, now + .milliseconds(100)) { _ in true }
                == .outgoingReset(request: 101, response: 49, lastTSN: TSN(7), streams: [4])
        )
        #expect(resetter.handleResponse(to: 101, .performed) == [4])
    }

    @Test func answersARepeatedRequestTheSameWay() {
        var resetter = StreamResetter(localInitialTSN: TSN(1), remoteInitialTSN: TSN(50))
        func ask(_ number: UInt32) -> StreamResetter.Answer {
            resetter.handleReset(number, lastTSN: TSN(9), streams: [2], cumulative: TSN(9))
        }
        #expect(ask(49) == .result(.badSequenceNumber))
        #expect(ask(50) == .reset([2], .performed))
        #expect(ask(50) == .result(.performed))
        #expect(ask(52) == .result(.badSequenceNumber))
        #expect(ask(50) == .result(.performed))
        #expect(resetter.handleOther(51, .denied) == .denied)
        #expect(resetter.handleOther(51, .performed) == .denied)
        #expect(ask(51) == .result(.denied))
    }

    @Test func waitsForTheDataSentBefore() {
        var resetter = StreamResetter(localInitialTSN: TSN(1), remoteInitialTSN: TSN(50))
        #expect(
            resetter.handleReset(50, lastTSN: TSN(9), streams: [2], cumulative: TSN(7))
                == .result(.inProgress)
        )
        #expect(resetter.pollDeferred(cumulative: TSN(8)) == nil)
        #expect(
            resetter.handleReset(50, lastTSN: TSN(9), streams: [2], cumulative: TSN(8))
                == .result(.inProgress)
        )
        // Asked again by a new number, with one stream more.
        #expect(
            resetter.handleReset(51, lastTSN: TSN(9), streams: [3], cumulative: TSN(8))
                == .result(.inProgress)
        )
        let performed = resetter.pollDeferred(cumulative: TSN(9))
        #expect(performed?.number == 51)
        #expect(performed?.streams == [3, 2])
        #expect(
            resetter.handleReset(51, lastTSN: TSN(9), streams: [3], cumulative: TSN(9)) == .result(.performed)
        )
    }

    private func poll(
        _ resetter: inout StreamResetter,
        _ now: Instant,
        isDrained: (UInt16) -> Bool
    ) -> SCTPReconfiguration? {
        resetter.pollRequest(lastTSN: TSN(7), timeout: .milliseconds(100), now: now, isDrained: isDrained)
    }
}
