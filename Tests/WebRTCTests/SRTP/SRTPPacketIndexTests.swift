import Testing
import WebRTC

@Suite struct SRTPPacketIndexTests {
    /// RFC 3711 §3.3.1 and appendix A.
    @Test(
        arguments: [
            // highest, sequence number, expected
            (0, 1, 1),
            (100, 90, 90),
            (0x8000, 0xffff, 0xffff),
            (0xffff, 0, 0x1_0000),
            (0xfff0, 0x7fef, 0x1_7fef),
            (0xfff0, 0x7ff0, 0x7ff0),
            (0x1_0000, 0xffff, 0xffff),
            (0x1_0010, 0x8011, 0x8011),
            (0x1_0010, 0x8010, 0x1_8010),
            (0x5_8000, 0, 0x5_0000),
            (0x5_8001, 0, 0x6_0000),
            // Before the first wrap nothing lies behind the start.
            (10, 0xffff, 0xffff),
        ] as [(UInt64, UInt16, UInt64)]
    )
    func theNearestIndexIsEstimated(highest: UInt64, sequence: UInt16, expected: UInt64) {
        #expect(SRTPPacketIndex(rawValue: highest).estimate(sequence)?.rawValue == expected)
    }

    @Test func theLastRoundIsNotFollowedByAnother() {
        let last = SRTPPacketIndex(rolloverCounter: .max, sequenceNumber: 0xffff)
        #expect(last.estimate(0) == nil)
        #expect(last.estimate(0xfffe)?.rolloverCounter == .max)
    }
}
