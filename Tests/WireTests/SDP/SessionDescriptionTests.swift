import Testing
import Wire

@Suite struct SessionDescriptionTests {
    static let offer = """
        v=0\r
        o=- 1 2 IN IP4 127.0.0.1\r
        s=-\r
        t=0 0\r
        a=group:BUNDLE 0\r
        a=ice-lite\r
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r
        c=IN IP4 0.0.0.0\r
        a=mid:0\r
        a=setup:actpass\r

        """

    @Test func aDescriptionIsReadAndWrittenBackUnchanged() throws {
        let description = try SessionDescription(parsing: Self.offer)
        #expect(description.origin == "- 1 2 IN IP4 127.0.0.1")
        #expect(description.attributes.first("group") == "BUNDLE 0")
        #expect(description.attributes.has("ice-lite"))
        #expect(description.media.map(\.formats) == [["webrtc-datachannel"]])
        #expect(description.media.first?.attributes.first("setup") == "actpass")
        #expect(description.text == Self.offer)
    }

    @Test func bareLineFeedsAreAccepted() throws {
        let bare = Self.offer.replacing("\r\n", with: "\n")
        #expect(try SessionDescription(parsing: bare).text == Self.offer)
    }

    @Test(arguments: [
        ("", SDPParseError.malformedLine(1)),
        ("v=1\no=- 1 1 IN IP4 0\n", .malformedLine(1)),
        ("v=0\ns=-\n", .missingOrigin),
        ("v=0\no=x\nm=video 70000 RTP 96\n", .malformedLine(3)),
        ("v=0\no=x\nm=video 9 RTP\n", .malformedLine(3)),
        ("v=0\no=x\na=\n", .malformedLine(3)),
        ("v=0\no=x\nnonsense\n", .malformedLine(3)),
    ])
    func whatIsNotADescriptionIsRefused(text: String, error: SDPParseError) {
        #expect(throws: error) { try SessionDescription(parsing: text) }
    }

    @Test func tooManySectionsAreRefused() {
        let text =
            "v=0\no=x\n"
            + String(repeating: "m=video 9 RTP 96\n", count: SessionDescription.maximumMediaCount + 1)
        #expect(throws: SDPParseError.tooLong) { try SessionDescription(parsing: text) }
        #expect(throws: SDPParseError.tooLong) {
            try SessionDescription(
                parsing: "v=0\n" + String(repeating: "x", count: SessionDescription.maximumLength)
            )
        }
    }

    @Test func everyTruncationAndArbitraryBytesEndInAValueOrAnError() {
        let bytes = Array(Self.offer.utf8)
        for count in 0..<bytes.count {
            _ = try? SessionDescription(parsing: String(decoding: bytes[..<count], as: UTF8.self))
        }
        var state: UInt64 = 7
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0..<8 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                mutated[Int(state >> 33) % mutated.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            let text = String(decoding: mutated, as: UTF8.self)
            if let description = try? SessionDescription(parsing: text) {
                #expect((try? SessionDescription(parsing: description.text)) == description)
            }
        }
    }
}
