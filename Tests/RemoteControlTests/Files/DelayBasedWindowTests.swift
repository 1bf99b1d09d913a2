import RemoteControl
import Testing
import Wire

/// The window on a link of a certain rate, whose queue it shares with others; on virtual time.
@Suite struct DelayBasedWindowTests {
    /// A queue that is emptied at a rate, after which everything takes as long again.
    private struct Link {
        /// Bytes a second.
        let rate: Int64
        let delay = Interval.milliseconds(15)
        private var free = Instant(nanoseconds: 0)

        init(rate: Int64) { self.rate = rate }

        /// When it arrives.
        mutating func send(_ count: Int, at now: Instant) -> Instant {
            free = max(free, now) + Interval(nanoseconds: Int64(count) * 1_000_000_000 / rate)
            return free + delay
        }

        /// What waits in it.
        func queue(at now: Instant) -> Interval { max(.zero, free - now) }
    }

    private struct Run {
        /// Bytes that arrived of the transfer.
        var carried = 0
        /// What waited, at worst, once it had found its way.
        var worst = Interval.zero
        var last = Interval.zero
    }

    /// Sends as much as the window allows; beside it `others` is the share of the link that somebody else uses.
    private func run(
        rate: Int64,
        seconds: Int64,
        skew: UInt32 = 0,
        others: (Instant) -> Double = { _ in 0 }
    ) -> Run {
        var window = DelayBasedWindow()
        var link = Link(rate: rate)
        var run = Run()
        var flight: [(sent: Instant, arrives: Instant)] = []
        let piece = FileMessage.maximumPieceLength
        var now = Instant(nanoseconds: 0)
        while now < Instant(nanoseconds: seconds * 1_000_000_000) {
            now += .milliseconds(1)
            let share = Int(others(now) * Double(rate) / 1_000)
            if share > 0 { _ = link.send(share, at: now) }
            while let first = flight.first, first.arrives + link.delay <= now {
                flight.removeFirst()
                let delay =
                    UInt32(truncatingIfNeeded: (first.arrives - first.sent).nanoseconds / 1_000) &+ skew
                let under = (flight.count + 1) * piece
                window.handleAcknowledgement(of: piece, delay: delay, flight: under, now: now)
                run.carried += piece
            }
            while (flight.count + 1) * piece <= window.bytes {
                flight.append((now, link.send(piece, at: now)))
            }
            run.last = link.queue(at: now)
            if now > Instant(nanoseconds: seconds * 500_000_000) { run.worst = max(run.worst, run.last) }
        }
        return run
    }

    @Test func fillsAWidePathAsFarAsItsWindowGoes() {
        // 256 KiB in 30 ms are 8.7 MB/s.
        let run = run(rate: 100_000_000, seconds: 30)
        #expect(run.carried > 150_000_000)
        #expect(run.worst < .milliseconds(10))
    }

    @Test func usesMostOfAPathThatNobodyElseUses() {
        let run = run(rate: 1_000_000, seconds: 30)
        #expect(run.carried > 20_000_000)
    }

    @Test func keepsTheQueueShortWhateverTheClocksSay() {
        for skew: UInt32 in [0, 0x8000_0000, 0xffff_f000] {
            let run = run(rate: 3_000_000, seconds: 30, skew: skew)
            // The target, and a piece or two.
            #expect(run.worst < .milliseconds(35), "\(run)")
            #expect(run.carried > 60_000_000)
        }
    }

    @Test func yieldsToWhateverElseComes() {
        let alone = run(rate: 3_000_000, seconds: 30)
        // Somebody else fills a little more than the path for the last twenty seconds.
        let beside = run(rate: 3_000_000, seconds: 30) { $0 > Instant(nanoseconds: 10_000_000_000) ? 0.9 : 0 }
        #expect(beside.carried < alone.carried * 6 / 10)
        // One piece in what is left of the path.
        #expect(beside.worst < .milliseconds(100), "\(beside)")
    }

    @Test func staysWithinItsBoundsWhateverIsAcknowledged() {
        var window = DelayBasedWindow()
        var now = Instant(nanoseconds: 0)
        for step in 0..<10_000 {
            now += .milliseconds(Int64(step % 50))
            let delay = UInt32(truncatingIfNeeded: step &* 2_654_435_761)
            window.handleAcknowledgement(of: step % 300_000, delay: delay, flight: 1_000_000, now: now)
            if step % 777 == 0 { window.handleSilence() }
            #expect((DelayBasedWindow.least...DelayBasedWindow.most).contains(window.bytes))
        }
    }
}
