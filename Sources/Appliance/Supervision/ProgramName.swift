/// The name of the program that a shell command starts, for a log: without its arguments and variables, which may be
/// private.
package struct ProgramName: Hashable, Sendable {
    package let text: String

    package init(ofCommand command: String) {
        let word =
            Self.words(of: command).first { !Self.isAssignment($0) && !Self.starters.contains($0) } ?? ""
        let name = word.split(separator: "/").last ?? ""
        let isPlain = name.utf8.allSatisfy {
            $0 == UInt8(ascii: "_") || ($0 > 0x20 && $0 < 0x7f && !Self.marks.contains($0))
        }
        text = name.isEmpty || !isPlain || name.utf8.count > 64 ? "application" : String(name)
    }

    /// Words as a shell has them, as far as quotation marks go (POSIX Shell Command Language §2.2).
    private static func words(of command: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in command {
            switch character {
            case _ where isEscaped:
                word = (word ?? "") + String(character)
                isEscaped = false
            case "\\" where quote != "'": isEscaped = true
            case _ where character == quote: quote = nil
            case "\"" where quote == nil, "'" where quote == nil:
                quote = character
                word = word ?? ""
            case _ where character.isWhitespace && quote == nil:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    private static func isAssignment(_ word: String) -> Bool {
        guard let equals = word.firstIndex(of: "=") else { return false }
        return word[..<equals].allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
    }

    /// What only starts another program.
    private static let starters: Set = ["env", "exec", "nohup", "setsid"]
    /// What a shell reads as something else than a name.
    private static let marks = Set("$`&|;<>(){}*?[]#~=%\"'\\!".utf8)
}
