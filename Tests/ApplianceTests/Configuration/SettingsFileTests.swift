import Appliance
import Foundation
import Testing

@Suite struct SettingsFileTests {
    private static func parse(_ text: String) -> SettingsFile {
        SettingsFile(Array(text.utf8), path: "my.conf")
    }

    @Test func linesAreNamesAndValues() {
        let file = Self.parse(
            "# A room.\r\n\r\n  DESKROOM_HTTP_PORT = 8443 \r\nDESKROOM_DESK_APPS=a --b=c; d\n\n#DESKROOM_X\n"
        )
        #expect(file.mistakes == [])
        #expect(
            file.lines == [
                .init(variable: "DESKROOM_HTTP_PORT", value: "8443", number: 3),
                .init(variable: "DESKROOM_DESK_APPS", value: "a --b=c; d", number: 4),
            ]
        )
    }

    @Test func anEmptyValueIsOne() {
        #expect(
            Self.parse("DESKROOM_DESK_WM=").lines == [
                .init(variable: "DESKROOM_DESK_WM", value: "", number: 1)
            ]
        )
    }

    @Test(arguments: [
        ("\nsome words", "my.conf:2: is neither empty"), ("=8443", "my.conf:1: is neither empty"),
        (
            "DESKROOM_HTTP_PROT=1",
            "my.conf:1: “DESKROOM_HTTP_PROT” is no setting; did you mean http.port (DESKROOM_HTTP_PORT)?"
        ),
        ("http.port=1", "did you mean http.port (DESKROOM_HTTP_PORT)?"),
        ("export DESKROOM_HTTP_PORT=1", "is no setting"),
        ("DESKROOM_WALLPAPER_COLOUR=blue", "`deskroom settings` lists all"),
        (
            "DESKROOM_HTTP_PORT=1\nDESKROOM_LOG_LEVEL=info\nDESKROOM_HTTP_PORT=1",
            "my.conf:3: http.port (DESKROOM_HTTP_PORT): is set already on line 1"
        ),
        ("DESKROOM_HTTP_HOST=\"0.0.0.0\"", "quotation marks"), ("DESKROOM_HTTP_HOST='::'", "quotation marks"),
        ("DESKROOM_HTTP_HOST=a\0b", "my.conf:1: is not text"),
    ])
    func everyLineThatIsNoneIsNamed(_ text: String, _ words: String) {
        let mistakes = Self.parse(text).mistakes
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.description.contains(words) == true, "\(mistakes)")
    }

    @Test func quotationMarksOfAShellCommandAreItsOwn() {
        #expect(Self.parse("DESKROOM_DESK_APPS=\"a b\" c \"d\"").mistakes == [])
    }

    /// A line without a name may be the second line of a secret.
    @Test func whatIsOnALineIsNotRepeated() {
        #expect(Self.parse("0123456789abcdef").mistakes.first?.description.contains("0123") == false)
        #expect(
            Self.parse("DESKROOM_ACCESS_SECRET_X=hush").mistakes.first?.description.contains("hush") == false
        )
    }

    @Test func aFileThatCannotBeReadSaysWhy() throws {
        let missing = SettingsFile(at: "/nowhere/my.conf")
        #expect(
            missing.mistakes.map(\.description) == ["/nowhere/my.conf: cannot be read: there is no such file"]
        )
        let folder = FileManager.default.temporaryDirectory.path
        #expect(SettingsFile(at: folder).mistakes.first?.problem == "cannot be read: it is a directory")
        #expect(SettingsFile(at: "/dev/zero").mistakes.first?.problem.contains("1048576 bytes") == true)
    }

    @Test func arbitraryBytesAreSurvived() {
        var random = SystemRandomNumberGenerator()
        let words = ["DESKROOM_HTTP_PORT", "=", "#", "\n", "\r", "\"", "DESKROOM_", " ", "é", "\0"].map {
            Array($0.utf8)
        }
        for _ in 0..<2_000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                bytes +=
                    Bool.random(using: &random)
                    ? words.randomElement(using: &random) ?? [] : [.random(in: 0...255)]
            }
            let file = SettingsFile(bytes, path: "my.conf")
            #expect(file.lines.count + file.mistakes.count <= bytes.count + 1)
        }
    }
}
