/// An import as the page's modules have it (ECMA-262 §16.2.2): names or all of another file beside it, or in a folder there.
///
/// Nothing leads out of a folder: what is in it knows nothing of what is around it.
///
/// Read by hand: with a regular expression for each line the page took a fifth of a second of every start.
struct ModuleImport: Hashable {
    /// What the other's exports are taken apart by in a declaration: a name, or names in braces.
    let pattern: String
    /// The other file, from the folder of the one that imports it.
    let path: String

    /// Reads `import { a, b as c } from './x.js';` or `import * as x from './x.js';`; `nil`: it is written in another way.
    init?(_ statement: some StringProtocol) {
        var rest = Substring(statement)
        guard rest.drop("import ") else { return nil }
        if rest.drop("* as ") {
            guard let name = rest.takeName() else { return nil }
            pattern = String(name)
        } else {
            guard rest.drop("{"), let end = rest.firstIndex(of: "}") else { return nil }
            var names: [String] = []
            for part in rest[..<end].split(separator: ",") {
                let words = part.split(whereSeparator: \.isWhitespace)
                guard words.allSatisfy({ $0.allSatisfy(\.isInName) }) else { return nil }
                switch words.count {
                case 0: continue
                case 1: names.append(String(words[0]))
                case 3 where words[1] == "as": names.append("\(words[0]): \(words[2])")
                default: return nil
                }
            }
            guard !names.isEmpty else { return nil }
            pattern = "{ \(names.joined(separator: ", ")) }"
            rest = rest[rest.index(after: end)...]
        }
        guard rest.drop(" from './"), rest.hasSuffix("';") else { return nil }
        let file = rest.dropLast(2)
        let parts = file.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy(\.isFileName) else { return nil }
        path = String(file)
    }
}

/// What a module exports by a declaration (ECMA-262 §16.2.3).
enum ModuleExport {
    /// The name that a declaration makes; `nil` if it is none, or one whose value may change.
    static func name(of declaration: Substring) -> Substring? {
        var rest = declaration
        _ = rest.drop("async ")
        guard ["function ", "function* ", "class ", "const "].contains(where: { rest.drop($0) }) else {
            return nil
        }
        return rest.takeName()
    }
}

extension Substring {
    /// Removes a word that this begins with; `false`: it does not.
    fileprivate mutating func drop(_ word: String) -> Bool {
        guard hasPrefix(word) else { return false }
        self = dropFirst(word.count)
        return true
    }

    /// Removes the name that this begins with, if it begins with one.
    fileprivate mutating func takeName() -> Substring? {
        let name = prefix(while: \.isInName)
        self = dropFirst(name.count)
        return name.isEmpty ? nil : name
    }
}

extension Substring {
    /// Whether this may be the name of a file or a folder, and is not that of the one above.
    fileprivate var isFileName: Bool {
        first?.isInName == true && allSatisfy { $0.isInName || $0 == "." || $0 == "-" }
    }
}

extension Character {
    fileprivate var isInName: Bool { isASCII && (isLetter || isNumber) || self == "_" || self == "$" }
}
