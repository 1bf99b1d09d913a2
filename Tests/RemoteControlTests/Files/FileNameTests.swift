import RemoteControl
import TestSupport
import Testing
import Wire

@Suite struct FileNameTests {
    @Test(arguments: [
        ("worksheet.pdf", "worksheet.pdf"), ("Größe é 漢字 עברית.txt", "Größe é 漢字 עברית.txt"),
        ("👩‍👩‍👧.png", "👩‍👩‍👧.png"), ("archive.tar.gz", "archive.tar.gz"),
        // Paths.
        ("../../etc/passwd", "passwd"), ("/etc/passwd", "passwd"), ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a/", "a"), ("/", "file"), ("..", "file"), (".", "file"), ("", "file"), ("../", "file"),
        // What hides, or is an option.
        (".bashrc", "bashrc"), ("...a", "a"), ("-rf", "rf"), ("--help", "help"), (" . - x", "x"), ("~x", "x"),
        // Ends that other systems drop.
        ("a. . .", "a"), ("a ", "a"), ("a.txt...", "a.txt"),
        // What is not seen, turns text around or ends a line.
        ("a\0b", "ab"), ("a\nb\r\u{7f}\u{85}c", "abc"), ("gnp\u{202e}fdp.exe", "gnpfdp.exe"),
        ("a\u{2066}b\u{2069}\u{200b}\u{feff}\u{200e}", "ab"), ("a\u{2028}b\u{2029}", "ab"),
        ("a\u{00a0}b\u{3000}c", "a b c"), ("\u{00ad}", "file"), ("\u{e0001}\u{e0041}", "file"),
        // Devices.
        ("con", "_con"), ("CON.txt", "_CON.txt"), ("nul .txt", "_nul .txt"), ("Com1.log", "_Com1.log"),
        ("LPT\u{b9}", "_LPT\u{b9}"), ("COM10", "COM10"), ("console", "console"),
        ("aux.tar.gz", "_aux.tar.gz"),
        ("-con", "_con"), ("conin$", "_conin$"),
    ])
    func cleans(_ told: String, _ kept: String) {
        #expect(FileName(cleaning: told).text == kept)
    }

    @Test func keepsTheEndingOfANameThatIsTooLong() {
        let long = FileName(cleaning: String(repeating: "漢", count: 200) + ".pdf").text
        #expect(long.utf8.count <= 255)
        #expect(long.utf8.count > 250)
        #expect(long.hasSuffix("漢.pdf"))
        // No picture is cut in two.
        let family = FileName(cleaning: String(repeating: "👩‍👩‍👧", count: 40)).text
        #expect(family.allSatisfy { $0 == "👩‍👩‍👧" })
        #expect(FileName(cleaning: String(repeating: ".", count: 300) + "x").text == "x")
        #expect(FileName(cleaning: "x." + String(repeating: "y", count: 300)).text.utf8.count == 255)
    }

    @Test func numbersBeforeTheEnding() {
        #expect(FileName(cleaning: "a.pdf").numbered(2) == "a (2).pdf")
        #expect(FileName(cleaning: "a").numbered(12) == "a (12)")
        let long = FileName(cleaning: String(repeating: "é", count: 200) + ".pdf").numbered(999)
        #expect(long.utf8.count <= 255)
        #expect(long.hasSuffix("é (999).pdf"))
    }

    @Test func whateverIsToldMakesANameThatAFileMayHave() {
        var random = SplitMix64(seed: 5)
        let parts: [Unicode.Scalar] = [
            "/", "\\", ".", "-", " ", "\0", "\u{202e}", "\u{301}", "a", "漢", "\u{200d}", "👩", "\n", "~", "c",
            "o", "n",
        ]
        for _ in 0..<20_000 {
            var told = String.UnicodeScalarView()
            for byte in random.bytes(upTo: 300) { told.append(parts[Int(byte) % parts.count]) }
            let name = FileName(cleaning: String(told))
            for text in [name.text, name.numbered(999)] {
                #expect((1...255).contains(text.utf8.count))
                #expect(!text.utf8.contains { $0 < 0x20 || $0 == 0x2f || $0 == 0x5c || $0 == 0x7f })
                #expect(!text.hasPrefix(".") && !text.hasPrefix("-"))
                #expect(!text.hasSuffix(".") && !text.hasSuffix(" "))
                #expect(!text.unicodeScalars.contains("\u{202e}"))
            }
            // What is clean stays as it is.
            #expect(FileName(cleaning: name.text).text == name.text)
        }
    }
}
