import RemoteControl
import Testing

@Suite struct EffectMessageTests {
    @Test func aPageIsToldWhatTookHowLong() {
        let effect = DeskEffect(
            lease: LeaseID(0x0102_0304),
            clientTime: 0x0506_0708,
            injected: 2_000_000,
            changed: 5_000_000,
            captured: 5_100_000,
            read: 9_000_000,
            sent: 14_000_999
        )
        let message = EffectMessage(effect, received: 1_000_000, rtpTimestamp: 0xa0b0_c0d0)
        let expected: [UInt8] = [
            0x54, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0xa0, 0xb0, 0xc0, 0xd0,
            0, 0, 0x03, 0xe8, 0, 0, 0x0b, 0xb8, 0, 0, 0x0f, 0xa0, 0, 0, 0x13, 0x88,
        ]
        #expect(message.encoded() == expected)
        #expect(expected.count == EffectMessage.encodedLength)
    }

    @Test func aTimeThatLiesBeforeAnotherOrIsTooLongStaysInRange() {
        let effect = DeskEffect(
            lease: LeaseID(1),
            clientTime: 1,
            injected: 5,
            changed: 5,
            captured: 5,
            read: 5,
            sent: 1 << 62
        )
        let message = EffectMessage(effect, received: 100, rtpTimestamp: 0)
        #expect(message.inject == 0)
        #expect(message.encode == .max)
    }
}
