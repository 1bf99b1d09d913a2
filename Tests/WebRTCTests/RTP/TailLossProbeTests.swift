import Testing
import WebRTC
import Wire

@Suite struct TailLossProbeTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    /// The probes of one packet until there are no more: milliseconds after it was sent, and what.
    private func probes(of tail: inout TailLossProbe, from sent: Instant) -> [(Int64, TailLossProbe.Probe)] {
        var found: [(Int64, TailLossProbe.Probe)] = []
        while let due = tail.pollTimeout() {
            let early = tail.pollProbe(now: Instant(nanoseconds: due.nanoseconds - 1))
            #expect(early == nil)
            if let probe = tail.pollProbe(now: due) { found.append(((due - sent).milliseconds, probe)) }
        }
        return found
    }

    @Test func aSilentStreamRepeatsItsNewestPacketAndThenStartsAnew() {
        var tail = TailLossProbe()
        #expect(tail.pollTimeout() == nil)
        tail.handleSent(roundTrip: nil, now: start)
        let found = probes(of: &tail, from: start)
        #expect(found.map(\.0) == [60, 180, 420, 900, 2_900])
        #expect(found.map(\.1) == [.repeatNewest, .repeatNewest, .repeatNewest, .repeatNewest, .startAnew])
    }

    @Test func startsBecomeRarerAndEnd() {
        var tail = TailLossProbe()
        var now = start
        var waits: [Int64] = []
        while waits.count < 10 {
            tail.handleSent(roundTrip: nil, now: now)
            guard let last = probes(of: &tail, from: now).last, last.1 == .startAnew else { break }
            waits.append(last.0 - 900)
            now = now + .milliseconds(last.0)
        }
        #expect(waits == [2_000, 4_000, 8_000, 16_000])
        tail.handleAcknowledged()
        tail.handleSent(roundTrip: nil, now: now)
        let found = probes(of: &tail, from: now)
        #expect(found.last?.0 == 2_900)
    }

    @Test func aLongRoundTripIsWaitedFor() {
        var tail = TailLossProbe()
        tail.handleSent(roundTrip: .milliseconds(200), now: start)
        #expect(tail.pollTimeout() == start + .milliseconds(300))
    }

    @Test func aStreamThatGoesOnIsNotProbed() {
        var tail = TailLossProbe()
        for frame in 0..<100 {
            let now = start + .milliseconds(Int64(frame) * 33)
            let probe = tail.pollProbe(now: now)
            #expect(probe == nil)
            tail.handleSent(roundTrip: .milliseconds(10), now: now)
        }
    }

    @Test func anAcknowledgementEndsIt() {
        var tail = TailLossProbe()
        tail.handleSent(roundTrip: nil, now: start)
        let probe = tail.pollProbe(now: start + .milliseconds(60))
        #expect(probe == .repeatNewest)
        tail.handleAcknowledged()
        #expect(tail.pollTimeout() == nil)
        let answer = tail.handleMissing()
        #expect(answer == nil)
    }

    @Test func aReportWithoutTheNewestPacketStartsAnewOnceRepeatingWasInVain() {
        var tail = TailLossProbe()
        tail.handleSent(roundTrip: nil, now: start)
        for milliseconds: Int64 in [60, 180, 420] {
            let early = tail.handleMissing()
            #expect(early == nil)
            _ = tail.pollProbe(now: start + .milliseconds(milliseconds))
        }
        _ = tail.pollProbe(now: start + .milliseconds(900))
        let late = tail.handleMissing()
        #expect(late == .startAnew)
        #expect(tail.pollTimeout() == nil)
    }
}
