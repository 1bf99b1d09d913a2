internal import Foundation
internal import Glibc

/// What the kernel says of a file.
struct FileStatus {
    private let attributes: [FileAttributeKey: Any]

    init?(_ path: String) {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path) else { return nil }
        self.attributes = attributes
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    var mode: Int { attributes[.posixPermissions] as? Int ?? 0o777 }
    /// Whether it is this user's.
    var isOwn: Bool { attributes[.ownerAccountID] as? UInt32 == geteuid() }
    var isDirectory: Bool { attributes[.type] as? FileAttributeType == .typeDirectory }

    /// Whether it is this user's, and nobody else has any right to it.
    ///
    /// - Parameter letsThrough: Whether others may pass through it to what they know the name of.
    func isPrivate(letsThrough: Bool = false) -> Bool {
        isOwn && mode & (letsThrough ? 0o066 : 0o077) == 0
    }
}
