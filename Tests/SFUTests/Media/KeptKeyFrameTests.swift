import SFU
import Testing
import Wire

@Suite struct KeptKeyFrameTests {
    private let start = Instant(nanoseconds: 1_000_000_000)

    @Test func itBeginsWithItsEarliestPacketWhicheverCameFirst() {
        var keyFrame = KeptKeyFrame(header(10, at: 90), bytes: 0, now: start)
        #expect(keyFrame.handle(header(12, at: 90)) == .part)
        #expect(keyFrame.first == 10)
        #expect(keyFrame.handle(header(9, at: 90)) == .part)
        #expect(keyFrame.first == 9)
    }

    @Test func numbersMayWrapAroundWithinIt() {
        var keyFrame = KeptKeyFrame(header(0, at: 90), bytes: 0, now: start)
        #expect(keyFrame.handle(header(65_535, at: 90)) == .part)
        #expect(keyFrame.first == 65_535)
    }

    @Test func anotherOneIsLaterOrWasOvertaken() {
        var keyFrame = KeptKeyFrame(header(10, at: 90), bytes: 0, now: start)
        #expect(keyFrame.handle(header(20, at: 180)) == .later)
        #expect(keyFrame.handle(header(2, at: 30)) == .earlier)
        #expect(keyFrame.first == 10)
    }

    @Test func itServesWhoeverComesSoonAndHasNotMissedMuch() {
        let keyFrame = KeptKeyFrame(header(10, at: 90), bytes: 1_000, now: start)
        #expect(keyFrame.isRecent(bytes: 1_000, now: start))
        #expect(keyFrame.isRecent(bytes: 500_000, now: start + .seconds(1)))
        #expect(!keyFrame.isRecent(bytes: 500_000, now: start + .seconds(2)))
        #expect(!keyFrame.isRecent(bytes: 1_000_000, now: start))
    }

    private func header(_ sequence: UInt16, at timestamp: UInt32) -> RTPHeader {
        RTPHeader(
            payloadType: 96,
            sequenceNumber: sequence,
            timestamp: timestamp,
            ssrc: 1,
            payloadLength: 100
        )
    }
}
