import Testing
import WebRTC
import Wire

@Suite struct SenderStatisticsTests {
    private var statistics = SenderStatistics(clockRate: 90_000)
    private let start = Instant(nanoseconds: 5_000_000_000)
    private let wallClock = NTPTime(rawValue: 0xb44d_b705_2000_0000)

    private func block(lastReport: UInt32, delay: UInt32, fractionLost: UInt8 = 0) -> ReportBlock {
        ReportBlock(
            ssrc: 1,
            fractionLost: fractionLost,
            cumulativeLost: 0,
            highestSequence: 77,
            jitter: 0,
            lastSenderReport: lastReport,
            delaySinceLastSenderReport: delay
        )
    }

    @Test func nothingIsReportedBeforeTheFirstPacket() {
        #expect(statistics.makeReport(1, wallClock: wallClock, now: start) == nil)
    }

    @Test mutating func theReportCountsTheMediaClockOnFromTheLastFrame() {
        statistics.handle(timestamp: 1_000, payload: 1_100, now: start)
        // The rest of the frame is sent later; the frame's time is that of its first packet.
        statistics.handle(timestamp: 1_000, payload: 300, now: start + .milliseconds(9))
        #expect(
            statistics.makeReport(1, wallClock: wallClock, now: start + .milliseconds(100))
                == SenderReport(
                    ssrc: 1,
                    ntpTime: wallClock,
                    rtpTimestamp: 1_000 + 9_000,
                    packetCount: 2,
                    octetCount: 1_400
                )
        )
    }

    @Test mutating func anOvertakenPacketDoesNotShiftTheClock() {
        statistics.handle(timestamp: 0xffff_ffff, payload: 1, now: start)
        statistics.handle(timestamp: 2_999, payload: 1, now: start + .milliseconds(33))
        statistics.handle(timestamp: 0xffff_ffff, payload: 1, now: start + .milliseconds(50))
        let report = statistics.makeReport(1, wallClock: wallClock, now: start + .milliseconds(133))
        #expect(report?.rtpTimestamp == 11_999)
        #expect(report?.packetCount == 3)
    }

    @Test mutating func aLongPauseDoesNotOverflow() {
        statistics.handle(timestamp: 0, payload: 1, now: start)
        for seconds: Int64 in [86_400 * 30, 86_400 * 365 * 10] {
            let report = statistics.makeReport(1, wallClock: wallClock, now: start + .seconds(seconds))
            #expect(report?.rtpTimestamp == UInt32(truncatingIfNeeded: seconds * 90_000))
        }
    }

    /// The example of RFC 3550 §6.4.1, figure 2: 6.125 s pass, of which the receiver held the report 5.25 s …
    /// less 12.5 ms.
    @Test mutating func theRoundTripIsMeasuredAsInTheRFC() {
        #expect(statistics.roundTrip == nil)
        let now = NTPTime(rawValue: 0xb710_8000 << 16)
        statistics.handle(block(lastReport: 0xb705_2000, delay: 0x0005_4000), wallClock: now)
        #expect(statistics.roundTrip == .milliseconds(6_125))
        #expect(statistics.highestReported == 77)
    }

    @Test mutating func theRoundTripIsSmoothed() {
        let now = NTPTime(rawValue: 0x1000_0000 << 16)
        statistics.handle(block(lastReport: 0x1000_0000 - 0x4000, delay: 0), wallClock: now)
        #expect(statistics.roundTrip == .milliseconds(250))
        statistics.handle(block(lastReport: 0x1000_0000 - 0x8000, delay: 0), wallClock: now)
        #expect(statistics.roundTrip == .microseconds(312_500))
    }

    @Test mutating func aRoundTripIsAMillisecondAtLeast() {
        statistics.handle(block(lastReport: 100, delay: 0), wallClock: NTPTime(rawValue: 100 << 16))
        #expect(statistics.roundTrip == .milliseconds(1))
    }

    @Test(
        arguments: [
            (0, 0),  // it has not seen a report of ours
            (0x1000_0001, 0),  // from the future
            (0x0fff_0000, 0x0001_0001),  // held for longer than has passed
            (0x1000_0000 - 30 * 65_536, 0),  // half a minute
            (0x9000_0000, 0),
        ] as [(UInt32, UInt32)]
    )
    mutating func nonsenseIsNotTakenForARoundTrip(lastReport: UInt32, delay: UInt32) {
        let now = NTPTime(rawValue: 0x1000_0000 << 16)
        statistics.handle(block(lastReport: lastReport, delay: delay, fractionLost: 64), wallClock: now)
        #expect(statistics.roundTrip == nil)
        #expect(statistics.fractionLost == 0.25)
    }
}
