import Testing
import WebRTC
import Wire

@Suite struct RTPStreamRewriterTests {
    /// Video that begins at 100 and 5 000, at time zero.
    private var rewriter = RTPStreamRewriter(clockRate: 90_000, firstSequence: 100, firstTimestamp: 5_000)
    private var now = Instant(nanoseconds: 0)

    private mutating func map(_ sequence: UInt16, _ timestamp: UInt32) -> [UInt32]? {
        rewriter.map(sequence: sequence, timestamp: timestamp, now: now).map {
            [UInt32($0.sequence), $0.timestamp]
        }
    }

    @Test mutating func nothingIsMappedBeforeASourceIsTakenOn() {
        #expect(map(7, 1) == nil)
        #expect(!rewriter.isSynchronised)
        #expect(rewriter.newest == nil)
        #expect(rewriter.source(of: 100) == nil)
    }

    @Test mutating func theStreamBeginsWithTheGivenNumbersWhateverTheSource() {
        rewriter.resynchronise(at: 65_535, timestamp: 0xffff_ff00, now: now)
        #expect(rewriter.isSynchronised)
        #expect(map(65_535, 0xffff_ff00) == [100, 5_000])
        #expect(map(0, 0x0000_0100) == [101, 5_512])
        #expect(map(1, 0x0000_0100) == [102, 5_512])
        #expect(rewriter.newest == SequenceNumber(102))
    }

