import Testing
import Wire

@Suite struct EntityTagsTests {
    @Test(arguments: [
        ("*", EntityTags.any), (" * ", .any), (#""a""#, .these(["a"])), ("\"\"", .these([""])),
        (#""a", "b:0:1""#, .these(["a", "b:0:1"])), (#"W/"a""#, .these([])),
        (#" "a" ,W/"b","c" "#, .these(["a", "c"])),
    ])
    func goodOnesAreRead(_ text: String, _ tags: EntityTags) {
        #expect(EntityTags(parsing: text) == tags)
    }

    @Test(arguments: [
        "", " ", "a", "\"", #""a"#, #"a""#, #""a" "b""#, #""a","#, #",""#, "**", #"w/"a""#, "W/a", "\"a\nb\"",
        #""a b""#,
    ])
    func whatFollowsNoGrammarIsNone(_ text: String) {
        #expect(EntityTags(parsing: text) == nil)
    }

    @Test func aWeakTagMatchesNothingAndAnyMatchesEverything() {
        #expect(EntityTags(parsing: #"W/"a""#)?.match("a") == false)
        #expect(EntityTags(parsing: #""b", "a""#)?.match("a") == true)
        #expect(EntityTags(parsing: "*")?.match("a") == true)
    }

    @Test func thereIsABound() {
        let many = Array(repeating: #""a""#, count: EntityTags.maximumCount + 1).joined(separator: ",")
        #expect(EntityTags(parsing: many) == nil)
        let long = "\"" + String(repeating: "a", count: EntityTags.maximumLength) + "\""
        #expect(EntityTags(parsing: long) == nil)
    }

    @Test func everyTruncationIsReadOrRefused() {
        let text = #"W/"one", "two", "three""#
        for length in 0..<text.utf8.count {
            let tags = EntityTags(parsing: String(text.prefix(length)))
            #expect(tags == nil || tags == .these([]) || tags == .these(["two"]), "\(length)")
        }
    }

    @Test func arbitraryBytesAreReadOrRefused() {
        var random = SplitMix64(seed: 9_725)
        let letters = Array("\"*W/, ab\u{e9}\t\r".utf8)
        for _ in 0..<20_000 {
            let count = Int(random.next() % 24)
            let bytes = (0..<count).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
            if case .these(let tags)? = EntityTags(parsing: String(decoding: bytes, as: UTF8.self)) {
                #expect(tags.allSatisfy { !$0.contains("\"") && !$0.contains(" ") })
            }
        }
    }
}
