import Testing
import Wire

@Suite struct TrickleFragmentTests {
    /// RFC 9725 §4.3.2, as a client sends it.
    private let restart = """
        a=ice-options:trickle ice2\r
        a=group:BUNDLE 0 1\r
        m=audio 9 UDP/TLS/RTP/SAVPF 111\r
        a=mid:0\r
        a=ice-ufrag:ysXw\r
        a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r
        a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0 ufrag ysXw network-id 1\r
        a=candidate:3471623853 1 udp 2122194687 198.51.100.2 61765 typ host generation 0 ufrag ysXw network-id 2\r
        a=end-of-candidates\r

        """

    @Test func aRestartIsRead() throws {
        let fragment = try TrickleFragment(parsing: restart)
        #expect(fragment.usernameFragment == "ysXw")
        #expect(fragment.password == "vw5LmwG4y/e6dPP/zAP9Gp5k")
        #expect(fragment.mids == ["0"])
        #expect(fragment.candidates.count == 2)
        #expect(fragment.candidates[0].hasPrefix("1387637174 1 udp"))
        #expect(fragment.isComplete && !fragment.isICELite)
    }

    @Test func bareLineFeedsAndUnknownLinesAreTaken() throws {
        let fragment = try TrickleFragment(
            parsing: "a=x-more:1\na=mid:a\nm=video 9 RTP/AVP 0\na=mid:b\na=mid:a\n"
        )
        #expect(fragment == TrickleFragment(mids: ["a", "b"]))
        #expect(try TrickleFragment(parsing: "") == TrickleFragment())
    }

    @Test func onePairIsWrittenOfHoweverManySections() throws {
        let twice =
            restart + "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=ice-ufrag:ysXw\r\n"
            + "a=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n"
        var fragment = try TrickleFragment(parsing: twice)
        fragment.isICELite = true
        let text = fragment.text
        #expect(text.components(of: "a=ice-ufrag:") == 1 && text.components(of: "a=ice-pwd:") == 1)
        #expect(text.hasPrefix("a=ice-lite\r\na=group:BUNDLE 0 1\r\nm=audio 9 "))
        #expect(text.hasSuffix("a=end-of-candidates\r\n"))
        #expect(try TrickleFragment(parsing: text).candidates == fragment.candidates)
    }

    @Test(arguments: [
        ("v=0\r\n", "line 1"), ("a=mid:0\r\nhello\r\n", "line 2"), ("a=ice-ufrag:abcd\r\n", "together"),
        ("a=ice-ufrag:abc\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n", "credentials"),
        ("a=ice-ufrag:abcd\r\na=ice-pwd:short\r\n", "credentials"),
        ("a=ice-ufrag:ab cd\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n", "credentials"),
        (
            "a=ice-ufrag:abcd\r\na=ice-ufrag:efgh\r\na=ice-pwd:vw5LmwG4y/e6dPP/zAP9Gp5k\r\n",
            "more than one pair"
        ),
    ])
    func mistakesAreRefusedInWords(_ text: String, _ words: String) {
        do {
            _ = try TrickleFragment(parsing: text)
            Issue.record("it was read: \(text)")
        } catch {
            #expect(error.description.contains(words))
        }
    }

    @Test func thereIsABound() {
        let long = String(repeating: "a=x\r\n", count: TrickleFragment.maximumLength / 5 + 1)
        #expect(throws: TrickleFragment.ParseError.self) { try TrickleFragment(parsing: long) }
        let many = String(repeating: "a=candidate:1\n", count: TrickleFragment.maximumCandidates + 1)
        #expect(throws: TrickleFragment.ParseError.self) { try TrickleFragment(parsing: many) }
    }

    @Test func everyTruncationIsReadOrRefused() {
        for length in 0..<restart.utf8.count {
            guard let text = String(validating: restart.utf8.prefix(length), as: UTF8.self),
                let fragment = try? TrickleFragment(parsing: text)
            else { continue }
            #expect((fragment.usernameFragment == nil) == (fragment.password == nil))
        }
    }

    @Test func arbitraryBytesAreReadOrRefused() {
        var random = SplitMix64(seed: 8_840)
        for _ in 0..<5_000 {
            var bytes = Array(restart.utf8)
            for _ in 0..<4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let text = String(decoding: bytes, as: UTF8.self)
            guard let fragment = try? TrickleFragment(parsing: text) else { continue }
            #expect(fragment.candidates.count <= 2)
        }
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int {
        split(separator: text, omittingEmptySubsequences: false).count - 1
    }
}
