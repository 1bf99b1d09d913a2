import Testing
import WebRTC
import Wire

@Suite struct NackGeneratorTests {
    private var generator = NackGenerator()
    private var now = Instant(nanoseconds: 0)

    private mutating func receive(_ numbers: UInt16..., isKeyFrame: Bool = false) {
        for number in numbers { generator.handle(SequenceNumber(number), isKeyFrame: isKeyFrame, now: now) }
    }

    /// Lets time pass as an event loop would, and returns what was asked for.
    private mutating func requests(after milliseconds: Int64) -> [UInt16] {
        now += .milliseconds(milliseconds)
        generator.handleTimeout(now: now)
        var numbers: [UInt16] = []
        while let number = generator.pollRequest(now: now) { numbers.append(number.rawValue) }
        return numbers
    }

    @Test mutating func anUnbrokenStreamAsksForNothing() {
        receive(65_534, 65_535, 0, 1)
        #expect(generator.pollTimeout() == nil)
        #expect(requests(after: 1_000) == [])
        #expect(!generator.needsKeyFrame)
    }

    @Test mutating func theFirstPacketMissesNothingBeforeIt() {
        receive(1_000)
        #expect(requests(after: 1_000) == [])
    }

    @Test mutating func aGapIsAskedForAfterTheToleranceForReordering() {
        receive(10, 13)
        #expect(generator.pollTimeout() == Instant(nanoseconds: 5_000_000))
        #expect(requests(after: 4) == [])
        #expect(requests(after: 1) == [11, 12])
        #expect(requests(after: 0) == [])
    }

    @Test mutating func aGapAcrossTheWrapIsAskedForInOrder() {
        receive(65_533, 2)
        #expect(requests(after: 5) == [65_534, 65_535, 0, 1])
    }

    @Test mutating func anOvertakenPacketIsNotAskedFor() {
        receive(10, 12)
        now += .milliseconds(3)
        receive(11)
        #expect(generator.pollTimeout() == nil)
        #expect(requests(after: 10) == [])
        #expect(generator.recovered == 0)
    }

    @Test mutating func theTimeToAnAnswerIsMeasuredFromTheFirstRequest() {
        #expect(generator.roundTrip == nil)
        receive(10, 12)
        #expect(requests(after: 5) == [11])
        now += .milliseconds(40)
        receive(11)
        #expect(generator.roundTrip == .milliseconds(40))
        // Shorter ones are believed at once, longer ones, which may be due to loss, slowly.
        receive(14)
        #expect(requests(after: 5) == [13])
        now += .milliseconds(20)
        receive(13)
        #expect(generator.roundTrip == .milliseconds(30))
        receive(16)
        #expect(requests(after: 5) == [15])
        #expect(requests(after: 100) == [15])
        now += .milliseconds(10)
        receive(15)
        #expect(generator.roundTrip == .milliseconds(40))
        // What comes by itself tells nothing.
        receive(18)
        now += .milliseconds(2)
        receive(17)
        #expect(generator.roundTrip == .milliseconds(40))
    }

    @Test mutating func anAnsweredRequestIsCountedOnceAndNotRepeated() {
        receive(10, 12)
        #expect(requests(after: 5) == [11])
        receive(11)
        receive(11)
        #expect(generator.recovered == 1)
        #expect(requests(after: 1_000) == [])
    }

    @Test mutating func anUnansweredRequestIsRepeatedEachRoundTrip() {
        generator.retryInterval = .milliseconds(60)
        receive(10, 12)
        #expect(requests(after: 5) == [11])
        #expect(generator.pollTimeout() == now + .milliseconds(60))
        #expect(requests(after: 59) == [])
        #expect(requests(after: 1) == [11])
        generator.retryInterval = .milliseconds(200)
        #expect(requests(after: 60) == [11])
        #expect(requests(after: 199) == [])
        #expect(requests(after: 1) == [11])
    }

    @Test mutating func aTinyRoundTripDoesNotUseUpTheTries() {
        generator.retryInterval = .zero
        receive(10, 12)
        #expect(requests(after: 5) == [11])
        #expect(requests(after: 19) == [])
        #expect(requests(after: 1) == [11])
    }

    @Test mutating func afterTenTriesAKeyFrameIsNeeded() {
        receive(10, 12)
        #expect(requests(after: 5) == [11])
        for _ in 0..<9 { #expect(requests(after: 100) == [11]) }
        #expect(!generator.needsKeyFrame)
        #expect(requests(after: 99) == [])
        #expect(!generator.needsKeyFrame)
        #expect(requests(after: 1) == [])
        #expect(generator.needsKeyFrame)
        #expect(generator.pollTimeout() == nil)
        // The packet that was given up on is of no interest any more; later ones are.
        generator.needsKeyFrame = false
        receive(11, 13, 15)
        #expect(generator.recovered == 0)
        #expect(requests(after: 5) == [14])
    }

    @Test mutating func aLargeGapIsAKeyFramesBusiness() {
        receive(0, 257)
        #expect(!generator.needsKeyFrame)
        #expect(requests(after: 5).count == 256)
        receive(258, 260)
        #expect(generator.needsKeyFrame)
        #expect(generator.pollTimeout() == nil)
        #expect(requests(after: 1_000) == [])
        // It goes on from there.
        receive(262)
        #expect(requests(after: 5) == [261])
    }

    @Test mutating func aKeyFrameEndsWhatWasLostBeforeIt() {
        receive(10, 12)
        receive(15, isKeyFrame: true)
        #expect(requests(after: 5) == [])
        receive(17)
        #expect(requests(after: 5) == [16])
        // A key frame that comes late leaves what was lost after it.
        receive(20)
        receive(18, isKeyFrame: true)
        #expect(requests(after: 5) == [19])
    }

    @Test mutating func aKeyFrameBeyondALargeGapNeedsNoOther() {
        receive(0)
        receive(20_000, isKeyFrame: true)
        #expect(!generator.needsKeyFrame)
        receive(20_500)
        #expect(generator.needsKeyFrame)
        receive(20_501, isKeyFrame: true)
        #expect(!generator.needsKeyFrame)
    }

    @Test mutating func aRestartForgetsTheStream() {
        receive(10, 20)
        generator.reset()
        #expect(generator.pollTimeout() == nil)
        receive(40_000, 40_002)
        #expect(requests(after: 5) == [40_001])
    }

    /// One packet in twelve is lost, one in eight of the retransmissions too; every packet arrives in the
    /// end.
    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    mutating func aLossyStreamIsRepaired(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        generator.retryInterval = .milliseconds(50)
        var missing: Set<UInt16> = []
        var answers: [(UInt16, at: Instant)] = []
        var number: UInt16 = 65_000
        receive(number)
        for _ in 0..<2_000 {
            number &+= 1
            if Int.random(in: 0..<12, using: &random) == 0 { missing.insert(number) } else { receive(number) }
            for answer in answers where answer.at <= now {
                receive(answer.0)
                missing.remove(answer.0)
            }
            answers.removeAll { $0.at <= now }
            for lost in requests(after: 4) {
                #expect(missing.contains(lost) || answers.contains { $0.0 == lost })
                if Int.random(in: 0..<8, using: &random) != 0 {
                    answers.append((lost, now + .milliseconds(40)))
                }
            }
        }
        #expect(!generator.needsKeyFrame)
        #expect(missing.count < 60)
        #expect(generator.recovered > 100)
    }
}
