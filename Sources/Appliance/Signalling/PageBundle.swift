/// The page's modules as one script and its style sheets as one sheet.
///
/// A browser that is given seventy files asks for them six at a time, and for those that a file imports only
/// once it has that file; this takes it one question each. Every module keeps a scope of its own, and its text
/// stays as it was written but for the words `import` and `export`.
package struct PageBundle: Hashable, Sendable {
    /// `index.html`, which names the other two instead of all the files that are in them.
    package let index: String
    package let script: String
    package let style: String

    /// Why files cannot be put into one, in words for whoever has written them.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter page: The page that is put together.
    /// - Parameter files: The text of `index.html`, of the modules and of the style sheets, by path.
    /// - Parameter scriptPath: What `index.html` is to call the script, whose text it gets.
    /// - Parameter stylePath: The same for the sheet.
    package init(
        _ files: [String: String],
        of page: String = "index.html",
        scriptPath: (String) -> String,
        stylePath: (String) -> String
    ) throws(Problem) {
        guard let index = files[page] else { throw Problem(description: "there is no \(page)") }
        var modules = Modules(files: files)
        var lines: [Substring] = []
        var styles: [String] = []
        var place: Int?
        for line in index.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(#"<link rel="modulepreload""#) { continue }
            if line.hasPrefix(#"<link rel="stylesheet""#) {
                guard let path = line.attribute("href"), let sheet = files[path] else {
                    throw Problem(description: "\(page): no such style sheet: \(line)")
                }
                styles.append(sheet)
            } else if line.hasPrefix(#"<script type="module""#) {
                guard let path = line.attribute("src") else {
                    throw Problem(description: "\(page): a script without src: \(line)")
                }
                try modules.add(path)
            } else {
                lines.append(line)
                continue
            }
            place = place ?? lines.count
        }
        script = modules.text
        style = styles.joined(separator: "\n")
        var links: [Substring] = []
        if !style.isEmpty { links.append("<link rel=\"stylesheet\" href=\"\(stylePath(style))\">") }
        if !script.isEmpty {
            links.append("<script type=\"module\" src=\"\(scriptPath(script))\"></script>")
        }
        lines.insert(contentsOf: links, at: place ?? 0)
        self.index = lines.joined(separator: "\n")
    }
}

/// Modules one after the other, each behind those that it imports.
private struct Modules {
    let files: [String: String]
    private(set) var text = ""
    /// What each exports that is in the text.
    private var done: [String: [Substring]] = [:]
    private var begun: [String] = []

    init(files: [String: String]) {
        self.files = files
    }

    mutating func add(_ path: String) throws(PageBundle.Problem) {
        if done[path] != nil { return }
        if begun.contains(path) {
            let circle = (begun.drop { $0 != path } + [path]).joined(separator: " → ")
            throw .init(description: "modules import one another in a circle: \(circle)")
        }
        guard let source = files[path] else { throw .init(description: "there is no module \(path)") }
        begun.append(path)
        var body: [String] = []
        var names: [Substring] = []
        var statement: String?
        for line in source.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let line = Substring(line)
            if statement != nil || line.hasPrefix("import ") {
                // Over several lines, until the semicolon.
                let whole = (statement.map { $0 + " " } ?? "") + line
                statement = line.hasSuffix(";") ? nil : whole
                body.append(statement == nil ? try importing(whole, in: path) : "")
            } else if line.hasPrefix("export ") {
                let declaration = line.dropFirst("export ".count)
                guard let name = ModuleExport.name(of: declaration) else {
                    throw .init(
                        description: "\(path): write an export as a function, class or const: \(line)"
                    )
                }
                names.append(name)
                body.append(String(declaration))
            } else {
                body.append(String(line))
            }
        }
        begun.removeLast()
        done[path] = names
        text += """
            // \(path)
            const \(Self.identifier(path)) = (() => {
            \(body.joined(separator: "\n"))
            return { \(names.joined(separator: ", ")) };
            })();

            """
    }

    /// What stands for an import.
    private mutating func importing(_ statement: String, in path: String) throws(PageBundle.Problem) -> String
    {
        guard let found = ModuleImport(statement) else {
            throw .init(
                description:
                    "\(path): write an import as { names } or * as name from './file.js': \(statement)"
            )
        }
        // Beside the one that imports it, or in a folder there.
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        try add(folder + found.path)
        return "const \(found.pattern) = \(Self.identifier(folder + found.path));"
    }

    /// A statement that exports what one of them does.
    func exports(of path: String) -> String {
        let names = done[path]?.joined(separator: ", ") ?? ""
        return "export const { \(names) } = \(Self.identifier(path));\n"
    }

    private static func identifier(_ path: String) -> String {
        "module$" + path.map { $0.isLetter || $0.isNumber ? String($0) : $0 == "/" ? "$" : "_" }.joined()
    }
}

extension PageBundle {
    /// A module and all that it imports as one module, which exports what that one does.
    ///
    /// - Parameter path: Of the module.
    package static func module(_ path: String, of files: [String: String]) throws(Problem) -> String {
        var modules = Modules(files: files)
        try modules.add(path)
        return modules.text + modules.exports(of: path)
    }
}

extension Substring {
    /// The value of an attribute of a tag, in double quotes.
    fileprivate func attribute(_ name: String) -> String? {
        guard let start = firstRange(of: " \(name)=\""),
            let end = self[start.upperBound...].firstIndex(of: "\"")
        else {
            return nil
        }
        return String(self[start.upperBound..<end])
    }
}
