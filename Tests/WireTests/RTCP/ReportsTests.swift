import TestSupport
import Testing
import Wire

/// Sender reports, receiver reports and their blocks (RFC 3550 §6.4).
@Suite struct ReportsTests {
    static let block = ReportBlock(
        ssrc: 0x0102_0304,
        fractionLost: 0x7f,
        cumulativeLost: -2,
        highestSequence: 0x0001_fffe,
        jitter: 0x1122_3344,
        lastSenderReport: 0xb705_2000,
        delaySinceLastSenderReport: 0x0005_4000
    )
    static let report = SenderReport(
        ssrc: 0xa1b2_c3d4,
        ntpTime: NTPTime(rawValue: 0xb44d_b705_2000_0000),
        rtpTimestamp: 0xdead_beef,
        packetCount: 7,
        octetCount: 0xffff_ffff
    )

    private static func element(_ bytes: [UInt8]) throws -> RTCPPackets.Element {
        var packets = RTCPPackets()
        let next = try packets.next(in: bytes.span.bytes)
        return try #require(next)
    }

    @Test func aReceiverReportIsWrittenAsTheRFCDrawsIt() throws {
        let bytes = written { Self.block.writeReceiverReport(from: 9, into: &$0) }
        #expect(
            bytes
                == [UInt8](
                    hex: "81c90007 00000009 01020304 7ffffffe 0001fffe 11223344 b7052000 00054000"
                )
        )
        #expect(try Self.element(bytes).count == 1)
        #expect(try ReportBlock(at: 8, in: bytes.span.bytes) == Self.block)
    }

    @Test(
        arguments: [
            (0, 0), (1, 1), (-1, -1), (0x7f_ffff, 0x7f_ffff), (-0x80_0000, -0x80_0000),
            (0x80_0000, 0x7f_ffff),
            (.max, 0x7f_ffff), (.min, -0x80_0000),
        ] as [(Int32, Int32)]
    )
    func theSumOfLossesHas24Bits(lost: Int32, read: Int32) throws {
        var block = Self.block
        block.cumulativeLost = lost
        let bytes = written { block.writeReceiverReport(from: 9, into: &$0) }
        #expect(try ReportBlock(at: 8, in: bytes.span.bytes).cumulativeLost == read)
        #expect(try ReportBlock(at: 8, in: bytes.span.bytes).fractionLost == 0x7f)
    }

    @Test func aBlockThatIsCutShortIsRefused() {
        let bytes = written { Self.block.writeReceiverReport(from: 9, into: &$0) }
        for count in 0..<32 {
            let cut = Array(bytes[..<count])
            #expect(throws: RTCPParseError()) { try ReportBlock(at: 8, in: cut.span.bytes) }
        }
        for offset in [-1, 9, 32, .max - 24] {
            #expect(throws: RTCPParseError()) { try ReportBlock(at: offset, in: bytes.span.bytes) }
        }
    }

    @Test func anEmptyReceiverReportIsWritten() {
        #expect(
            written { ReportBlock.writeEmptyReceiverReport(from: 9, into: &$0) }
                == [UInt8](hex: "80c90001 00000009")
        )
    }

    @Test func aSenderReportIsWrittenAsTheRFCDrawsItAndReadBack() throws {
        let bytes = written { Self.report.write(into: &$0) }
        #expect(bytes == [UInt8](hex: "80c80006 a1b2c3d4 b44db705 20000000 deadbeef 00000007 ffffffff"))
        #expect(try SenderReport(Self.element(bytes).body, in: bytes.span.bytes) == Self.report)
    }

    @Test func aSenderReportWithABodyTooShortIsRefused() throws {
        let bytes = written { Self.report.write(into: &$0) }
        for count in 0..<24 {
            #expect(throws: RTCPParseError()) { try SenderReport(4..<(4 + count), in: bytes.span.bytes) }
        }
    }

    @Test func theBlocksOfAReportAreBounded() throws {
        // A report that claims two blocks and has one, followed by a packet that could be taken for the
        // second.
        var bytes = written { Self.block.writeReceiverReport(from: 9, into: &$0) }
        bytes[0] = 0x82
        bytes += written { Self.block.writeReceiverReport(from: 9, into: &$0) }
        let element = try Self.element(bytes)
        #expect(throws: RTCPParseError()) { try ReportBlock.forEach(element, in: bytes.span.bytes) { _ in } }

        bytes[0] = 0x81
        var blocks: [ReportBlock] = []
        try ReportBlock.forEach(Self.element(bytes), in: bytes.span.bytes) { blocks.append($0) }
        #expect(blocks == [Self.block])
    }

    @Test func theBlocksOfASenderReportFollowTheSendersPart() throws {
        var bytes = written { Self.report.write(into: &$0) }
        bytes[0] = 0x81
        bytes[3] = 12
        bytes += written { Self.block.writeReceiverReport(from: 9, into: &$0) }[8...]
        var blocks: [ReportBlock] = []
        try ReportBlock.forEach(Self.element(bytes), in: bytes.span.bytes) { blocks.append($0) }
        #expect(blocks == [Self.block])
    }

    @Test(
        arguments: [
            (0, 0x83aa_7e80_0000_0000),
            (1_500_000_000, 0x83aa_7e81_8000_0000),
            (2_085_978_496_000_000_000, 0),  // 2036: the era ends
        ] as [(Int64, UInt64)]
    )
    func theWallClockBeginsIn1900(nanoseconds: Int64, rawValue: UInt64) {
        #expect(NTPTime(unixNanoseconds: nanoseconds).rawValue == rawValue)
    }

    @Test func theMiddleIsWhatReportsRefer() {
        #expect(Self.report.ntpTime.middle == 0xb705_2000)
    }
}