    @Test mutating func aGapOfTheSourceStaysAGapAndALatePacketFillsIt() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        #expect(map(13, 3_000) == [103, 8_000])
        #expect(map(11, 0) == [101, 5_000])
        #expect(map(14, 3_000) == [104, 8_000])
        #expect(rewriter.newest == SequenceNumber(104))
    }

    @Test mutating func aSwitchOfTheSourceLeavesNoGapAndTheClockGoesOn() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        now += .milliseconds(100)
        rewriter.resynchronise(at: 60_000, timestamp: 777, now: now)
        #expect(map(60_000, 777) == [101, 5_000 + 9_000])
        #expect(map(60_001, 777 + 3_000) == [102, 5_000 + 12_000])
    }

    @Test mutating func theClockGoesOnByATickAtLeast() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [101, 5_001])
        // A clock that stepped back, too.
        rewriter.resynchronise(at: 10, timestamp: 0, now: Instant(nanoseconds: -5_000_000_000))
        #expect(map(10, 0) == [102, 5_002])
    }

    @Test mutating func packetsFromBeforeTheSwitchAreRefused() {
        rewriter.resynchronise(at: 1_000, timestamp: 0, now: now)
        #expect(map(1_000, 0) != nil)
        rewriter.resynchronise(at: 1_005, timestamp: 90, now: now)
        #expect(map(1_004, 0) == nil)
        #expect(map(1_001, 0) == nil)
        #expect(map(1_005, 90) == [101, 5_001])
        #expect(map(1_004, 0) == nil)
        // What went out before the switch had other numbers: it cannot be sent again.
        #expect(rewriter.source(of: 100) == nil)
        #expect(rewriter.source(of: 101) == 1_005)
    }

    /// A copy of the state before a switch, which goes on to mend what was sent until then.
    @Test mutating func aCopyGoesOnToKnowWhatWentOutBeforeTheSwitch() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        #expect(map(12, 30) == [102, 5_030])
        var former = rewriter
        rewriter.resynchronise(at: 500, timestamp: 0, now: now)
        #expect(map(500, 0) == [103, 5_031])
        #expect(former.remembers(100) && former.remembers(101) && !former.remembers(103))
        #expect(!rewriter.remembers(101) && rewriter.remembers(103))
        #expect(former.isAwaited(11) && !former.isAwaited(12) && !former.isAwaited(13))
        let late = former.map(sequence: 11, timestamp: 0, now: now)
        #expect(late?.sequence == 101 && late?.timestamp == 5_000)
        #expect(!former.isAwaited(11))
    }

    @Test mutating func aNumberThatIsGivenUpBelongsToNothing() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        #expect(map(12, 0) == [102, 5_000])
        var isVoid: [UInt16: Bool] = [:]
        for number in [100, 101, 102, 103] as [UInt16] { isVoid[number] = rewriter.giveUp(number) }
        #expect(isVoid == [100: false, 101: true, 102: false, 103: false])
        #expect(rewriter.isVoid(101))
        #expect(map(11, 0) == nil)
    }

    @Test mutating func aNumberHalfTheNumberSpaceAwayIsRefused() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(9 &+ 32_768, 0) == nil)
        #expect(map(10, 0) == [100, 5_000])
        #expect(map(10 &+ 32_768, 0) == nil)
        #expect(map(11, 0) == [101, 5_000])
    }

    @Test mutating func aSwitchThatWasNeverUsedTakesNoNumber() {
        rewriter.resynchronise(at: 1_000, timestamp: 0, now: now)
        rewriter.resynchronise(at: 2_000, timestamp: 0, now: now)
        #expect(map(2_000, 0) == [100, 5_000])
        rewriter.desynchronise()
        #expect(map(2_001, 0) == nil)
        #expect(rewriter.source(of: 100) == nil)
        rewriter.resynchronise(at: 3_000, timestamp: 0, now: now)
        rewriter.resynchronise(at: 4_000, timestamp: 0, now: now)
        #expect(map(4_000, 0) == [101, 5_001])
    }

    @Test mutating func aPacketLeftOutLeavesNoGap() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        rewriter.skip(11)
        rewriter.skip(12)
        #expect(map(13, 3_000) == [101, 8_000])
        #expect(rewriter.source(of: 101) == 13)
        #expect(map(11, 0) == nil)
        #expect(map(12, 0) == nil)
    }

    @Test mutating func thePacketThatTheSourceBeginsWithCanBeLeftOut() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        rewriter.skip(10)
        #expect(map(11, 0) == [100, 5_000])
        #expect(rewriter.source(of: 100) == 11)
    }

    @Test mutating func leavingOutALatePacketChangesNothing() {
        rewriter.skip(3)
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        #expect(map(12, 0) == [102, 5_000])
        rewriter.skip(11)
        rewriter.skip(12)
        #expect(map(13, 0) == [103, 5_000])
    }

    /// Between packets that are left out, late ones still find the numbers that were kept for them.
    @Test mutating func lossAmongPacketsLeftOutIsRepaired() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        rewriter.skip(11)
        // 12 and 13 are lost.
        #expect(map(14, 0) == [103, 5_000])
        rewriter.skip(15)
        #expect(map(16, 0) == [104, 5_000])
        #expect(map(12, 0) == [101, 5_000])
        #expect(map(12, 0) == [101, 5_000])
        #expect(!rewriter.isVoid(102))
        // 13 turns out to be one to leave out.
        rewriter.skip(13)
        #expect(rewriter.isVoid(102))
        #expect(map(13, 0) == nil)
        #expect((100...105).map { rewriter.source(of: $0) } == [10, 12, nil, 14, 16, nil])
        rewriter.skip(14)
        #expect(rewriter.source(of: 103) == 14)
        #expect(!rewriter.isVoid(103) && !rewriter.isVoid(105))
        rewriter.resynchronise(at: 50, timestamp: 0, now: now)
        #expect(!rewriter.isVoid(102))
    }

    @Test mutating func aSwitchIsAlignedWhereTheSourcesSayHow() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        now += .milliseconds(100)
        // It took 80 ms on the way here where the other took 50.
        let isAligned = rewriter.resynchronise(at: 20, timestamp: 70, aligned: 5_000 + 6_300, now: now)
        #expect(isAligned)
        #expect(map(20, 70) == [101, 5_000 + 6_300])
        #expect(rewriter.timestampOffset == 5_000 + 6_300 - 70)
    }

    @Test mutating func anAlignedSwitchNeverGoesBack() {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        now += .milliseconds(5)
        // The same picture in another encoding, and one from before it.
        rewriter.resynchronise(at: 20, timestamp: 70, aligned: 5_000, now: now)
        #expect(map(20, 70) == [101, 5_001])
        rewriter.resynchronise(at: 10, timestamp: 0, aligned: 5_001 - 3_000, now: now)
        #expect(map(10, 0) == [102, 5_002])
    }

    @Test(arguments: [270_000, -180_000, .min] as [Int32])
    mutating func senderReportsThatCannotBeTrueAreNotBelieved(error: Int32) {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        #expect(map(10, 0) == [100, 5_000])
        now += .milliseconds(100)
        let aligned = 5_000 &+ UInt32(bitPattern: error)
        let isAligned = rewriter.resynchronise(at: 20, timestamp: 70, aligned: aligned, now: now)
        #expect(!isAligned)
        #expect(map(20, 70) == [101, 5_000 + 9_000])
    }

    @Test mutating func aRequestFindsThePacketOfTheSource() {
        rewriter.resynchronise(at: 65_534, timestamp: 0, now: now)
        for number: UInt16 in [65_534, 65_535, 0, 1] { _ = map(number, 0) }
        #expect((98...105).map { rewriter.source(of: $0) } == [nil, nil, 65_534, 65_535, 0, 1, nil, nil])
    }

    @Test mutating func aSourceMayRunForMoreThanTheNumberSpace() throws {
        rewriter.resynchronise(at: 10, timestamp: 0, now: now)
        for index in 0..<200_000 {
            let number = UInt16(truncatingIfNeeded: 10 + index)
            let outgoing = UInt16(truncatingIfNeeded: 100 + index)
            guard map(number, UInt32(index)) == [UInt32(outgoing), 5_000 + UInt32(index)] else {
                Issue.record("packet \(index) was not mapped")
                return
            }
            guard index % 1_000 == 0 else { continue }
            try #require(rewriter.source(of: outgoing) == number)
            if index >= 2_000 {
                try #require(rewriter.source(of: outgoing &- 2_000) == number &- 2_000)
                try #require(map(number &- 2_000, 0)?.first == UInt32(outgoing &- 2_000))
            }
            try #require(rewriter.source(of: outgoing &+ 1) == nil)
        }
    }

    /// The memory that a slow stream needs is small, and has to grow before the burst has filled it.
    @Test mutating func aBurstIsRememberedAsAWhole() throws {
        rewriter.resynchronise(at: 65_000, timestamp: 0, now: now)
        var number: UInt16 = 65_000
        for _ in 0..<150 {
            try #require(map(number, 0) != nil)
            number &+= 1
            now += .milliseconds(200)
        }
        // Some are lost, some are left out.
        for step in 0..<1_200 {
            now += .microseconds(100)
            switch step % 10 {
            case 3: break
            case 7: rewriter.skip(number)
            default: try #require(map(number, 0) != nil)
            }
            number &+= 1
        }
        let newest = try #require(rewriter.newest?.rawValue)
        var found = 0
        for age in 0..<1_080 {
            found += rewriter.source(of: newest &- UInt16(age)) == nil ? 0 : 1
        }
        #expect(found == 1_080)
        let late = number &- 1_197
        #expect(rewriter.isAwaited(late))
        #expect(map(late, 0) != nil)
        #expect(!rewriter.isAwaited(late))
    }

    @Test mutating func ofASlowStreamASecondIsRemembered() throws {
        rewriter.resynchronise(at: 1, timestamp: 0, now: now)
        for number in 1...10_000 as ClosedRange<UInt16> {
            try #require(map(number, 0) != nil)
            now += .milliseconds(20)
            guard number > 50 else { continue }
            try #require(rewriter.source(of: 99 &+ number &- 50) == number - 50)
        }
    }

    /// Sources that lose, delay, repeat and restart: each outgoing number stands for one packet of one
    /// source.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    mutating func noNumberIsGivenToTwoPackets(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var packets: [UInt16: String] = [:]
        var sequence = UInt16.random(in: .min ... .max, using: &random)
        var timestamp = UInt32.random(in: .min ... .max, using: &random)
        var generation = 0
        var first = sequence
        var lastTimestamp: UInt32?
        rewriter.resynchronise(at: sequence, timestamp: timestamp, now: now)
        for _ in 0..<3_000 {
            now += .milliseconds(Int64.random(in: 0...20, using: &random))
            switch Int.random(in: 0..<100, using: &random) {
            case 0:
                sequence = .random(in: .min ... .max, using: &random)
                timestamp = .random(in: .min ... .max, using: &random)
                generation += 1
                first = sequence
                rewriter.resynchronise(at: sequence, timestamp: timestamp, now: now)
            case 1..<5:
                rewriter.skip(sequence)
                sequence &+= 1
            case 5..<10:
                sequence &+= .random(in: 1...9, using: &random)
            case 10..<20:
                // Late or repeated, perhaps from before the switch.
                let late = sequence &- .random(in: 1...20, using: &random)
                guard let outgoing = rewriter.map(sequence: late, timestamp: timestamp, now: now) else {
                    continue
                }
                #expect(SequenceNumber(first).distance(to: SequenceNumber(late)) >= 0)
                let packet = "\(generation) \(late)"
                #expect(packets.updateValue(packet, forKey: outgoing.sequence) ?? packet == packet)
            default:
                timestamp &+= 3_000
                let before = rewriter.newest
                let mapped = rewriter.map(sequence: sequence, timestamp: timestamp, now: now)
                let outgoing = try #require(mapped)
                if let before { #expect(SequenceNumber(outgoing.sequence).isNewer(than: before)) }
                if let lastTimestamp { #expect(Int32(bitPattern: outgoing.timestamp &- lastTimestamp) > 0) }
                lastTimestamp = outgoing.timestamp
                #expect(rewriter.source(of: outgoing.sequence) == sequence)
                #expect(packets.updateValue("\(generation) \(sequence)", forKey: outgoing.sequence) == nil)
                sequence &+= 1
            }
        }
    }
}
