/// All settings that there are: what may be set, what is told of it, and what the sample has.
///
/// Whoever adds a setting adds it to one of the groups; `SettingsTableTests` compares them with what is read.
package enum SettingsTable {
    package static let groups: [SettingGroup] = [
        .page, .certificate, .media, .turn, .desk, .screen, .clipboard, .files, .cameras, .access, .audit,
        .check, .outside, .broadcast,
        .telling,
        .life, .room,
    ]

    package static let all = groups.flatMap(\.settings)

    package static func setting(key: String) -> Setting? { byKey[key] }
    package static func setting(variable: String) -> Setting? { byVariable[variable] }

    /// A file that sets nothing and shows everything, each line with its default.
    package static var sample: String {
        var paragraphs = [comment(introduction)]
        for group in groups {
            var lines: [String] = []
            if !group.title.isEmpty { lines.append(comment(group.title)) }
            for setting in group.settings {
                if !setting.words.isEmpty { lines.append(comment(setting.words)) }
                lines.append("#\(setting.name.variable)=\(setting.defaultText)")
            }
            paragraphs.append(lines.joined(separator: "\n"))
        }
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    private static func comment(_ words: String) -> String {
        var lines: [String] = []
        var line = "#"
        for word in words.split(separator: " ") {
            if line.count + 1 + word.count > width, line != "#" {
                lines.append(line)
                line = "#"
            }
            line += " \(word)"
        }
        return (lines + [line]).joined(separator: "\n")
    }

    private static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.key, $0) })
    private static let byVariable = Dictionary(uniqueKeysWithValues: all.map { ($0.name.variable, $0) })
    private static let introduction = """
        Settings of one room. Copy to /etc/deskroom/deskroom.conf, or pass the same names as environment \
        variables (the environment wins over this file, a flag of `deskroom serve` over both). Each line shows \
        its default; `deskroom settings` prints this file, `deskroom check-config` finds mistakes in yours.
        """
    /// Columns.
    private static let width = 118
}
