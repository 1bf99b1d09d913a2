internal import Foundation

/// A file with one secret in it, such as a container's under /run/secrets.
struct SecretFile: Sendable {
    struct Problem: Error {
        var words: String
    }

    /// Without the line's end.
    let secret: String
    /// Whether users other than its owner, and its owner's group, may read it.
    let isOpenToAll: Bool

    init(at path: String) throws(Problem) {
        let bytes: Data
        do {
            let file = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? file.close() }
            bytes = try file.read(upToCount: Self.longest + 1) ?? Data()
        } catch {
            throw Problem(words: "cannot read \(path): \(FileProblem(path).description)")
        }
        guard bytes.count <= Self.longest else {
            throw Problem(words: "\(path) has more than \(Self.longest) bytes and cannot be a secret")
        }
        guard let text = String(data: bytes, encoding: .utf8) else {
            throw Problem(words: "\(path) is not text in UTF-8")
        }
        secret = text.trimmingCharacters(in: .newlines)
        guard !secret.isEmpty else { throw Problem(words: "\(path) is empty") }
        guard !secret.contains(where: \.isNewline) else {
            throw Problem(words: "\(path) has several lines; a secret is one")
        }
        // Orchestrators put links there; whose own mode says nothing.
        let real = URL(filePath: path).resolvingSymlinksInPath().path
        isOpenToAll = (FileStatus(real)?.mode ?? 0) & 0o004 != 0
    }

    /// Bytes.
    private static let longest = 4_096
}
