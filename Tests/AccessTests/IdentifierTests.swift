import Access
import Testing

@Suite struct IdentifierTests {
    @Test func visibleCharactersOfASCIIAreTaken() {
        #expect(Identifier("client-17@clinic.example")?.text == "client-17@clinic.example")
        #expect(Identifier(String(repeating: "x", count: 128)) != nil)
        for text in ["", "two words", "line\n", "Zoë", "\u{7f}", "\u{0}", String(repeating: "x", count: 129)]
        {
            #expect(Identifier(text) == nil)
        }
    }

    @Test func randomOnesAreShortAndDiffer() {
        let some = (0..<100).map { _ in Identifier.random() }
        #expect(Set(some).count == 100)
        #expect(some.allSatisfy { Identifier($0.text) == $0 && $0.text.utf8.count == 22 })
    }
}
