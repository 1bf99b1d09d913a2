internal import Foundation
internal import Glibc

/// The room's own directory for sockets and keys, which nobody else may enter.
struct RuntimeDirectory: Sendable {
    let path: String
    /// Whether to remove it at the end.
    private let isOurs: Bool

    /// Takes the directory at `wanted`, made if it is missing, or makes a fresh one under the user's runtime
    /// directory.
    ///
    /// - Throws: ``ConfigurationError`` in words if it cannot be made, or others may enter it.
    init(_ wanted: String?, environment: [String: String]) throws(ConfigurationError) {
        if let wanted {
            path = wanted
            isOurs = false
            unsafe mkdir(wanted, 0o700)
        } else {
            let parent = environment["XDG_RUNTIME_DIR"].flatMap { FileStatus.exists($0) ? $0 : nil } ?? "/tmp"
            var template = Array("\(parent)/deskroom-XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else {
                throw ConfigurationError(key: "runtime.dir", problem: "cannot make a directory in \(parent)")
            }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            isOurs = true
        }
        guard let status = FileStatus(path), status.isDirectory else {
            throw ConfigurationError(key: "runtime.dir", problem: "cannot make the directory \(path)")
        }
        guard status.isPrivate else {
            throw ConfigurationError(
                key: "runtime.dir",
                problem: "others may enter \(path); make it this user's, with mode 700"
            )
        }
    }

    func file(_ name: String) -> String { path + "/" + name }

    func remove() {
        if isOurs { try? FileManager.default.removeItem(atPath: path) }
    }
}
