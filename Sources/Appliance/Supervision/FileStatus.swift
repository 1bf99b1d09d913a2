internal import Glibc

/// What the kernel says of a file.
struct FileStatus {
    private let status: stat

    init?(_ path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        self.status = status
    }

    static func exists(_ path: String) -> Bool { FileStatus(path) != nil }

    var isDirectory: Bool { status.st_mode & S_IFMT == S_IFDIR }
    /// Whether it is this user's, and nobody else has any right to it.
    var isPrivate: Bool { status.st_uid == geteuid() && status.st_mode & 0o077 == 0 }
}
