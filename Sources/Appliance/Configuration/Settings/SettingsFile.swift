internal import Foundation

/// A file of lines such as `DESKROOM_HTTP_PORT=8443`; `#` at its start makes a line a comment.
package struct SettingsFile: Sendable {
    package struct Line: Hashable, Sendable {
        package var variable: String
        package var value: String
        /// From 1.
        package var number: Int

        package init(variable: String, value: String, number: Int) {
            self.variable = variable
            self.value = value
            self.number = number
        }
    }

    package let path: String
    package private(set) var lines: [Line] = []
    package private(set) var mistakes: [SettingMistake] = []

    /// Reads a file; that it cannot be read is a mistake, too.
    package init(at path: String) {
        self.path = path
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            let bytes = try file.read(upToCount: Self.longest + 1) ?? Data()
            if bytes.count > Self.longest {
                report(0, "has more than \(Self.longest) bytes and cannot be a file of settings")
            } else {
                parse([UInt8](bytes))
            }
        } catch {
            report(0, "cannot be read: \(FileProblem(path).description)")
        }
    }

    package init(_ bytes: [UInt8], path: String) {
        self.path = path
        parse(bytes)
    }

    private mutating func parse(_ bytes: [UInt8]) {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            let number = index + 1
            guard let text = String(validating: line, as: UTF8.self), !line.contains(0) else {
                report(number, "is not text in UTF-8")
                continue
            }
            read(text.trimmingCharacters(in: .whitespaces.union(.controlCharacters)), number)
        }
    }

    private mutating func read(_ line: String, _ number: Int) {
        guard !line.isEmpty, !line.hasPrefix("#") else { return }
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard parts.count == 2, !parts[0].isEmpty else {
            // What is on it may be a secret.
            report(number, "is neither empty, a comment with # nor a setting such as DESKROOM_HTTP_PORT=8443")
            return
        }
        let variable = parts[0]
        guard let setting = SettingsTable.setting(variable: variable) else {
            report(number, Self.unknown(variable))
            return
        }
        if let first = lines.first(where: { $0.variable == variable }) {
            report(number, key: setting.key, "is set already on line \(first.number)")
            return
        }
        if Self.isQuoted(parts[1]) {
            report(
                number,
                key: setting.key,
                "the quotation marks would be a part of the value; leave them out"
            )
            return
        }
        lines.append(Line(variable: variable, value: parts[1], number: number))
    }

    /// What is said of a name that is no setting's.
    static func unknown(_ name: String) -> String {
        let shown = name.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) } && name.count <= 64
        let nearest = NearestName.setting(to: name).map { "; did you mean \($0.name)?" }
        return (shown ? "“\(name)” is no setting" : "there is no setting of this name")
            + (nearest ?? "; `deskroom settings` lists all")
    }

    private static func isQuoted(_ value: String) -> Bool {
        guard value.count >= 2, let mark = value.first, mark == "\"" || mark == "'", value.last == mark else {
            return false
        }
        return !value.dropFirst().dropLast().contains(mark)
    }

    private mutating func report(_ line: Int, key: String? = nil, _ problem: String) {
        mistakes.append(SettingMistake(.file(path, line: line), key: key, problem: problem))
    }

    /// Bytes.
    private static let longest = 1 << 20
}
