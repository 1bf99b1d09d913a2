import SFU
import Testing
import Wire

@Suite struct RetransmitterTests {
    private let start = Instant(nanoseconds: 1_000_000_000_000)

    @Test func itsStreamIsNumberedWithoutGapsAndAcrossTheEnd() {
        var retransmitter = Retransmitter(firstSequence: 0xfffe)
        let numbers = (0..<4).map { _ in retransmitter.takeSequence() }
        #expect(numbers == [0xfffe, 0xffff, 0, 1])
    }

    @Test func nothingIsSentAgainWithinARoundTrip() {
        var retransmitter = Retransmitter(firstSequence: 1)
        let roundTrip = Interval.milliseconds(40)
        let answers = [0, 39, 40, 41, 80].map {
            retransmitter.allows(7, roundTrip: roundTrip, now: start + .milliseconds($0))
        }
        #expect(answers == [true, false, true, false, true])
        #expect(retransmitter.count(7) == 3)
        #expect(retransmitter.count(8) == 0)
    }

    @Test func aRepetitionThatHasArrivedIsRemembered() {
        var retransmitter = Retransmitter(firstSequence: 1)
        _ = retransmitter.allows(7, roundTrip: .zero, now: start)
        #expect(!retransmitter.isDelivered(7))
        retransmitter.handleDelivered(7)
        #expect(retransmitter.isDelivered(7))
        #expect(!retransmitter.isDelivered(8))
    }

    /// A key frame's worth at first, and then what is sent.
    @Test func noMoreIsSentAgainThanWasSent() {
        var retransmitter = Retransmitter(firstSequence: 1)
        var again = 0
        for _ in 0..<1_000 {
            retransmitter.handleSent(1_000)
            // Whoever asks for everything ten times.
            for _ in 0..<10 where retransmitter.hasBudget {
                retransmitter.handleResent(1_000)
                again += 1_000
            }
        }
        #expect(again >= 1_000_000)
        #expect(again <= 1_000_000 + Retransmitter.largestBudget + 1_000)
    }
}
