import Access
import Testing

@Suite struct Base64URLTests {
    /// RFC 4648 §10 without padding, and RFC 7515 appendix C.
    @Test(
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6f], "Zm8"), ([0x66, 0x6f, 0x6f], "Zm9v"),
            ([3, 236, 255, 224, 193], "A-z_4ME"),
        ] as [([UInt8], String)]
    )
    func bytesHaveOneText(_ bytes: [UInt8], _ text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    /// Padding, the other alphabet, bits that stand for nothing, a character too many, and what is no character of it.
    @Test(arguments: ["Zg==", "Zg=", "A+z/4ME", "Zh", "Zm9", "Z", "Zm9vZ", "Zm 9v", "Zm9v\n", "Zm9ü", "="])
    func whatIsNotThatTextIsRefused(_ text: String) {
        #expect(Base64URL.decode(text) == nil)
    }
}
