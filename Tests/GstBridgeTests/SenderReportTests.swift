import GstBridge
import Testing

@Suite struct SenderReportTests {
    @Test func writesAReportAndACNAME() {
        let report = SenderReport(
            ssrc: 0x0102_0304,
            wallClock: 1_500_000_000,
            rtpTimestamp: 0x0a0b_0c0d,
            packetCount: 5,
            octetCount: 6
        )
        #expect(
            report.bytes
                == words([
                    0x80c8_0006, 0x0102_0304, 2_208_988_801, 0x8000_0000, 0x0a0b_0c0d, 5, 6,
                    0x81ca_0003, 0x0102_0304, 0x0104_6465, 0x736b_0000,
                ])
        )
    }
}
