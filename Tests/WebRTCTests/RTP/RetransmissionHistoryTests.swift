import Testing
import WebRTC
import Wire

@Suite struct RetransmissionHistoryTests {
    private var history = RetransmissionHistory()
    private let start = Instant(nanoseconds: 0)

    private mutating func allows(
        _ sequence: UInt16,
        roundTrip: Interval,
        after milliseconds: Int64 = 0
    ) -> Bool {
        history.allows(sequence, roundTrip: roundTrip, now: start + .milliseconds(milliseconds))
    }

    @Test mutating func aPacketIsSentAgainOnceARoundTrip() {
        let roundTrip = Interval.milliseconds(80)
        #expect(allows(7, roundTrip: roundTrip))
        #expect(!allows(7, roundTrip: roundTrip))
        #expect(!allows(7, roundTrip: roundTrip, after: 79))
        #expect(allows(7, roundTrip: roundTrip, after: 80))
        #expect(!allows(7, roundTrip: roundTrip, after: 81))
        #expect(allows(8, roundTrip: roundTrip, after: 81))
    }

    @Test mutating func numberZeroIsNotTakenForOneAlreadySent() {
        #expect(allows(0, roundTrip: .seconds(30)))
        #expect(!allows(0, roundTrip: .seconds(30)))
    }

    @Test mutating func aPacketIsNotTakenForAnotherFarFromIt() {
        #expect(allows(7, roundTrip: .seconds(1)))
        #expect(allows(7 + 128, roundTrip: .seconds(1)))
        #expect(allows(7 + 4_096, roundTrip: .seconds(1)))
    }

    @Test mutating func withoutARoundTripEveryRequestIsAnswered() {
        #expect(allows(7, roundTrip: .zero))
        #expect(allows(7, roundTrip: .zero))
    }

    @Test(arguments: [10, 100, 500])
    mutating func manyRequestsAtOnceAreRemembered(count: Int) {
        let numbers = (0..<count).map { UInt16(truncatingIfNeeded: 65_480 + $0) }
        for number in numbers { #expect(allows(number, roundTrip: .seconds(1))) }
        for number in numbers { #expect(!allows(number, roundTrip: .seconds(1))) }
    }
}
