/// The keys of the group `[Desktop Entry]`, which has to be a file's first (Desktop Entry Specification, "Basic format of the file").
struct DesktopEntryGroup {
    /// As they stand in the file, by key with its locale.
    private(set) var values: [String: String] = [:]

    init(parsing bytes: [UInt8]) throws(DesktopEntryError) {
        guard bytes.count <= DesktopEntry.maximumLength else { throw .tooLong }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else { throw .notText }
        // CR LF is one Character, so lines are cut by scalar.
        let lines = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
        guard lines.count <= DesktopEntry.maximumLineCount else { throw .tooLong }
        var isInside = false
        for (index, scalars) in lines.enumerated() {
            var line = Substring(scalars)
            if line.last == "\r" { line.removeLast() }
            if line.first == "#" || line.allSatisfy(\.isBlank) { continue }
            if line.first == "[" {
                // What follows is of actions, or of others.
                if isInside { return }
                guard line == "[Desktop Entry]" else { throw .malformedLine(index + 1) }
                isInside = true
                continue
            }
            guard isInside, let equals = line.firstIndex(of: "=") else { throw .malformedLine(index + 1) }
            let key = String(line[..<equals].trimmed)
            guard !key.isEmpty else { throw .malformedLine(index + 1) }
            values[key] = String(line[line.index(after: equals)...].trimmed)
        }
        guard isInside else { throw .missing("[Desktop Entry]") }
    }

    subscript(key: String) -> String? { values[key] }

    /// A value of the type string, with its escapes undone; `nil` if there is none.
    func string(_ key: String) -> String? { values[key].map { Self.unescaped($0[...]) } }

    func isTrue(_ key: String) -> Bool { values[key] == "true" || values[key] == "1" }

    /// The values of a list, separated by semicolons; `nil` if there is none.
    func list(_ key: String) -> [String]? {
        values[key]?.split(separator: ";").map { Self.unescaped($0) }
    }

    /// `\s`, `\n`, `\t`, `\r` and `\\`; what else has a backslash keeps it.
    static func unescaped(_ text: Substring) -> String {
        var result = ""
        var rest = text.unicodeScalars.makeIterator()
        while let scalar = rest.next() {
            guard scalar == "\\" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch rest.next() {
            case "s": result += " "
            case "n": result += "\n"
            case "t": result += "\t"
            case "r": result += "\r"
            case "\\": result += "\\"
            case let other?:
                result += "\\"
                result.unicodeScalars.append(other)
            case nil: result += "\\"
            }
        }
        return result
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop(while: \.isBlank)
        while text.last?.isBlank == true { text.removeLast() }
        return text
    }
}
