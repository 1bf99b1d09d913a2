internal import Glibc

/// What a file system has left for programs without privileges (statvfs(3)).
public struct FreeSpace: Hashable, Sendable {
    public var bytes: Int
    /// How many further files there may be; `nil`: it does not count them.
    public var files: Int?

    public init(bytes: Int, files: Int? = nil) {
        self.bytes = bytes
        self.files = files
    }

    /// Blocks for as long as the file system does; `nil` if there is no such path, or nothing that could run out: it is for reading
    /// only, or has no bounds.
    public init?(of path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0, status.f_blocks > 0, status.f_flag & UInt(ST_RDONLY) == 0
        else { return nil }
        bytes = Int(clamping: UInt64(status.f_bavail) * UInt64(status.f_frsize))
        files = status.f_files > 0 ? Int(clamping: status.f_favail) : nil
    }
}
