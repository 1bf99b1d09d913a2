import Appliance
import Testing

@Suite struct ProgramEnvironmentTests {
    private static let room = [
        "PATH": "/usr/bin", "LC_TIME": "de_DE", "XDG_DATA_DIRS": "/usr/share", "DESKROOM_TLS_KEY": "/key",
        "DATABASE_PASSWORD": "secret", "SSH_AUTH_SOCK": "/agent", "APP_MODE": "quiet", "APP_LEVEL": "2",
    ]

    @Test func programsSeeWhatADesktopNeedsAndNothingElse() {
        let seen = ProgramEnvironment().filter(Self.room.merging(["LANG": "de_DE.UTF-8"]) { $1 })
        #expect(
            seen == [
                "PATH": "/usr/bin", "LANG": "de_DE.UTF-8", "LC_TIME": "de_DE", "XDG_DATA_DIRS": "/usr/share",
            ]
        )
    }

    @Test(
        arguments: [
            ([:], ["LC_CTYPE": "C.UTF-8"]), (["LANG": "C"], ["LANG": "C", "LC_CTYPE": "C.UTF-8"]),
            (["LANG": "de_DE.utf8"], ["LANG": "de_DE.utf8"]),
            (["LANG": "de_DE.UTF-8", "LC_ALL": "C"], ["LANG": "C", "LC_CTYPE": "C.UTF-8"]),
            (["LANG": "C", "LC_ALL": "", "LC_CTYPE": "es_ES.UTF-8"], nil),
            (["LANG": "es_ES.UTF-8", "LC_CTYPE": "C"], ["LANG": "es_ES.UTF-8", "LC_CTYPE": "C.UTF-8"]),
        ] as [([String: String], [String: String]?)]
    )
    func charactersAreInUTF8WhateverElseIsChosen(_ room: [String: String], _ seen: [String: String]?) {
        #expect(ProgramEnvironment().filter(room) == seen ?? room)
    }

    @Test func furtherNamesAreAddedButNoSettingsOfTheRoom() {
        let seen = ProgramEnvironment(further: ["APP_*", "DESKROOM_*", "SSH_AUTH_SOCK"]).filter(Self.room)
        #expect(
            Set(seen.keys) == [
                "PATH", "LC_CTYPE", "LC_TIME", "XDG_DATA_DIRS", "APP_MODE", "APP_LEVEL", "SSH_AUTH_SOCK",
            ]
        )
    }
}
