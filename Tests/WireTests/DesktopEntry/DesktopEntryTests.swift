import Testing
import Wire

@Suite struct DesktopEntryTests {
    private static let whole = """
        # Of a package.

        [Desktop Entry]
        Type=Application
        Name=Whiteboard
        Name[es]=Pizarra
        Name[pt_BR.UTF-8]=Quadro
        Name[sr@latin]=Tabla
        Comment = Draw together
        TryExec=xournalpp
        Exec=xournalpp --new %f
        Path=/srv/activities
        Terminal=false
        Categories=Office;

        [Desktop Action new]
        Name=Something else
        Exec=other
        """

    private static func entry(_ lines: String..., desktops: [String] = []) throws -> DesktopEntry {
        let text = "[Desktop Entry]\nType=Application\nName=A\n" + lines.joined(separator: "\n")
        return try DesktopEntry(parsing: Array(text.utf8), at: "/usr/a.desktop", desktops: desktops)
    }

    @Test func everythingThatMattersIsRead() throws {
        let entry = try DesktopEntry(parsing: Array(Self.whole.utf8))
        #expect(
            entry.name
                == LocalizedText("Whiteboard", ["es": "Pizarra", "pt_BR": "Quadro", "sr@latin": "Tabla"])
        )
        #expect(entry.comment == LocalizedText("Draw together"))
        #expect(entry.command == ["xournalpp", "--new"])
        #expect(entry.tryExec == "xournalpp" && entry.directory == "/srv/activities")
        #expect(!entry.isTerminal && entry.isShown)
    }

    @Test(arguments: [
        ("xterm", ["xterm"]), ("  a   b  ", ["a", "b"]), (#""/opt/my app/run" x"#, ["/opt/my app/run", "x"]),
        (#"sh -c "echo \\$HOME; echo \\"a\\" \\\\ \\`b\\`""#, ["sh", "-c", #"echo $HOME; echo "a" \ `b`"#]),
        (#"a "" b"#, ["a", "", "b"]),
        ("a %f %F %u %U %d %D %n %N %v %m b", ["a", "b"]), ("a --file=%f", ["a", "--file="]),
        ("a 100%% %c %k", ["a", "100%", "A", "/usr/a.desktop"]), (#"a "%f""#, ["a", ""]), ("a %i", ["a"]),
        (#"a\sb"#, ["a", "b"]),
    ])
    func aCommandIsReadAsTheSpecificationSays(_ exec: String, _ arguments: [String]) throws {
        #expect(try Self.entry("Exec=\(exec)").command == arguments)
    }

    @Test func anIconIsTwoArguments() throws {
        #expect(try Self.entry("Icon=pen", "Exec=a %i b").command == ["a", "--icon", "pen", "b"])
    }

    @Test(arguments: [
        "", " ", "%f", #""""#, "a=b", "a; b", "a 'b'", "a > b", "a $HOME", "a `b`", "a ~", "a #", "a *",
        "a ?",
        "a (b)", "a | b", "a & b", #"a\\b"#, #"a "b"#, #"a b"c""#, #"a "b"c"#, #"a "\\x""#, "a %", "a %x",
        #"a\tb"#, #"a\nb"#,
        "a" + String(repeating: " b", count: 256),
    ])
    func aCommandThatIsNoneIsRefused(_ exec: String) {
        #expect(throws: DesktopEntryError.self) { try Self.entry("Exec=\(exec)") }
    }

    @Test(arguments: [
        ("NoDisplay=true", false), ("Hidden=true", false), ("NoDisplay=false", true),
        ("OnlyShowIn=GNOME;KDE;", false), ("OnlyShowIn=GNOME;Deskroom;", true),
        ("NotShowIn=GNOME;", true), ("NotShowIn=Deskroom", false), ("OnlyShowIn=", false),
    ])
    func whatIsNotForThisDesktopIsNotShown(_ line: String, _ isShown: Bool) throws {
        #expect(try Self.entry("Exec=a", line, desktops: ["Deskroom"]).isShown == isShown)
    }

    @Test(arguments: [
        ("", DesktopEntryError.missing("[Desktop Entry]")), ("Name=A", .malformedLine(1)),
        ("[Other]\nName=A", .malformedLine(1)),
        ("[Desktop Entry]\nType=Link\nName=A\nURL=b", .notAnApplication),
        ("[Desktop Entry]\nType=Application\nExec=a", .missing("Name")),
        ("[Desktop Entry]\nType=Application\nName=\u{202e}\u{1}\nExec=a", .missing("Name")),
        ("[Desktop Entry]\nType=Application\nName=A", .missing("Exec")),
        ("[Desktop Entry]\nType=Application\nName=A\nwords", .malformedLine(4)),
        ("[Desktop Entry]\n=a", .malformedLine(2)), ("[Desktop Entry]\nName=A\u{0}", .notText),
        (String(repeating: "#", count: DesktopEntry.maximumLength + 1), .tooLong),
        (String(repeating: "\n", count: DesktopEntry.maximumLineCount), .tooLong),
    ])
    func whatIsNoEntryIsRefusedInWords(_ text: String, _ error: DesktopEntryError) {
        #expect(throws: error) { try DesktopEntry(parsing: Array(text.utf8)) }
    }

    @Test func whatIsNotTextIsRefused() {
        #expect(throws: DesktopEntryError.notText) {
            try DesktopEntry(parsing: Array("[Desktop Entry]\nName=".utf8) + [0xff])
        }
    }

    @Test func namesAreOneShortLineOfWhatCanBeSeen() throws {
        let entry = try Self.entry(
            #"Name= \n\u{202e}ab\tc\#u{7} "# + String(repeating: "é", count: 300),
            "Name[de]=" + String(repeating: "x", count: 1_000),
            "Name[../../etc]=no",
            "Name[" + String(repeating: "a", count: 40) + "]=no",
            "Exec=a"
        )
        #expect(entry.name.text.utf8.count <= LocalizedText.maximumLength)
        #expect(!entry.name.text.contains("\n") && !entry.name.text.unicodeScalars.contains("\u{7}"))
        #expect(entry.name.translations == ["de": String(repeating: "x", count: LocalizedText.maximumLength)])
        let many = (0..<200).map { "Name[l\($0)]=x" }.joined(separator: "\n")
        #expect(
            try Self.entry("Exec=a", many).name.translations.count == LocalizedText.maximumCount
        )
    }

    @Test func linesMayEndAsOnOtherSystems() throws {
        let text = Self.whole.split(separator: "\n", omittingEmptySubsequences: false).joined(
            separator: "\r\n"
        )
        #expect(
            try DesktopEntry(parsing: Array(text.utf8)) == DesktopEntry(parsing: Array(Self.whole.utf8))
        )
    }

    @Test func whatIsCutIsReadOrRefused() {
        let bytes = Array(Self.whole.utf8)
        for length in 0..<bytes.count {
            guard let entry = try? DesktopEntry(parsing: Array(bytes[..<length])) else { continue }
            #expect(entry.command.first?.isEmpty == false)
        }
    }

    @Test func arbitraryBytesAreReadOrRefused() {
        var random = SystemRandomNumberGenerator()
        let signs = Array("[]=\\\"%;\n\r \tabfkc#$'é\u{202e}".utf8)
        let head = Array("[Desktop Entry]\nType=Application\nName=A\nExec=".utf8)
        for _ in 0..<5_000 {
            let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? signs.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
            }
            if let entry = try? DesktopEntry(parsing: head + bytes) {
                #expect(entry.command.first?.isEmpty == false)
            }
        }
    }
}
