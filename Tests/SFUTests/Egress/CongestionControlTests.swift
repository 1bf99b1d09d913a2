import SFU
import Testing
import WebRTC
import Wire

@Suite struct CongestionControlTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func packetsAreNumberedAndTheirFateIsToldByStreamAndNumber() throws {
        var congestion = CongestionControl(now: start)
        #expect(send(4, through: &congestion, at: start) == [1, 2, 3, 4])
        let results = try answer([1, 2, 4], to: &congestion, at: start + .milliseconds(20))
        #expect(results.results.map(\.ssrc) == [7])
        #expect(results.results.map(\.sequence) == [103])
        #expect(results.results.map(\.isLost) == [true])
    }

    @Test func nothingIsKnownBeforeTheFirstAnswer() throws {
        var congestion = CongestionControl(now: start)
        _ = send(4, through: &congestion, at: start)
        let before = congestion.target
        #expect(before == nil)
        congestion.beginProbe(now: start)
        let isProbing = congestion.cluster != nil
        #expect(!isProbing)
        _ = try answer([1, 2, 3, 4], to: &congestion, at: start + .milliseconds(20))
        let after = congestion.target
        #expect(after != nil)
    }

    @Test func aPeerThatSaysNothingForASecondIsUnanswered() throws {
        var congestion = CongestionControl(now: start)
        let beginning = congestion.isUnanswered(now: start + .seconds(5))
        #expect(!beginning, "it was sent nothing")
        _ = send(1, through: &congestion, at: start)
        let soon = congestion.isUnanswered(now: start + .milliseconds(999))
        let late = congestion.isUnanswered(now: start + .seconds(1))
        #expect(!soon && late)
        _ = try answer([1], to: &congestion, at: start + .seconds(1))
        let answered = congestion.isUnanswered(now: start + .seconds(5))
        #expect(!answered)
        _ = send(1, through: &congestion, at: start + .seconds(5))
        congestion.giveUpWaiting(wanted: 0, now: start + .seconds(7))
        let givenUp = congestion.isUnanswered(now: start + .seconds(7))
        #expect(!givenUp)
    }

    @Test func aPeerThatSaysNothingIsSentLess() throws {
        var congestion = CongestionControl(now: start)
        _ = send(4, through: &congestion, at: start)
        _ = try answer([1, 2, 3, 4], to: &congestion, at: start + .milliseconds(20))
        let first = congestion.target
        let before = try #require(first)
        _ = send(1, through: &congestion, at: start + .milliseconds(30))
        congestion.handleTimeout(sending: 0, wanted: 0, now: start + .milliseconds(900))
        let soon = congestion.target
        #expect(soon == before)
        congestion.handleTimeout(sending: 0, wanted: 0, now: start + .milliseconds(1_100))
        let late = congestion.target
        #expect(try #require(late) < before)
    }

    @Test func onAPathThatIsNotWideWhatIsSentAgainIsBounded() throws {
        var congestion = CongestionControl(now: start)
        let unknown = (0..<1_000).allSatisfy { _ in congestion.allowsRetransmission(1_200, now: start) }
        #expect(unknown, "before anything is known")
        _ = send(4, through: &congestion, at: start)
        _ = try answer([1, 2, 3, 4], to: &congestion, sending: 500_000, at: start + .milliseconds(20))
        let isWide = congestion.isWide
        let rate = congestion.pacer.rate
        #expect(!isWide && rate != nil)
        let known = congestion.target
        let target = try #require(known)
        var bytes = 0
        for millisecond in Int64(0)..<10_000 {
            let now = start + .milliseconds(20 + millisecond)
            for _ in 0..<10 where congestion.allowsRetransmission(1_200, now: now) { bytes += 1_200 }
        }
        // Ten seconds, and what may go at once.
        let half = target / 8 / 2
        #expect(bytes > half * 9 && bytes < half * 12)
    }

    @Test func onAPathThatLosesWithoutBeingFullWhatIsMissingIsRepeatedTwice() throws {
        var congestion = CongestionControl(now: start)
        let before = congestion.copies
        #expect(before == 1)
        var now = start
        var next: UInt16 = 1
        for _ in 0..<50 {
            _ = send(20, through: &congestion, at: now)
            let numbers = (next..<(next + 20)).filter { $0 % 10 != 5 }
            next += 20
            now += .milliseconds(50)
            _ = try answer(numbers, to: &congestion, at: now)
        }
        let (loss, copies) = (congestion.loss, congestion.copies)
        #expect(loss > 0.05)
        #expect(copies == 2)
    }

    // MARK: Private

    /// Sends packets of a stream whose numbers are by 100 greater than those of the path; returns the latter.
    private func send(_ count: Int, through congestion: inout CongestionControl, at now: Instant) -> [UInt16]
    {
        (0..<count).map { _ in
            let number = congestion.nextSequence
            congestion.handleSent(1_000, ssrc: 7, rtpSequence: number &+ 100, now: now)
            return number
        }
    }

    /// The peer says that it has got these, all at once, and none of those between them.
    private func answer(
        _ numbers: [UInt16],
        to congestion: inout CongestionControl,
        sending: Int = 0,
        at now: Instant
    ) throws -> TransportFeedbackResults {
        var generator = TransportFeedbackGenerator()
        for number in numbers { generator.handle(SequenceNumber(number), now: now) }
        let message = written { out in
            _ = generator.pollFeedback(from: 9, about: 7, now: now + .seconds(1), into: &out)
        }
        let element = try #require(elements(of: message).first)
        var results = TransportFeedbackResults()
        try congestion.handle(
            RTCPFeedback(element, in: message.span.bytes),
            in: message.span.bytes,
            roundTrip: .milliseconds(20),
            sending: sending,
            wanted: 1_000_000,
            results: &results,
            now: now
        )
        return results
    }
}
