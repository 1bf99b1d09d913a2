import Testing
import Wire

@Suite struct STUNMessageUsernameTests {
    @Test(arguments: [
        ("00060009 6576746a3a68367659000000", "evtj"),
        // After attributes that are not looked at.
        ("00240004 6e0001ff 80220003 61626300 00060003 613a6200", "a"),
        ("00060010 414243444546474849303132332b2f3a", "ABCDEFGHI0123+/"),
        // 16 bytes would be on the heap.
        ("00060011 414243444546474849303132332b2f413a000000", nil),
        // No ':', nothing before it, or not an ice-char before it.
        ("00060004 6576746a", nil),
        ("00060004 3a76746a", nil),
        ("00060004 65c33a6a", nil),
        ("00060004 65203a6a", nil),
        ("00060000", nil),
        ("", nil),
        // Cut off before and after the ':'.
        ("00060009 657674", nil),
        ("00060009 6576743a", "evt"),
    ])
    func theFragmentBeforeTheColonIsFound(attributes: String, fragment: String?) {
        let request = STUNSample.request(attributes: attributes)
        #expect(STUNSample.localUsernameFragment(of: request) == fragment)
    }

    @Test func whatIsNotSTUNNamesNobody() {
        var bytes = STUNSample.request
        #expect(STUNSample.localUsernameFragment(of: bytes) == "evtj")
        bytes[4] ^= 1
        #expect(STUNSample.localUsernameFragment(of: bytes) == nil)
    }

    @Test(arguments: [
        ("evtj", true), ("evt", false), ("evtjh", false), ("evtj:", false), ("", false), ("evtj:h6vY", false),
        ("h6vY", false),
    ])
    func aRequestIsForTheAgentThatItNamesFirst(fragment: String, expected: Bool) throws {
        let bytes = STUNSample.request
        let message = try STUNSample.parse(bytes)
        let isAddressed = message.isAddressed(to: fragment, in: bytes.span.bytes)
        #expect(isAddressed == expected)
    }
}
