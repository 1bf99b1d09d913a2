/// How the room's processes log, and by what name the session goes there.
package struct LogSettings: Hashable, Sendable {
    /// `log.format`: `text`, or `json` for one object a line; default `text`.
    package var format = LogLine.Format.text
    /// `session.id`: what the session is called in the log and in events, 1 to 64 letters, digits, points, hyphens and underscores of ASCII; default: random.
    package var session = ""

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        format = try values.choice("log.format") ?? format
        session = values.text("session.id") ?? session
        guard session.isEmpty || Self.isName(session) else {
            throw ConfigurationError(
                key: "session.id",
                problem: "“\(session)” is not 1 to 64 of the characters A–Z a–z 0–9 . _ -"
            )
        }
    }

    /// Gives the session a name if it has none.
    mutating func nameSession() {
        if session.isEmpty { session = String(Secret.random().text.prefix(16)) }
    }

    private static func isName(_ text: String) -> Bool {
        1...64 ~= text.utf8.count
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"),
                    UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
