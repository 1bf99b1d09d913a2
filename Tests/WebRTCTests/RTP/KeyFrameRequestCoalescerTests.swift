import Testing
import WebRTC
import Wire

@Suite struct KeyFrameRequestCoalescerTests {
    private var requests = KeyFrameRequestCoalescer(interval: .milliseconds(300))
    private var now = Instant(nanoseconds: 0)

    /// Lets time pass and tells whether the producer is asked then.
    private mutating func isAsked(after milliseconds: Int64 = 0) -> Bool {
        now += .milliseconds(milliseconds)
        requests.handleTimeout(now: now)
        let asked = requests.pollRequest(now: now)
        let isAskedTwice = requests.pollRequest(now: now)
        #expect(!isAskedTwice)
        return asked
    }

    @Test mutating func nobodyAsksForNothing() {
        #expect(!isAsked(after: 1_000))
        #expect(requests.pollTimeout() == nil)
    }

    @Test mutating func theFirstRequestGoesOutAtOnceAndOthersJoinIt() {
        requests.handleRequest(now: now)
        #expect(isAsked())
        for _ in 0..<13 {
            requests.handleRequest(now: now)
            #expect(!isAsked(after: 10))
        }
        #expect(requests.requests == 1)
        requests.handleKeyFrame(now: now)
        #expect(requests.pollTimeout() == nil)
        #expect(!isAsked(after: 1_000))
    }

    @Test mutating func anUnansweredRequestIsRepeated() {
        requests.handleRequest(now: now)
        #expect(isAsked())
        #expect(requests.pollTimeout() == Instant(nanoseconds: 300_000_000))
        #expect(!isAsked(after: 299))
        #expect(isAsked(after: 1))
        #expect(!isAsked(after: 299))
        #expect(isAsked(after: 1))
        #expect(requests.requests == 3)
    }

    @Test mutating func whoAsksSoonAfterAKeyFrameWaitsOutTheInterval() {
        requests.handleRequest(now: now)
        #expect(isAsked())
        now += .milliseconds(50)
        requests.handleKeyFrame(now: now)
        requests.handleRequest(now: now)
        #expect(!isAsked())
        #expect(requests.pollTimeout() == Instant(nanoseconds: 300_000_000))
        #expect(!isAsked(after: 249))
        #expect(isAsked(after: 1))
    }

    @Test mutating func whoAsksMuchLaterIsServedAtOnce() {
        requests.handleRequest(now: now)
        #expect(isAsked())
        requests.handleKeyFrame(now: now)
        now += .milliseconds(300)
        requests.handleRequest(now: now)
        let isAskedAtOnce = requests.pollRequest(now: now)
        #expect(isAskedAtOnce)
    }

    @Test mutating func aKeyFrameThatComesByItselfServesARequestNotYetSent() {
        requests.handleRequest(now: now)
        requests.handleKeyFrame(now: now)
        #expect(!isAsked(after: 1_000))
        #expect(requests.requests == 0)
    }

    @Test mutating func thoseWhoGoOnComingCostOneKeyFrameASecond() {
        var made: [Int64] = []
        for _ in 0..<1_000 {
            requests.handleRequest(now: now)
            if isAsked(after: 10) {
                requests.handleKeyFrame(now: now)
                made.append(now.nanoseconds / 1_000_000)
            }
        }
        // A few at once for those who come together, then as long apart as to make up for it.
        #expect(made.prefix(3).allSatisfy { $0 < 700 })
        #expect(made.count <= 3 + 10)
        #expect(zip(made.dropFirst(5), made.dropFirst(4)).allSatisfy { $0 - $1 >= 1_000 })
    }

    @Test mutating func aSourceThatDoesNotAnswerIsAskedAsOftenAsEver() {
        requests.handleRequest(now: now)
        var asked = 0
        for _ in 0..<10 where isAsked(after: 300) { asked += 1 }
        #expect(asked == 10)
    }
}
