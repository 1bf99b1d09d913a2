import TestSupport
import Testing
import Wire

@Suite struct OpusPayloadTests {
    /// RFC 6716 §3.1, table 2, and the four ways of having frames in a packet (§3.2).
    @Test(
        arguments: [
            ("00", 480), ("08", 960), ("10", 1_920), ("18", 2_880), ("58", 2_880), ("60", 480), ("68", 960),
            ("80", 120), ("88", 240), ("90", 480), ("98", 960), ("f8", 960), ("fc", 960), ("f9", 1_920),
            ("fa 00", 1_920), ("fb 06", 5_760), ("fb 83", 2_880), ("83 30", 5_760),
        ]
    )
    func theTableOfContentsSaysHowLongThePacketIs(_ hex: String, _ samples: Int) {
        #expect(OpusPayload.duration(of: [UInt8](hex: hex).span.bytes) == samples)
    }

    @Test(arguments: ["", "fb", "fb 00", "fb 07", "5b 03", "83 31"])
    func noFramesTooManyAndPacketsThatEndBeforeTheirCountAreRefused(_ hex: String) {
        #expect(OpusPayload.duration(of: [UInt8](hex: hex).span.bytes) == nil)
    }
}
