internal import CLinux
internal import Glibc

/// The folder on the desk that people put files into and take them from.
///
/// Everything is looked up in the folder's own descriptor, by a name without a slash: whatever programs do to paths meanwhile, no
/// link leads out of it. Only regular files are offered, and nothing else is ever opened.
///
/// Its calls block for as long as the disk does.
final class SharedFolder {
    enum Failure: Error, Hashable {
        case cannotWrite
        case noSpace
        case notThere
    }

    let path: String
    private var descriptor: CInt = -1

    /// - Parameter path: Absolute; the folder is made when something is put there.
    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    // MARK: The folder

    /// Opens it, also where it was removed and made anew.
    private func open(isMade: Bool = false) throws(Failure) -> CInt {
        if descriptor >= 0 {
            if isCurrent { return descriptor }
            close(descriptor)
            descriptor = -1
        }
        if isMade { mkdir(path, 0o700) }
        // A program may have put a link in its place.
        descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw isMade ? .cannotWrite : .notThere }
        return descriptor
    }

    private var isCurrent: Bool {
        var (mine, there) = (stat(), stat())
        guard fstat(descriptor, &mine) == 0, stat(path, &there) == 0 else { return false }
        return mine.st_ino == there.st_ino && mine.st_dev == there.st_dev
    }

    /// Makes the folder, if it is missing, and tells how many bytes fit, some being left to others.
    func makeRoom() throws(Failure) -> UInt64 {
        var status = statvfs()
        guard fstatvfs(try open(isMade: true), &status) == 0 else { throw .cannotWrite }
        let left = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        return left > Self.reserve ? left - Self.reserve : 0
    }

    /// Bytes of all files that lie there, those that are still coming included.
    var used: UInt64 {
        names(isAll: true).reduce(0) { $0 + (status(of: $1).map { UInt64($0.st_size) } ?? 0) }
    }

    /// What is offered, by name; `hasMore`: there is more than is told.
    func list() -> (entries: [FileListing.Entry], hasMore: Bool) {
        var entries: [FileListing.Entry] = []
        for name in names() {
            guard let status = status(of: name) else { continue }
            let changed = Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
            entries.append(
                FileListing.Entry(
                    name: name,
                    size: UInt64(clamping: status.st_size),
                    changed: UInt64(clamping: changed)
                )
            )
        }
        let hasMore = entries.count > FileListing.most
        if hasMore { entries = Array(entries.sorted { $0.changed > $1.changed }.prefix(FileListing.most)) }
        return (entries.sorted { $0.name < $1.name }, hasMore)
    }

    /// Names of what may be offered; all of it that is UTF-8 if `isAll`.
    private func names(isAll: Bool = false) -> [String] {
        // A second descriptor: where it stands in the directory is the descriptor's own.
        guard let folder = try? open() else { return [] }
        let second = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard second >= 0 else { return [] }
        guard let directory = fdopendir(second) else {
            close(second)
            return []
        }
        defer { closedir(directory) }
        var names: [String] = []
        while names.count < Self.mostRead, let item = readdir(directory) {
            let name = withUnsafePointer(to: &item.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
            }
            guard let name, name != ".", name != "..", isAll || !name.hasPrefix(".") else { continue }
            names.append(name)
        }
        return names
    }

    /// `nil` for what is no regular file.
    private func status(of name: String) -> stat? {
        var status = stat()
        guard descriptor >= 0, fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return status
    }

    // MARK: Files

    /// Opens a file that is offered; `nil` if it is none.
    func openForReading(_ name: String) -> OpenFile? {
        guard Self.isName(name), !name.hasPrefix("."), (try? open()) != nil, status(of: name) != nil else {
            return nil
        }
        // It may have become a pipe since it was looked at: nobody waits for who writes into it.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
        let file = openat(descriptor, name, flags)
        guard file >= 0 else { return nil }
        let opened = OpenFile(file)
        return opened.isRegular ? opened : nil
    }

    /// Makes a file that nobody is offered yet, and that is removed if it is left over.
    func makeTemporary(_ key: FileKey) throws(Failure) -> (file: OpenFile, name: String) {
        let folder = try open(isMade: true)
        let name = Self.prefix + String(key.high, radix: 16) + String(key.low, radix: 16) + Self.suffix
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = openat(folder, name, flags, 0o600)
        guard file >= 0 else { throw Self.failure(errno) }
        // Whoever removes what is left over leaves it alone.
        flock(file, LOCK_EX | LOCK_NB)
        return (OpenFile(file), name)
    }

    /// Gives a temporary file its name, or the next that nothing has; returns it.
    func rename(_ temporary: String, to wanted: FileName) throws(Failure) -> String {
        let folder = try open()
        for number in 1...Self.mostNumbers {
            let name = number == 1 ? wanted.text : wanted.numbered(number)
            if CLinux_rename_new(folder, temporary, name) == 0 { return name }
            guard errno == EEXIST else { throw Self.failure(errno) }
        }
        throw .cannotWrite
    }

    func remove(temporary name: String) {
        if let folder = try? open() { unlinkat(folder, name, 0) }
    }

    /// Removes what a process before this one has left unfinished.
    func removeLeftovers() {
        guard let folder = try? open() else { return }
        for name in names(isAll: true) where name.hasPrefix(Self.prefix) && name.hasSuffix(Self.suffix) {
            guard status(of: name) != nil else { continue }
            let file = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard file >= 0 else { continue }
            // Somebody's who runs, maybe another room's on the same folder.
            if flock(file, LOCK_EX | LOCK_NB) == 0 { unlinkat(folder, name, 0) }
            close(file)
        }
    }

    static func failure(_ number: CInt) -> Failure {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: .noSpace
        case ENOENT: .notThere
        default: .cannotWrite
        }
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.utf8.contains(UInt8(ascii: "/")) && !name.utf8.contains(0)
    }

    private static let prefix = ".deskroom-"
    private static let suffix = ".part"
    private static let mostNumbers = 999
    /// Entries that are looked at.
    private static let mostRead = 10_000
    /// Bytes that programs on the desk are left.
    private static let reserve: UInt64 = 67_108_864
}
