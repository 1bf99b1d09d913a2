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
}
