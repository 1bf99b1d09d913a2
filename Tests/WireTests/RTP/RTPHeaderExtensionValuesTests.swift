import Testing
import Wire

@Suite struct RTPHeaderExtensionValuesTests {
    @Test(
        arguments: [
            (0, 0),
            (500_000_000, 0x02_0000),  // half a second
            (1_000_000_000, 0x04_0000),
            (63_999_999_999, 0xff_ffff),
            (64_000_000_000, 0),
            (65_500_000_000, 0x06_0000),
            (31_536_000_000_000_000, 0),  // a year is a multiple of 64 s
        ] as [(Int64, UInt32)]
    )
    func theSendTimeIsASixBitSecondAndItsFraction(nanoseconds: Int64, rawValue: UInt32) {
        #expect(AbsoluteSendTime(Instant(nanoseconds: nanoseconds)).rawValue == rawValue)
    }

    @Test(
        arguments: [
            (0, 0, 0), (0, 100, 0x00_000a), (10, 20, 0x00_1002), (19, 29, 0x00_1002),
            (40_950, 40_950, 0xff_ffff),
            (50_000, -1, 0xff_f000),
        ] as [(Int, Int, UInt32)]
    )
    func thePlayoutDelayIsTwoTwelveBitNumbers(minimum: Int, maximum: Int, rawValue: UInt32) {
        #expect(PlayoutDelay(minimum: minimum, maximum: maximum).rawValue == rawValue)
    }

    @Test func theAudioLevelIsAFlagAndSevenBits() {
        #expect(AudioLevel(rawValue: 0xff).isVoice)
        #expect(AudioLevel(rawValue: 0xff).level == 127)
        #expect(!AudioLevel(rawValue: 0x05).isVoice)
        #expect(AudioLevel(rawValue: 0x05).level == 5)
    }
}
