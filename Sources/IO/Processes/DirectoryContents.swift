internal import CLinux
internal import Glibc

/// What is in a directory, to be deleted: everything in it, and nothing anywhere else.
///
/// It follows no symbolic link and stays on the directory's own file system. Directories are not descended into: what is in one of
/// them is moved up into the first and deleted there, so that however deep they are it takes neither stack nor descriptors.
/// Whoever calls it has ended all who may write there.
public enum DirectoryContents {
    /// Deletes what is in a directory.
    ///
    /// - Parameter descriptor: Of the directory, opened without following links.
    /// - Returns: Whether nothing is left.
    public static func delete(in descriptor: CInt) -> Bool {
        guard let top = OpenDirectory(descriptor) else { return false }
        var sweep = Sweep(top: top)
        sweep.run()
        return top.isEmpty
    }

    private struct Sweep {
        let top: OpenDirectory
        var moved: UInt64 = 0

        mutating func run() {
            while true {
                let names = top.names(Self.batch)
                var isProgress = false
                for name in names where remove(name) { isProgress = true }
                if names.isEmpty || !isProgress { return }
            }
        }

        /// Returns whether the entry is gone, or has fewer of its own than before.
        mutating func remove(_ name: [CChar]) -> Bool {
            if unlinkat(top.descriptor, name, 0) == 0 { return true }
            guard let directory = OpenDirectory(name, in: top) else { return false }
            var isProgress = false
            while true {
                let names = directory.names(Self.batch)
                var isAny = false
                for entry in names
                where unlinkat(directory.descriptor, entry, 0) == 0 || lift(entry, of: directory) {
                    isAny = true
                }
                isProgress = isProgress || isAny
                if names.isEmpty || !isAny { break }
            }
            return unlinkat(top.descriptor, name, AT_REMOVEDIR) == 0 || isProgress
        }

        /// Moves a directory up to the top, under a name that nobody has.
        mutating func lift(_ name: [CChar], of directory: OpenDirectory) -> Bool {
            // To be moved elsewhere it has to be writable, too; nothing that is mounted there is.
            guard OpenDirectory(name, in: directory) != nil else { return false }
            while true {
                moved += 1
                let place = Array(".deleted-\(moved)".utf8CString)
                if CLinux_rename_to_nothing(directory.descriptor, name, top.descriptor, place) == 0 {
                    return true
                }
                guard errno == EEXIST else { return false }
            }
        }

        /// Names that are read at once.
        private static let batch = 1_024
    }

    private final class OpenDirectory {
        let descriptor: CInt
        private let device: dev_t

        /// The directory that this descriptor is of; it can be read and changed afterwards.
        init?(_ other: CInt) {
            var status = stat()
            guard fstat(other, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
            if status.st_mode & 0o700 != 0o700 { chmod("/proc/self/fd/\(other)", 0o700) }
            let opened = openat(other, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { return nil }
            descriptor = opened
            device = status.st_dev
        }

        /// An entry that is a directory of the same file system; it can be read and changed afterwards.
        init?(_ name: [CChar], in parent: OpenDirectory) {
            let path = CLinux_open_entry(parent.descriptor, name)
            guard path >= 0 else { return nil }
            defer { close(path) }
            var status = stat()
            guard fstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
                status.st_dev == parent.device
            else { return nil }
            // By its descriptor, which no link leads away from.
            if status.st_mode & 0o700 != 0o700 { chmod("/proc/self/fd/\(path)", 0o700) }
            let opened = openat(path, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { return nil }
            descriptor = opened
            device = status.st_dev
        }

        deinit { close(descriptor) }

        var isEmpty: Bool { names(1).isEmpty }

        /// The names of the first entries, as the system has them: they need not be text.
        func names(_ most: Int) -> [[CChar]] {
            let copy = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard copy >= 0 else { return [] }
            guard let stream = fdopendir(copy) else {
                close(copy)
                return []
            }
            defer { closedir(stream) }
            var names: [[CChar]] = []
            while names.count < most, let entry = readdir(stream) {
                let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                    bytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
                }
                if name != [0x2e, 0], name != [0x2e, 0x2e, 0] { names.append(name) }
            }
            return names
        }
    }
}
