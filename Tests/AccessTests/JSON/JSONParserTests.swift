import Access
import TestSupport
import Testing
import Wire

@Suite struct JSONParserTests {
    @Test func everyKindOfValueIsRead() throws {
        let object = try parse(
            #" { "a" : [1, -0, 1.5, 1e2, true, false, null, {}, []] , "b":"é\u00e9\ud83d\ude00\n\/\"\\" } "#
        )
        #expect(
            object["a"]
                == .array([
                    .integer(1), .integer(0), .number(1.5), .number(100), .bool(true), .bool(false), .null,
                    .object(JSONObject([:])), .array([]),
                ])
        )
        #expect(object["b"]?.text == "éé😀\n/\"\\")
        #expect(object["c"] == nil)
        #expect(try parse(#"{"n":9223372036854775807}"#)["n"]?.integer == .max)
        #expect(try parse(#"{"n":9223372036854775808}"#)["n"] == .number(9_223_372_036_854_775_808))
    }

    @Test(arguments: [
        "", " ", "{", "}", "[]", "1", "null", "{}{}", "{},", "{} x", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#,
        #"{,}"#,
        #"{a:1}"#, #"{'a':1}"#, #"{"a":01}"#, #"{"a":.5}"#, #"{"a":5.}"#, #"{"a":+1}"#, #"{"a":1e}"#,
        #"{"a":-}"#,
        #"{"a":1e999}"#, #"{"a":NaN}"#, #"{"a":tru}"#, #"{"a":[1 2]}"#, #"{"a":[,1]}"#, #"{"a":[1,]}"#,
        #"{"a":"}"#,
        #"{"a":"\x"}"#, #"{"a":"\u12"}"#, #"{"a":"\ud83d"}"#, #"{"a":"\ude00"}"#, #"{"a":"\ud83dx"}"#,
        #"{"a":"\ud83d\u0041"}"#, "{\"a\":\"\n\"}", "{\"a\":1/**/}", "\u{feff}{}",
    ])
    func whatIsNotOneObjectIsRefused(_ text: String) {
        #expect(throws: JSONError.malformed) { try parse(text) }
    }

    /// One reader takes the first, another the last.
    @Test(arguments: [
        #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#, #"{"x":[{"a":1,"b":2,"a":3}]}"#,
    ])
    func aNameThatIsThereTwiceIsRefused(_ text: String) {
        #expect(throws: JSONError.duplicate) { try parse(text) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ levels: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: levels) + String(repeating: "]", count: levels) + "}"
        }
        _ = try parse(nested(15))
        #expect(throws: JSONError.tooDeep) { try parse(nested(16)) }
        #expect(throws: JSONError.tooDeep) {
            try parse(#"{"a":"# + String(repeating: "[", count: 100_000))
        }
    }

    @Test func bytesThatAreNotUTF8AreRefused() {
        for bytes: [UInt8] in [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]] {
            let text = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
            #expect(throws: JSONError.malformed) { try JSONObject(parsing: text) }
        }
    }

    @Test func whatIsWrittenIsReadTheSame() throws {
        let object = JSONObject([
            "text": .string("\u{0}\u{1f}\"\\/é😀\u{7f}"), "left out": nil,
            "list": .array([.null, .integer(.min)]),
            "inner": .object(JSONObject(["x": .bool(false)])), "half": .number(0.5),
        ])
        #expect(try JSONObject(parsing: object.bytes) == object)
        #expect(
            String(
                decoding: JSONObject([
                    "a": .string("\u{1}\u{1f}\n\""), "b": .array([.integer(1), .integer(2)]),
                ]).bytes,
                as: UTF8.self
            )
                == #"{"a":"\u0001\u001f\u000a\"","b":[1,2]}"#
        )
    }

    @Test func everyTruncationIsRefused() {
        let whole = Array(#"{"a":[1,2.5e-3,"xé\u00e9"],"b":{"c":null}}"#.utf8)
        for count in 0..<whole.count {
            #expect(throws: JSONError.malformed) { try JSONObject(parsing: Array(whole[..<count])) }
        }
    }

    @Test func arbitraryBytesAreReadOrRefused() {
        var numbers = SplitMix64(seed: 1)
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "a", "0", "-", ".", "e", "u00", " ", "true", "null",
            "é",
        ]
        for _ in 0..<20_000 {
            var bytes = numbers.bytes(upTo: 8)
            for _ in 0..<Int.random(in: 0...20, using: &numbers) {
                bytes += Array((pieces.randomElement(using: &numbers) ?? "").utf8)
            }
            guard let object = try? JSONObject(parsing: Array("{\"a\":".utf8) + bytes + [0x7d]) else {
                continue
            }
            #expect((try? JSONObject(parsing: object.bytes)) == object)
        }
    }

    private func parse(_ text: String) throws -> JSONObject { try JSONObject(parsing: Array(text.utf8)) }
}
