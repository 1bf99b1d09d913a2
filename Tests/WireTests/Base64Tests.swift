import Testing
import Wire

@Suite struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func theExamplesOfTheStandard(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(text) == Array(plain.utf8))
    }

    @Test func allBytesComeBack() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
        for count in 0..<64 {
            let some = Array(bytes.suffix(count))
            #expect(Base64.decode(Base64.encode(some)) == some)
        }
    }

    @Test(arguments: [
        "Z", "Zg", "Zg=", "Zg===", "=Zg=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm9v Zm9v", "Zm_v", "Zm9é",
        "Zh==",
        "Zm9=",
    ])
    func whatIsNoSuchTextIsRefused(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}
