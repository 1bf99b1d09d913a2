internal import Foundation
internal import Glibc
internal import IO

/// The room's own directory, which nobody else may enter, and in it the one that it shares with the programs on the desk.
///
/// Programs get nothing of the room's from it but the key to the X display and the socket of the sound server.
///
/// One that was made for this start is locked until the end, so that a later room removes what a killed one leaves behind
/// (``Leftovers``).
struct RuntimeDirectory: Sendable {
    let path: String
    /// The directory of the desk's programs, theirs alone; also their `XDG_RUNTIME_DIR`.
    let shared: String
    /// Whom it belongs to; `nil`: the room's own user.
    private let user: Confinement.User?
    /// Whether to remove it at the end.
    private let isOurs: Bool
    /// `nil` for one that was given.
    private let lock: FileLock?

    /// Takes the directory at `wanted`, made if it is missing, or makes a fresh one under the user's runtime
    /// directory.
    ///
    /// - Parameter user: Whom the desk's programs run as, if not as the room.
    /// - Throws: ``ConfigurationError`` in words if it cannot be made, or others may enter it.
    init(_ wanted: String?, user: Confinement.User?, environment: [String: String]) throws(ConfigurationError)
    {
        if let wanted {
            path = wanted
            isOurs = false
            lock = nil
            unsafe mkdir(wanted, 0o700)
            _ = Leftovers.removeDisplay(notedIn: wanted)
        } else {
            // Nobody else gets through to a user's own runtime directory.
            let own = user == nil ? environment["XDG_RUNTIME_DIR"] : nil
            let parent = own.flatMap { FileStatus.exists($0) ? $0 : nil } ?? "/tmp"
            _ = Leftovers(in: parent)
            var template = Array("\(parent)/\(Self.prefix)XXXXXX".utf8CString)
            guard unsafe mkdtemp(&template) != nil else {
                throw ConfigurationError(key: "runtime.dir", problem: "cannot make a directory in \(parent)")
            }
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
            isOurs = true
            lock = FileLock(making: path + "/" + Self.lockName)
        }
        self.user = user
        shared = path + "/desk"
        guard let status = FileStatus(path), status.isDirectory else {
            throw ConfigurationError(key: "runtime.dir", problem: "cannot make the directory \(path)")
        }
        guard status.isPrivate(letsThrough: user != nil) else {
            throw ConfigurationError(
                key: "runtime.dir",
                problem: "others may enter \(path); make it this user's, with mode 700"
            )
        }
        // Another user passes through to what is theirs, and sees nothing on the way.
        if user != nil { unsafe chmod(path, 0o711) }
        _ = try makeDirectory("desk")
    }

    /// A directory of the desk's user in it, made if it is missing.
    func makeDirectory(_ name: String) throws(ConfigurationError) -> String {
        let directory = path + "/" + name
        unsafe mkdir(directory, 0o700)
        if let user { unsafe chown(directory, user.id, user.group) }
        guard let status = FileStatus(directory), status.isDirectory else {
            throw ConfigurationError(key: "runtime.dir", problem: "cannot make the directory \(directory)")
        }
        return directory
    }

    /// What the names of those begin with that are made for one start.
    static let prefix = "deskroom-"
    static let lockName = "lock"

    func remove() {
        if isOurs { try? FileManager.default.removeItem(atPath: path) }
    }
}
