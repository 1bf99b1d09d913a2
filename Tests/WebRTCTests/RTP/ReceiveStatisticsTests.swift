import Testing
import WebRTC
import Wire

@Suite struct ReceiveStatisticsTests {
    /// Video, whose frames come every 1/30 s.
    private var statistics = ReceiveStatistics(clockRate: 90_000)
    private var now = Instant(nanoseconds: 1_000_000_000_000)

    private static func header(_ sequence: UInt16, _ timestamp: UInt32) throws -> RTPHeader {
        let bytes: [UInt8] =
            [0x80, 96] + [sequence].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }
            + stride(from: 24, through: 0, by: -8).map { UInt8(timestamp >> UInt32($0) & 0xff) } + [
                0, 0, 0, 7,
            ]
        return try RTPHeader(parsing: bytes.span.bytes)
    }

    private mutating func receive(
        _ sequence: UInt16,
        _ timestamp: UInt32 = 0
    ) throws -> ReceiveStatistics.Arrival {
        statistics.handle(try Self.header(sequence, timestamp), size: 100, now: now)
    }

    private mutating func receive(_ sequences: some Sequence<UInt16>) throws {
        for sequence in sequences { _ = try receive(sequence) }
    }

    private mutating func report() throws -> ReportBlock {
        let block = statistics.makeReportBlock(7, now: now)
        return try #require(block)
    }

    @Test mutating func thereIsNothingToReportBeforeTheFirstPacket() {
        let block = statistics.makeReportBlock(7, now: now)
        #expect(block == nil)
        #expect(statistics.lost == 0)
    }

    @Test mutating func aStreamWithoutLossIsReportedAsSuch() throws {
        try receive(100...199)
        #expect(
            try report()
                == ReportBlock(
                    ssrc: 7,
                    fractionLost: 0,
                    cumulativeLost: 0,
                    highestSequence: 199,
                    jitter: 0,
                    lastSenderReport: 0,
                    delaySinceLastSenderReport: 0
                )
        )
        #expect(statistics.packets == 100)
        #expect(statistics.bytes == 10_000)
    }

    @Test mutating func theFractionSpeaksOfTheIntervalAndTheSumOfAllTime() throws {
        try receive(0..<100)
        try receive(125..<200)
        var block = try report()
        #expect(block.fractionLost == 32)  // 25 of 200, in 1/256
        #expect(block.cumulativeLost == 25)
        try receive(200..<300)
        block = try report()
        #expect(block.fractionLost == 0)
        #expect(block.cumulativeLost == 25)
        // Nothing came at all: no division by zero.
        #expect(try report().fractionLost == 0)
        _ = try receive(1_299)
        block = try report()
        #expect(block.fractionLost == 255)
        #expect(block.cumulativeLost == 25 + 999)
    }

    @Test mutating func duplicatesMakeTheSumNegativeButNotTheFraction() throws {
        try receive(0..<10)
        try receive(0..<10)
        let block = try report()
        #expect(block.cumulativeLost == -10)
        #expect(block.fractionLost == 0)
    }

    @Test mutating func theHighestNumberCountsItsCycles() throws {
        try receive(65_530...65_535)
        try receive(0...3)
        #expect(try report().highestSequence == 0x1_0003)
        #expect(statistics.lost == 0)
        // A late packet from before the wrap does not count a cycle.
        #expect(try receive(65_531) == .late)
        #expect(try report().highestSequence == 0x1_0003)
    }

    @Test mutating func whatAPacketMeansDependsOnItsDistance() throws {
        #expect(try receive(10_000) == .inOrder)
        #expect(try receive(10_001) == .inOrder)
        #expect(try receive(10_001) == .late)
        #expect(try receive(10_001 - 1_499) == .late)
        #expect(try receive(10_001 - 1_500) == .unconfirmed)
        #expect(try receive(10_001 + 3_000) == .unconfirmed)
        #expect(try receive(10_001 + 2_999) == .inOrder)
    }

    @Test mutating func aPacketFarFromAllOthersIsNotBelieved() throws {
        try receive(10_000...10_009)
        #expect(try receive(40_000) == .unconfirmed)
        #expect(try receive(10_010) == .inOrder)
        // The far one no longer waits to be confirmed.
        #expect(try receive(40_001) == .unconfirmed)
        #expect(try receive(50_000) == .unconfirmed)
        #expect(statistics.packets == 11)
        #expect(statistics.lost == 0)
    }

    @Test mutating func twoPacketsInARowBeginTheStreamAnew() throws {
        try receive(10_000..<10_100)
        try receive(10_150..<10_200)
        _ = try report()
        #expect(try receive(40_000) == .unconfirmed)
        #expect(try receive(40_001) == .restarted)
        #expect(try receive(40_002) == .inOrder)
        let block = try report()
        #expect(block.highestSequence == 40_002)
        #expect(block.cumulativeLost == 0)
        #expect(block.fractionLost == 0)
    }

    @Test mutating func aRestartIsToldAcrossTheWrapToo() throws {
        try receive(10_000...10_009)
        #expect(try receive(65_535) == .unconfirmed)
        #expect(try receive(0) == .restarted)
    }

    @Test(arguments: [20_005, 20_500, 19_995, 20_009] as [UInt16])
    mutating func aRestartCloseToTheOldNumbersIsToldByItsTimestamp(restart: UInt16) throws {
        for index in 0..<10 as Range<UInt16> {
            now += .milliseconds(33)
            #expect(try receive(20_000 + index, 5_000 + UInt32(index) * 3_000) == .inOrder)
        }
        now += .milliseconds(33)
        #expect(try receive(restart, 3_000_000_000) == .unconfirmed)
        #expect(try receive(restart + 1, 3_000_000_000) == .restarted)
        #expect(try receive(restart + 2, 3_000_003_000) == .inOrder)
    }

    @Test mutating func aLongSilenceIsNoRestart() throws {
        #expect(try receive(1, 0) == .inOrder)
        // An hour later, by both clocks; theirs is a second slow.
        now += .seconds(3_600)
        #expect(try receive(2, 3_599 * 90_000) == .inOrder)
        // Fourteen hours: the media clock has wrapped.
        now += .seconds(50_000)
        #expect(try receive(3, UInt32(truncatingIfNeeded: (3_599 + 50_000) * 90_000)) == .inOrder)
    }

    @Test mutating func retransmissionsBehindABurstAreLateAndNoRestart() throws {
        try receive(0..<10)
        try receive(15..<815)
        for number in 10..<15 as Range<UInt16> { #expect(try receive(number) == .late) }
        #expect(try receive(815) == .inOrder)
        #expect(statistics.lost == 0)
    }

    /// RFC 3550 §A.8: J += (|D| − J) / 16.
    @Test mutating func jitterFollowsTheRFC() throws {
        _ = try receive(0, 0)
        now += .milliseconds(20)
        _ = try receive(1, 1_800)
        #expect(statistics.jitterSeconds == 0)
        now += .milliseconds(30)  // 10 ms = 900 ticks late
        _ = try receive(2, 3_600)
        #expect(try report().jitter == 900 / 16)
        now += .milliseconds(10)  // and back
        _ = try receive(3, 5_400)
        #expect(try report().jitter == UInt32(900.0 / 16 + (900 - 900.0 / 16) / 16))
        #expect(abs(statistics.jitterSeconds - 109.0 / 90_000) < 0.000_01)
    }

    @Test mutating func jitterIsCalmWhereTheMediaClockWraps() throws {
        var timestamp: UInt32 = 0xffff_f000
        for number in 0..<20 as Range<UInt16> {
            _ = try receive(number, timestamp)
            timestamp &+= 3_000
            now += Interval(nanoseconds: 33_333_333)
        }
        #expect(try report().jitter <= 1)
    }

    @Test mutating func theLastSenderReportIsNamedWithTheDelaySince() throws {
        _ = try receive(0)
        let ntp = NTPTime(rawValue: 0x1122_3344_5566_7788)
        statistics.handle(
            SenderReport(ssrc: 7, ntpTime: ntp, rtpTimestamp: 0, packetCount: 0, octetCount: 0),
            now: now
        )
        now += .milliseconds(1_500)
        var block = try report()
        #expect(block.lastSenderReport == 0x3344_5566)
        #expect(block.delaySinceLastSenderReport == 98_304)
        // Two days without another: the field is full, and the arithmetic holds.
        now += .seconds(172_800)
        block = try report()
        #expect(block.delaySinceLastSenderReport == .max)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    mutating func anySequenceOfPacketsIsCounted(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var number: UInt16 = 0
        for _ in 0..<2_000 {
            switch Int.random(in: 0..<20, using: &random) {
            case 0: number = .random(in: .min ... .max, using: &random)
            case 1: number &-= .random(in: 0...2_000, using: &random)
            default: number &+= .random(in: 0...3, using: &random)
            }
            now += Interval(nanoseconds: .random(in: 0...1_000_000_000_000, using: &random))
            let before = statistics.packets
            let arrival = try receive(number, .random(in: .min ... .max, using: &random))
            #expect(statistics.packets == before + (arrival == .unconfirmed ? 0 : 1))
            let block = try report()
            #expect(statistics.jitterSeconds.isFinite)
            #expect(Int(block.cumulativeLost) == statistics.lost)
            if arrival == .restarted { #expect(block.highestSequence == UInt32(number)) }
        }
    }
}
