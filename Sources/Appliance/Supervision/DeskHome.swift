internal import CLinux
internal import Foundation
internal import Glibc
package import IO

/// The home directory that programs on the desk have for one session, in a directory that the room has made for that
/// (`desk.home`): a home, and a directory for temporary files.
///
/// **Only what is in these two is ever deleted**, and only as long as the directory around them has the mark by which it is known
/// that the room has made it. It is held open from the start on, so that nobody puts another one in its place; and what is deleted is
/// deleted by a process that may do no more than programs on the desk (``NewHomeCommand``).
package final class DeskHome: Sendable {
    /// Of the directory around them.
    package let path: String
    private let descriptor: CInt
    private let user: Confinement.User?

    package static let names = ["home", "tmp"]
    package static let mark = ".made-by-deskroom"

    /// Makes the directory, or takes one that was made by a room before.
    ///
    /// - Parameters:
    ///   - user: Whom the desk's programs run as, if not as the room.
    ///   - environment: The room's own.
    /// - Throws: ``ConfigurationError`` if it cannot be made, or might be anything else.
    package init(
        _ wanted: String,
        user: Confinement.User? = nil,
        environment: [String: String]
    ) throws(ConfigurationError) {
        try Self.check(wanted, environment: environment)
        path = wanted
        self.user = user
        let isNew = unsafe mkdir(wanted, 0o711) == 0
        descriptor = unsafe open(wanted, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error("cannot make the directory \(wanted)") }
        // Again, of the directory that is held: whatever was there when it was looked at before.
        if !isNew, let problem = Self.problem(of: descriptor, wanted) { throw Self.error(problem) }
        if unsafe faccessat(descriptor, Self.mark, F_OK, AT_SYMLINK_NOFOLLOW) != 0 {
            let file = unsafe openat(
                descriptor,
                Self.mark,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                0o600
            )
            guard file >= 0 else { throw Self.error("cannot make a file in \(wanted)") }
            let words = Array("deskroom deletes what is in the directories beside this file.\n".utf8)
            _ = unsafe write(file, words, words.count)
            close(file)
        }
        fchmod(descriptor, user == nil ? 0o700 : 0o711)
        for name in Self.names { close(try makeDirectory(name)) }
    }

    deinit { close(descriptor) }

    package var home: String { path + "/" + Self.names[0] }
    package var temporary: String { path + "/" + Self.names[1] }

    /// Whether a room may have this directory; nothing is made.
    package static func check(
        _ wanted: String,
        environment: [String: String]
    ) throws(ConfigurationError) {
        guard wanted.hasPrefix("/"),
            !wanted.split(separator: "/").contains(where: { [".", ".."].contains($0) })
        else { throw error("“\(wanted)” is not the whole path of a directory") }
        let parent = URL(filePath: wanted).deletingLastPathComponent().path
        guard let real = Self.real(parent) else { throw error("there is no directory \(parent)") }
        let place = (real == "/" ? "" : real) + "/" + (wanted.split(separator: "/").last ?? "")
        for other in Self.homes(environment) where other == place || other.hasPrefix(place + "/") {
            throw error("somebody lives in \(wanted); name a directory that nobody uses")
        }
        guard place != "/", real != "/" else { throw error("a directory of the root is nobody's to delete") }
        let descriptor = unsafe open(wanted, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if FileStatus(wanted) != nil { throw error("\(wanted) is no directory of this user") }
            guard unsafe access(parent, W_OK | X_OK) == 0 else {
                throw error("this user cannot make directories in \(parent)")
            }
            return
        }
        defer { close(descriptor) }
        if let problem = problem(of: descriptor, wanted) { throw error(problem) }
    }

    /// Where people live, and where this process is: none of that is to be deleted.
    private static func homes(_ environment: [String: String]) -> [String] {
        var homes = [environment["HOME"], FileManager.default.currentDirectoryPath].compactMap(\.self)
        for user in [getuid(), geteuid()] {
            if let entry = unsafe getpwuid(user) {
                unsafe homes.append(String(cString: entry.pointee.pw_dir))
            }
        }
        return homes.filter { $0 != "/" }.map { real($0) ?? URL(filePath: $0).standardizedFileURL.path }
    }

    private static func real(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }

    /// What keeps a directory from being the room's; `nil`: nothing, it has made it, or there is nothing in it.
    private static func problem(of descriptor: CInt, _ path: String) -> String? {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_uid == geteuid() else {
            return "\(path) is another user's"
        }
        guard status.st_mode & 0o022 == 0 else { return "others may write in \(path)" }
        var mark = stat()
        if unsafe fstatat(descriptor, Self.mark, &mark, AT_SYMLINK_NOFOLLOW) == 0,
            mark.st_mode & S_IFMT == S_IFREG, mark.st_uid == geteuid()
        {
            return nil
        }
        guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
            return "\(path) is not empty, and no room has made it; name a directory that nobody uses"
        }
        return nil
    }

    private static func error(_ problem: String) -> ConfigurationError {
        ConfigurationError(key: "desk.home", problem: problem)
    }

    // MARK: Making it new

    /// A directory in it, which its user may read and write and nobody else; its descriptor is the caller's.
    ///
    /// Programs that run as the room's own user may have put something else in its place.
    private func makeDirectory(_ name: String) throws(ConfigurationError) -> CInt {
        for _ in 0..<2 {
            let made = unsafe mkdirat(descriptor, name, 0o700) == 0
            let directory = unsafe CLinux_open_entry(descriptor, name)
            if directory >= 0 {
                if made, let user {
                    unsafe fchownat(descriptor, name, user.id, user.group, AT_SYMLINK_NOFOLLOW)
                }
                return directory
            }
            unsafe unlinkat(descriptor, name, 0)
        }
        throw Self.error("cannot make the directory \(path)/\(name)")
    }

    /// Deletes what is in them, and has the home begin with the skeleton.
    ///
    /// - Parameters:
    ///   - executable: This program.
    ///   - skeleton: Whose files are copied; `nil`: it begins empty.
    /// - Returns: Whether nothing is left of before.
    func makeNew(
        _ processes: ChildProcesses,
        executable: String,
        skeleton: String?,
        confinement: Confinement
    ) async -> Bool {
        var mark = stat()
        guard unsafe fstatat(descriptor, Self.mark, &mark, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        var directories: [CInt] = []
        defer { for directory in directories { close(directory) } }
        for name in Self.names {
            guard let directory = try? makeDirectory(name) else { return false }
            directories.append(directory)
        }
        var launch = ProcessLaunch(path: executable, arguments: ["new-home"])
        if let skeleton { launch.arguments += ["--skeleton", skeleton, "--home", home] }
        launch.descriptors = directories
        launch.confinement = confinement
        launch.confinement?.network = .none
        launch.niceness = ThreadPriority.application
        guard let child = try? await processes.start(launch) else { return false }
        var isNew = false
        for await ending in child.ending { isNew = ending.reason == .exited(0) }
        return isNew
    }
}
