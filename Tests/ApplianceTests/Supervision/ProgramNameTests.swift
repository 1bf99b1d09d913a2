import Appliance
import Testing

@Suite struct ProgramNameTests {
    @Test(arguments: [
        ("xournalpp", "xournalpp"), ("/usr/bin/xournalpp --file x", "xournalpp"),
        ("exec xterm -e top", "xterm"),
        ("LANG=C /opt/a/b.sh", "b.sh"), ("env A=1 B=2 xclock", "xclock"), (#""/opt/my app/run" x"#, "run"),
        ("  nohup  firefox-esr", "firefox-esr"), (#"'xterm'"#, "xterm"),
    ])
    func aProgramIsNamedByItsFile(_ command: String, _ name: String) {
        #expect(ProgramName(ofCommand: command).text == name)
    }

    @Test(arguments: [
        "", "   ", "PASSWORD=secret", #"PASSWORD="two secret words""#, "$(cat /secret)", #"\$secret"#,
        "(secret)",
        #"A="x secret" "$secret" y"#, "secret;xterm", "é", String(repeating: "x", count: 100),
    ])
    func whatIsNoPlainNameIsNotTold(_ command: String) {
        #expect(ProgramName(ofCommand: command).text == "application")
    }
}
