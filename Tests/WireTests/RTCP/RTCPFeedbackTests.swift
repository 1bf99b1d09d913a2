import TestSupport
import Testing
import Wire

@Suite struct RTCPFeedbackTests {
    private static func feedback(_ bytes: [UInt8]) throws -> RTCPFeedback {
        var packets = RTCPPackets()
        let next = try packets.next(in: bytes.span.bytes)
        return try RTCPFeedback(try #require(next), in: bytes.span.bytes)
    }

    @Test func aPictureLossIndicationIsWrittenAsTheRFCDrawsIt() throws {
        let bytes = written { PictureLossIndication.write(from: 1, about: 2, into: &$0) }
        #expect(bytes == [UInt8](hex: "81ce0002 00000001 00000002"))
        let feedback = try Self.feedback(bytes)
        #expect(feedback.sender == 1)
        #expect(feedback.media == 2)
        #expect(feedback.control.isEmpty)
    }

    @Test(arguments: ["81ce0000", "81ce0001 00000001", "81ce0000 00000001 00000002"])
    func aMessageWithoutItsTwoSourcesIsRefused(hex: String) {
        #expect(throws: RTCPParseError()) { try Self.feedback([UInt8](hex: hex)) }
    }

    // MARK: Full intra request, RFC 5104 §4.3.1

    private static func requests(_ bytes: [UInt8]) throws -> [String] {
        var requests: [String] = []
        try FullIntraRequest.forEachSource(feedback(bytes), in: bytes.span.bytes) {
            requests.append("\($0) \($1)")
        }
        return requests
    }

    @Test func aFullIntraRequestIsWrittenAndReadBack() throws {
        let bytes = written { FullIntraRequest.write(0xfe, from: 1, about: 2, into: &$0) }
        #expect(bytes == [UInt8](hex: "84ce0004 00000001 00000000 00000002 fe000000"))
        #expect(try Self.requests(bytes) == ["2 254"])
        #expect(
            try Self.requests([UInt8](hex: "84ce0006 00000001 00000000 00000002 01000000 00000003 02000000"))
                == ["2 1", "3 2"]
        )
    }

    @Test(arguments: [
        "84ce0002 00000001 00000000",
        "84ce0003 00000001 00000000 00000002",
        "84ce0003 00000001 00000000 00000002 80c90000",  // the next packet is not part of the item
    ])
    func aFullIntraRequestWithoutWholeItemsIsRefused(hex: String) {
        #expect(throws: RTCPParseError()) { try Self.requests([UInt8](hex: hex)) }
    }

    // MARK: Receiver estimated maximum bitrate

    private static func bitrate(_ bytes: [UInt8]) throws -> UInt64? {
        ReceiverEstimatedMaximumBitrate(try feedback(bytes), in: bytes.span.bytes)?.bitrate
    }

    @Test func aBitrateIsWrittenAsTheDraftDrawsIt() {
        let bytes = written {
            ReceiverEstimatedMaximumBitrate(bitrate: 1_000_000).write(from: 1, about: 2, into: &$0)
        }
        // 1 000 000 = 250 000 · 2^2
        #expect(bytes == [UInt8](hex: "8fce0005 00000001 00000000 52454d42 010bd090 00000002"))
    }

    @Test(
        arguments: [
            (0, 0), (1, 1), (0x3_ffff, 0x3_ffff), (0x4_0000, 0x4_0000), (0x4_0001, 0x4_0000),
            (5_000_001, 4_999_968 + 32),
            (UInt64(Int64.max), 0x7fff_e000_0000_0000),
        ] as [(UInt64, UInt64)]
    )
    func aBitrateHas18SignificantBits(bitrate: UInt64, read: UInt64) throws {
        let bytes = written {
            ReceiverEstimatedMaximumBitrate(bitrate: bitrate).write(from: 1, about: 2, into: &$0)
        }
        #expect(try Self.bitrate(bytes) == read)
    }

    @Test(
        arguments: [
            ("8fce0005 00000001 00000000 52454d42 01ffffff 00000002", nil),  // more than 64 bits
            ("8fce0005 00000001 00000000 52454d42 01bbffff 00000002", nil),  // more than 63
            ("8fce0005 00000001 00000000 52454d42 01fc0000 00000002", 0),
            ("8fce0005 00000001 00000000 52454d43 010bd090 00000002", nil),  // something else
            ("8fce0005 00000001 00000000 52454d42 020bd090 00000002", nil),  // one source is missing
            ("8fce0004 00000001 00000000 52454d42 000bd090", 1_000_000),
            ("8fce0003 00000001 00000000 52454d42", nil),
            ("8fce0002 00000001 00000000", nil),
        ] as [(String, UInt64?)]
    )
    func aBitrateIsReadOnlyFromAWholeMessage(hex: String, bitrate: UInt64?) throws {
        #expect(try Self.bitrate([UInt8](hex: hex)) == bitrate)
    }
}
