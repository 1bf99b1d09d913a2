import Appliance
import Foundation
import Testing
import Wire

/// Names that read as what they are, wherever they stand.
@Suite struct DisplayNameTests {
    @Test(arguments: [
        ("Ada", "Ada"), ("  Ada \t\n Lovelace ", "Ada Lovelace"), ("Ada\u{a0}\u{3000}L", "Ada L"),
        ("Zoë", "Zo\u{eb}"), ("Zoe\u{308}", "Zo\u{eb}"), ("Nguyễn Văn Bảo", "Nguyễn Văn Bảo"),
        ("שָׁלוֹם", "שָׁלוֹם"), ("محمد", "محمد"), ("علی\u{200c}رضا", "علی\u{200c}رضا"), ("佐藤", "佐藤"),
        ("Ada 👩🏽\u{200d}🚀", "Ada 👩🏽\u{200d}🚀"), ("❤\u{fe0f}", "❤\u{fe0f}"), ("น้ำ", "น้ำ"),
        ("O’Neil-2", "O’Neil-2"),
        ("क\u{94d}\u{200d}ष", "क\u{94d}\u{200d}ष"),
    ])
    func aNameOfAnyScriptIsTaken(_ typed: String, _ shown: String) throws {
        let name = try DisplayName(parsing: typed)
        #expect(Array(name.text.unicodeScalars) == Array(shown.precomposed.unicodeScalars))
        // What is taken stays what it is.
        #expect(try DisplayName(parsing: name.text) == name)
    }

    @Test(arguments: [
        // Overrides, embeddings and isolates; marks of direction; zero widths; joiners where nothing joins.
        "\u{202e}adA", "A\u{202a}da", "A\u{202d}da", "Ada\u{202c}", "\u{2066}Ada", "\u{2067}Ada",
        "Ada\u{2069}",
        "A\u{200e}da", "A\u{200f}da", "A\u{61c}da", "A\u{200b}da", "A\u{2060}da", "\u{feff}Ada",
        "A\u{200d}da",
        "Ada\u{200c}",
        // Fillers, a soft hyphen, empty braille, tags, variations of letters, private use, controls.
        "\u{3164}", "\u{115f}", "\u{ffa0}", "A\u{ad}da", "\u{2800}", "Ada\u{e0041}", "A\u{fe0f}",
        "A\u{e0100}",
        "A\u{e000}", "A\u{f0000}", "A\u{7}da", "A\u{1b}[31m", "A\u{85}\u{9b}", "A\u{fffe}", "A\u{fff9}",
        "\u{34f}",
    ])
    func whatCannotBeSeenOrTurnsTextAroundIsRefused(_ typed: String) {
        #expect(throws: UnusableName.hidden) { try DisplayName(parsing: typed) }
    }

    @Test(arguments: ["", " ", "\u{a0}\u{2003}\n", "\u{2028}"]) func aNameHasSomethingToSee(_ typed: String) {
        #expect(throws: UnusableName.empty) { try DisplayName(parsing: typed) }
    }

    @Test func marksAreBoundedAndNeedALetter() {
        #expect(throws: Never.self) { try DisplayName(parsing: "x\u{301}\u{302}\u{303}") }
        #expect(throws: UnusableName.marks) { try DisplayName(parsing: "x\u{301}\u{302}\u{303}\u{304}") }
        #expect(throws: UnusableName.marks) { try DisplayName(parsing: "\u{301}Ada") }
        #expect(throws: UnusableName.marks) { try DisplayName(parsing: "Ada \u{301}L") }
        #expect(throws: UnusableName.marks) { try DisplayName(parsing: "Ada \u{20dd}") }
    }

    @Test func theLengthIsBoundedInCharactersAndInBytes() {
        #expect(throws: Never.self) { try DisplayName(parsing: String(repeating: "x", count: 64)) }
        #expect(throws: UnusableName.tooLong) { try DisplayName(parsing: String(repeating: "x", count: 65)) }
        let family = "👨\u{200d}👩\u{200d}👧\u{200d}👦"
        #expect(throws: Never.self) { try DisplayName(parsing: String(repeating: family, count: 10)) }
        #expect(throws: UnusableName.tooLong) {
            try DisplayName(parsing: String(repeating: family, count: 64))
        }
    }

    /// Whatever is typed, a name that is taken holds nothing that acts on its surroundings.
    @Test func noTextBringsAnythingHiddenIn() {
        var random = SplitMix64(seed: 5)
        let hidden = [
            0x202e, 0x2066, 0x200b, 0x200d, 0xfe0f, 0xe0041, 0x3164, 0x301, 0x1b, 0x20, 0x61, 0x5d0, 0x1f469,
        ]
        .compactMap { Unicode.Scalar(UInt32($0)) }
        var taken = 0
        for _ in 0..<5_000 {
            let scalars = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                hidden[Int.random(in: hidden.indices, using: &random)]
            }
            guard let name = try? DisplayName(parsing: String(String.UnicodeScalarView(scalars))) else {
                continue
            }
            taken += 1
            #expect(!name.text.isEmpty && name.text.count <= 64)
            for scalar in name.text.unicodeScalars {
                #expect(![0x202e, 0x2066, 0x200b, 0xe0041, 0x3164, 0x1b].contains(scalar.value))
            }
        }
        #expect(taken > 100)
    }
}

@Suite struct ChatTextTests {
    @Test(arguments: [
        ("Hello\n\tAda", "Hello\n\tAda"), ("a\u{202e}b\u{2066}c\u{2069}\u{202c}", "abc"),
        ("a\u{200b}\u{7}\u{e0041}\u{feff}b\r", "ab"), ("שלום\u{200f}!", "שלום\u{200f}!"),
        ("👩\u{200d}🚀", "👩\u{200d}🚀"),
        ("x\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}", "x\u{301}\u{301}\u{301}\u{301}"),
        ("Zoe\u{308}", "Zo\u{eb}"), ("\u{301}x", "x"), ("a\u{2028}b", "ab"),
    ])
    func whatTurnsTextAroundOrCannotBeSeenIsLeftOut(_ sent: String, _ shown: String) throws {
        let text = try ChatText(parsing: Array(sent.utf8))
        #expect(Array(text.text.unicodeScalars) == Array(shown.precomposed.unicodeScalars))
    }

    @Test func whatIsNotPassedOnIsRefusedInWords() {
        #expect(throws: UnusableText.empty) { try ChatText(parsing: Array("\u{202e} \u{200b}".utf8)) }
        #expect(throws: UnusableText.empty) { try ChatText(parsing: []) }
        #expect(throws: UnusableText.unreadable) { try ChatText(parsing: [0xff, 0x61]) }
        #expect(throws: UnusableText.tooLong) {
            try ChatText(parsing: [UInt8](repeating: 0x61, count: 4_097))
        }
        #expect(throws: Never.self) { try ChatText(parsing: [UInt8](repeating: 0x61, count: 4_096)) }
    }
}

extension String {
    /// In normal form C, as the literals of these tests need not be.
    fileprivate var precomposed: String { precomposedStringWithCanonicalMapping }
}
