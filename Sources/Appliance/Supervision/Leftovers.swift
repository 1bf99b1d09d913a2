internal import Foundation
internal import Glibc

/// What rooms have left behind that were killed: runtime directories, and the locks of their X servers.
///
/// A room locks a file in its directory for as long as it lives. So a directory of this user that has such a file, which
/// nobody has locked, is a dead room's. A display is removed if the process that is noted there as its server also is the
/// one in the display's lock, and is gone.
package struct Leftovers: Sendable {
    /// How many directories were removed.
    package private(set) var directories = 0
    /// How many displays were removed.
    package private(set) var displays = 0

    /// Removes what is left in `parent`.
    ///
    /// - Parameter x: Where X servers have their locks.
    package init(in parent: String, x: String = "/tmp") {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
        for name in names where name.hasPrefix(RuntimeDirectory.prefix) {
            let path = parent + "/" + name
            guard let status = FileStatus(path), status.isDirectory, status.isOwn,
                // As long as it is held here no other room can take it for dead, too.
                let lock = FileLock(taking: path + "/" + RuntimeDirectory.lockName)
            else { continue }
            if Self.removeDisplay(notedIn: path, x) { displays += 1 }
            if (try? FileManager.default.removeItem(atPath: path)) != nil { directories += 1 }
            withExtendedLifetime(lock) {}
        }
    }

    /// Removes the lock and the socket of a display whose server is gone; returns whether there was one.
    static func removeDisplay(notedIn directory: String, _ x: String = "/tmp") -> Bool {
        guard let note = DisplayNote(in: directory), note.isDead else { return false }
        let lock = "\(x)/.X\(note.number)-lock"
        guard let status = FileStatus(lock), !status.isDirectory, XLock(lock)?.server == note.server else {
            return false
        }
        unsafe unlink("\(x)/.X11-unix/X\(note.number)")
        return unsafe unlink(lock) == 0
    }
}

/// Which display a room's X server has, and which process it is; kept in the room's directory.
package struct DisplayNote: Hashable, Sendable {
    package let number: Int
    package let server: Int32

    package init(number: Int, server: Int32) {
        self.number = number
        self.server = server
    }

    package init?(in directory: String) {
        let words = (try? String(contentsOfFile: Self.path(directory), encoding: .utf8))?.split(
            separator: " "
        )
        guard let words, words.count == 2, let number = Int(words[0]), let server = Int32(words[1]),
            number >= 0,
            server > 1
        else { return nil }
        self.init(number: number, server: server)
    }

    package func write(in directory: String) {
        try? Data("\(number) \(server)".utf8).write(to: URL(filePath: Self.path(directory)), options: .atomic)
    }

    var isDead: Bool { kill(server, 0) != 0 && errno == ESRCH }

    private static func path(_ directory: String) -> String { directory + "/display" }
}

/// The lock of a display, `/tmp/.X20-lock`: its server's process in decimal, with spaces before it.
struct XLock {
    let server: Int32

    init?(_ path: String) {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let server = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else { return nil }
        self.server = server
    }
}
