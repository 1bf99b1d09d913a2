/// The key `Exec` (Desktop Entry Specification, "The Exec key"): a program and its arguments, for no shell, with quotation marks
/// undone and field codes expanded for a start without a file.
struct ExecCommand {
    private(set) var arguments: [String] = []

    /// - Parameters:
    ///   - text: With the escapes of a string undone.
    ///   - name: For `%c`.
    ///   - icon: For `%i`.
    ///   - path: Of the file, for `%k`.
    init(_ text: String, name: String, icon: String?, path: String) throws(DesktopEntryError) {
        for argument in try Self.words(of: text) {
            switch argument.isQuoted ? "" : argument.text {
            case "%f", "%F", "%u", "%U": break  // There is no file.
            case "%d", "%D", "%n", "%N", "%v", "%m": break  // Not in use any more.
            case "%i": if let icon, !icon.isEmpty { arguments += ["--icon", icon] }
            default: arguments.append(try Self.expanded(argument.text, name: name, path: path))
            }
        }
        guard let program = arguments.first, !program.isEmpty else { throw .command("it names no program") }
        guard !program.contains("=") else { throw .command("its program has an equals sign in its name") }
        guard arguments.count <= Self.mostArguments else { throw .command("it has too many arguments") }
    }

    private struct Word {
        var text = ""
        var isQuoted = false
    }

    private static func words(of text: String) throws(DesktopEntryError) -> [Word] {
        var words: [Word] = []
        var word: Word?
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            switch scalar {
            case " ":
                if let word { words.append(word) }
                word = nil
            case "\"":
                // An argument is quoted as a whole.
                guard word == nil else { throw .command("it has a quotation mark within an argument") }
                var quoted = Word(isQuoted: true)
                var isOpen = true
                while isOpen {
                    switch scalars.next() {
                    case "\""?: isOpen = false
                    case "\\"?:
                        guard let next = scalars.next(), escaped.contains(next) else {
                            throw .command("it has a backslash that escapes nothing")
                        }
                        quoted.text.unicodeScalars.append(next)
                    case let next?: quoted.text.unicodeScalars.append(next)
                    case nil: throw .command("a quotation mark has no other one")
                    }
                }
                words.append(quoted)
                guard let next = scalars.next() else { return words }
                guard next == " " else { throw .command("it has a quotation mark within an argument") }
            case _ where reserved.contains(scalar):
                throw .command("it has “\(shown(scalar))” outside quotation marks, and no shell reads it")
            default:
                word = word ?? Word()
                word?.text.unicodeScalars.append(scalar)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }

    /// Field codes within an argument.
    private static func expanded(
        _ text: String,
        name: String,
        path: String
    ) throws(DesktopEntryError) -> String {
        var result = ""
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "%" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.next() {
            case "%": result += "%"
            case "c": result += name
            case "k": result += path
            case "f", "F", "u", "U", "i", "d", "D", "n", "N", "v", "m": break
            case let other?: throw .command("“%\(shown(other))” is no field code")
            case nil: throw .command("it ends with a percent sign")
            }
        }
        return result
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        scalar.properties.generalCategory == .control ? "a control character" : String(Character(scalar))
    }

    /// What a backslash escapes in a quoted argument.
    private static let escaped: Set<Unicode.Scalar> = ["\"", "`", "$", "\\"]
    private static let reserved: Set<Unicode.Scalar> = [
        "\t", "\n", "\r", "'", "\\", ">", "<", "~", "|", "&", ";", "$", "*", "?", "#", "(", ")", "`",
    ]
    private static let mostArguments = 256
}
