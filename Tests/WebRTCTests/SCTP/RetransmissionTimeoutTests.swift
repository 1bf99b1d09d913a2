import Testing
import WebRTC
import Wire

@Suite struct RetransmissionTimeoutTests {
    @Test func beginsWithHalfASecond() {
        let timeout = RetransmissionTimeout()
        #expect(timeout.current == .milliseconds(500))
        #expect(timeout.smoothed == nil)
    }

    /// RFC 9260 §6.3.1 C2 and C3.
    @Test func followsTheMeasurements() {
        var timeout = RetransmissionTimeout()
        timeout.measure(.milliseconds(200))
        #expect(timeout.smoothed == .milliseconds(200))
        #expect(timeout.current == .milliseconds(600))
        timeout.measure(.milliseconds(280))
        #expect(timeout.smoothed == .milliseconds(210))
        // RTTVAR = 3/4 · 100 + 1/4 · 80.
        #expect(timeout.current == .milliseconds(210 + 4 * 95))
    }

    @Test func staysBetweenItsBounds() {
        var timeout = RetransmissionTimeout()
        for _ in 0..<100 { timeout.measure(.milliseconds(1)) }
        #expect(timeout.current == .milliseconds(100))
        for _ in 0..<100 { timeout.measure(.milliseconds(80)) }
        // A steady path still gets room for jitter.
        #expect((.milliseconds(118)...Interval.milliseconds(122)).contains(timeout.current))
        timeout.measure(.seconds(60))
        #expect(timeout.current == .seconds(3))
        timeout.measure(.milliseconds(-5))
        #expect(timeout.current <= .seconds(3))
    }

    @Test func doublesUpToTheMaximum() {
        var timeout = RetransmissionTimeout()
        timeout.backOff()
        #expect(timeout.current == .seconds(1))
        for _ in 0..<10 { timeout.backOff() }
        #expect(timeout.current == .seconds(3))
    }
}
