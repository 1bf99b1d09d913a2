import Appliance
import Testing

@Suite struct ProgramEnvironmentTests {
    private static let room = [
        "PATH": "/usr/bin", "LC_TIME": "de_DE", "XDG_DATA_DIRS": "/usr/share", "DESKROOM_TLS_KEY": "/key",
        "DATABASE_PASSWORD": "secret", "SSH_AUTH_SOCK": "/agent", "APP_MODE": "quiet", "APP_LEVEL": "2",
    ]

    @Test func programsSeeWhatADesktopNeedsAndNothingElse() {
        let seen = ProgramEnvironment().filter(Self.room)
        #expect(seen == ["PATH": "/usr/bin", "LC_TIME": "de_DE", "XDG_DATA_DIRS": "/usr/share"])
    }

    @Test func furtherNamesAreAddedButNoSettingsOfTheRoom() {
        let seen = ProgramEnvironment(further: ["APP_*", "DESKROOM_*", "SSH_AUTH_SOCK"]).filter(Self.room)
        #expect(
            Set(seen.keys) == ["PATH", "LC_TIME", "XDG_DATA_DIRS", "APP_MODE", "APP_LEVEL", "SSH_AUTH_SOCK"]
        )
    }
}
