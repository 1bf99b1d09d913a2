internal import Foundation
internal import Glibc
internal import IO
internal import RemoteControl

/// A virtual X server of the room's own: Xvfb on a free display, open only to who has its key.
///
/// A display has two names: a socket in the file system, and one in the network namespace, which clients try first. Another
/// room may have either (its file system or its network may be another), and anybody may take the second. So a number is
/// used only if both are free, and announced only once both are the server's own.
actor XDisplay {
    let screen = SharedScreen()
    /// The number that was tried last.
    private var number = first - 1
    /// Whether the server came up on it.
    private var hasOpened = false
    /// Where it is noted which display the server has.
    private let directory: String

    init(notedIn directory: String) { self.directory = directory }

    /// The arguments of Xvfb, after the display.
    ///
    /// - Parameters:
    ///   - largest: What the screen begins with, and what it can have at most.
    ///   - opensGL: Whether programs can draw by OpenGL, for which the server loads a compiler: 50 MB.
    static func arguments(largest: DeskSize, authority: String, opensGL: Bool) -> [String] {
        [
            "-screen", "0", "\(largest)x24", "-dpi", "96", "-nolisten", "tcp", "-auth", authority,
            "-noreset", "+extension", "RANDR", opensGL ? "+extension" : "-extension", "GLX", "-s", "0",
        ]
    }

    /// The display on which to start the server next: the one before, if it was good, else the next that is free; `nil` if
    /// there is none.
    func choose() -> String? {
        let start = hasOpened ? number : number + 1
        hasOpened = false
        let numbers = Self.first...Self.last
        let candidates = [Array(numbers.filter { $0 >= start }), Array(numbers.filter { $0 < start })]
            .joined()
        guard let free = candidates.first(where: { !Self.isTaken($0) }) else { return nil }
        number = free
        return ":\(free)"
    }

    /// Announces the display as soon as `server` listens on it, under both of its names, and `prepare` has been done on it.
    func announce(server: Int32, prepare: @Sendable (String) async -> Void) async {
        DisplayNote(number: number, server: server).write(in: directory)
        let names = [UnixName(Self.socket(number)), UnixName(Self.socket(number), isAbstract: true)]
        while !Task.isCancelled {
            if names.allSatisfy({ $0.listener == server }) {
                hasOpened = true
                let name = ":\(number)"
                await prepare(name)
                return await screen.open(name)
            }
            try? await Task.sleep(for: Self.poll)
        }
    }

    private static func socket(_ number: Int) -> String { "/tmp/.X11-unix/X\(number)" }

    /// A server that was killed leaves its lock and socket behind; Xvfb removes those of a process that is gone.
    private static func isTaken(_ number: Int) -> Bool {
        if UnixName(socket(number), isAbstract: true).isTaken { return true }
        let path = "/tmp/.X\(number)-lock"
        guard FileStatus.exists(path) else { return FileStatus.exists(socket(number)) }
        guard let lock = XLock(path) else { return true }
        return kill(lock.server, 0) == 0 || errno == EPERM
    }

    private static let first = 20
    private static let last = 999
    private static let poll = Duration.milliseconds(10)
}

/// The key to an X display, in a file as `XAUTHORITY` names it.
struct XAuthority {
    let path: String

    /// Makes a new key; it is good for any display, of any host.
    ///
    /// - Throws: ``ConfigurationError`` if it cannot be written.
    init(at path: String, for user: Confinement.User?) throws(ConfigurationError) {
        self.path = path
        func counted(_ bytes: [UInt8]) -> [UInt8] {
            [UInt8(truncatingIfNeeded: bytes.count >> 8), UInt8(truncatingIfNeeded: bytes.count)] + bytes
        }
        let cookie = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        // Family "wild", no host, no display.
        let entry =
            [0xff, 0xff] + counted([]) + counted([]) + counted(Array("MIT-MAGIC-COOKIE-1".utf8))
            + counted(cookie)
        let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard FileManager.default.createFile(atPath: path, contents: Data(entry), attributes: mode) else {
            throw ConfigurationError(key: "runtime.dir", problem: "cannot write \(path)")
        }
        if let user { unsafe chown(path, user.id, user.group) }
    }
}
