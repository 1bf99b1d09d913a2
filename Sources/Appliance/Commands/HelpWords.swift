/// What `--help` says beyond the options.
enum HelpWords {
    static let program = """
        One process is one room: a desk (an X display with its programs and its sound), and the people who see, hear \
        and drive it from their browsers.

          deskroom                                   a room for this machine, http://localhost:8080/
          deskroom --set http.host=0.0.0.0           for others, by HTTPS with a certificate of its own
          deskroom settings > deskroom.conf          a file to begin with
          deskroom check-config --config deskroom.conf
          deskroom serve --config deskroom.conf

        \(exits)
        """

    static let serve = """
        Prints the address, and without a key of yours a link for a clinician and one for a client.

        A setting such as http.port is a flag (--set http.port=8443), a variable (DESKROOM_HTTP_PORT=8443) or a line \
        of a file (the same); a flag wins over the environment, the environment over the file. A secret may come \
        from a file of its own (DESKROOM_ACCESS_SECRET_FILE=/run/secrets/access). What is wrong is told all at once, \
        with its line and the nearest right name. The settings that are changed most:

        \(commonest)

        `deskroom settings` prints all of them.

        \(exits)
        """

    private static let exits = """
        Exit status: 0 ended as asked; 64 the command line is wrong; 71 a port is taken, or may not be opened; 78 a \
        setting has to be mended; others are failures.
        """

    private static var commonest: String {
        groups.map { title, keys in
            let settings = keys.compactMap { SettingsTable.setting(key: $0) }
            let width = settings.map(\.key.count).max() ?? 0
            let lines = settings.map { setting in
                let space = String(repeating: " ", count: width - setting.key.count + 2)
                return "  \(setting.key)\(space)\(firstSentence(setting))"
            }
            return ([title] + lines).joined(separator: "\n")
        }
        .joined(separator: "\n\n")
    }

    private static func firstSentence(_ setting: Setting) -> String {
        let sentence = setting.words.firstRange(of: ". ").map { setting.words[..<$0.lowerBound] + "." }
        let value = setting.defaultText.isEmpty ? "" : " [\(setting.defaultText)]"
        return (sentence.map(String.init) ?? setting.words) + value
    }

    private static let groups: KeyValuePairs = [
        "Where people reach it": [
            "http.host", "http.port", "http.origins", "tls.certificate", "tls.names", "media.port",
            "media.addresses",
        ],
        "Who comes in": ["access.secret", "access.keyFile", "access.open", "room.waiting", "api.secret"],
        "What is on the desk": ["desk.apps", "desk.width", "desk.user", "desk.network"],
        "What is kept": ["audit.file", "log.level"],
    ]
}
