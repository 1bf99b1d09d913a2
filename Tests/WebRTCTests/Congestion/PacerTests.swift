import Testing
import WebRTC
import Wire

@Suite struct PacerTests {
    private let start = Instant(nanoseconds: 5_000_000_000)

    @Test func aWidePathHoldsNothingBack() {
        var pacer = Pacer()
        for _ in 0..<1_000 { pacer.handleSent(1_200, now: start) }
        let isOpen = pacer.allows(now: start)
        #expect(isOpen)
    }

    @Test func aConnectionThatIsFullHoldsEverythingBackUntilItTakesMore() {
        var pacer = Pacer()
        pacer.setGated(true, now: start)
        let isOpen = pacer.allows(now: start)
        #expect(isOpen)
        pacer.setBlocked(true)
        pacer.handleHeld(1_200)
        let isBlocked = !pacer.allows(now: start + .seconds(10))
        #expect(isBlocked)
        #expect(pacer.pollTimeout(now: start + .seconds(10)) == nil)
        pacer.setBlocked(false)
        let isFree = pacer.allows(now: start + .seconds(10))
        #expect(isFree)
        #expect(pacer.pollTimeout(now: start + .seconds(10)) == start + .seconds(10))
    }

    @Test func aConnectionIsNeverSentMoreThanAHandfulOfPacketsAtOnce() {
        var pacer = Pacer()
        pacer.setGated(true, now: start)
        pacer.setTarget(nil, now: start)
        var passed = 0
        while passed < 1_000, pacer.allows(now: start) {
            pacer.handleSent(1_200, now: start)
            passed += 1
        }
        #expect(passed < 24)
        pacer.setGated(false, now: start)
        #expect(pacer.rate == nil)
    }

    @Test func aSmallFramePassesAtOnceAtTheLowestRate() {
        var pacer = Pacer()
        pacer.setTarget(30_000, now: start)
        var passed = 0
        while passed < 100, pacer.allows(now: start) {
            pacer.handleSent(1_200, now: start)
            passed += 1
        }
        #expect(passed == 4)
    }

    @Test func aKeyFrameIsSpreadOverTheTimeThatItsBytesNeed() {
        var pacer = Pacer()
        pacer.setTarget(1_000_000, now: start)
        let end = sendAll(60, with: &pacer)
        // 72 000 bytes at 2.5 Mbit/s, less what the bucket holds.
        #expect(end - start > .milliseconds(180))
        #expect(end - start < .milliseconds(232))
    }

    @Test func nothingWaitsLongerThanTheBound() {
        var pacer = Pacer()
        pacer.setTarget(100_000, now: start)
        let end = sendAll(300, with: &pacer)
        #expect(end - start > .milliseconds(200))
        #expect(end - start <= Pacer.maximumDelay)
    }

    @Test func whatDidNotHaveToAskDelaysTheRest() {
        var pacer = Pacer()
        pacer.setTarget(1_000_000, now: start)
        for _ in 0..<20 { pacer.handleSent(1_200, now: start) }
        let isOpen = pacer.allows(now: start)
        #expect(!isOpen)
        let isOpenLater = pacer.allows(now: start + .milliseconds(65))
        #expect(isOpenLater)
    }

    @Test func whatDidNotHaveToAskDelaysNothingBeyondTheBound() {
        var pacer = Pacer()
        pacer.setTarget(100_000, now: start)
        for _ in 0..<80 { pacer.handleSent(1_200, now: start) }
        pacer.handleHeld(1_200)
        let isOpen = pacer.allows(now: start)
        #expect(!isOpen)
        // More of it, while the packet waits.
        for _ in 0..<80 { pacer.handleSent(1_200, now: start) }
        let isOpenInTime = pacer.allows(now: start + Pacer.maximumDelay)
        #expect(isOpenInTime)
    }

    @Test func aPathThatTurnsWideLetsEverythingGo() {
        var pacer = Pacer()
        pacer.setTarget(100_000, now: start)
        for _ in 0..<50 { pacer.handleSent(1_200, now: start) }
        pacer.handleHeld(10_000)
        let isDueAtOnce = pacer.pollTimeout(now: start).map { $0 <= start }
        #expect(isDueAtOnce == false)
        pacer.setTarget(nil, now: start)
        let isDueNow = pacer.pollTimeout(now: start).map { $0 <= start }
        #expect(isDueNow == true)
    }

    @Test func anEmptyQueueNeedsNoTimer() {
        var pacer = Pacer()
        pacer.setTarget(100_000, now: start)
        for _ in 0..<50 { pacer.handleSent(1_200, now: start) }
        #expect(pacer.pollTimeout(now: start) == nil)
        pacer.handleHeld(1_200)
        pacer.handleReleased(1_200)
        #expect(pacer.pollTimeout(now: start) == nil)
    }

    /// Sends `count` packets that come all at once, as an owner does; returns when the last one went.
    private func sendAll(_ count: Int, with pacer: inout Pacer) -> Instant {
        pacer.handleHeld(count * 1_200)
        var left = count
        var now = start
        while left > 0 {
            while left > 0, pacer.allows(now: now) {
                pacer.handleReleased(1_200)
                pacer.handleSent(1_200, now: now)
                left -= 1
            }
            if let next = pacer.pollTimeout(now: now) { now = max(next, now + .microseconds(1)) }
        }
        return now
    }
}

@Suite struct ProbeClusterTests {
    @Test func aProbeGoesOutAtItsRateAMillisecondAtATime() {
        let start = Instant(nanoseconds: 0)
        var cluster = ProbeCluster(Probe(id: 1, rate: 4_800_000, bytes: 9_600), now: start)
        var now = start
        var wakeUps = 0
        var packets = 0
        while let next = cluster.pollTimeout() {
            now = wakeUps == 0 ? start : next
            wakeUps += 1
            while cluster.isDue(now: now) {
                cluster.handleSent(1_200)
                packets += 1
            }
        }
        #expect(packets == 8)
        #expect(now - start >= .milliseconds(13))
        #expect(now - start <= .milliseconds(16))
        #expect(wakeUps <= 8)
    }
}
