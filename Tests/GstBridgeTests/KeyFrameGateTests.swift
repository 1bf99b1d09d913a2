import GstBridge
import Testing
import Wire

@Suite struct KeyFrameGateTests {
    @Test func theFirstRequestIsAnsweredAtOnceAndOnce() {
        #expect(keyFrames(requests: [7], polls: [6, 7, 8]) == [7])
    }

    @Test func requestsSoonAfterAKeyFrameAreJoinedAndPutOff() {
        #expect(keyFrames(requests: [0, 20, 40, 60], polls: [0, 20, 40, 60, 199, 200, 500]) == [0, 200])
    }

    @Test func theTimeoutIsWhenTheNextKeyFrameIsDue() {
        var gate = KeyFrameGate()
        #expect(gate.pollTimeout() == nil)
        gate.handleRequest(now: at(5))
        #expect(gate.pollTimeout() == at(5))
        _ = gate.pollKeyFrame(now: at(5))
        gate.handleRequest(now: at(6))
        #expect(gate.pollTimeout() == at(205))
    }

    /// The times, in milliseconds, of `polls` that made a key frame.
    private func keyFrames(requests: [Int64], polls: [Int64]) -> [Int64] {
        var gate = KeyFrameGate()
        return polls.filter { time in
            if requests.contains(time) { gate.handleRequest(now: at(time)) }
            return gate.pollKeyFrame(now: at(time))
        }
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
}
