internal import CLinux
internal import Glibc

/// What a process that is not trusted may do, as far as the kernel can keep it from more.
///
/// It always loses all capabilities, gains none by `execve(2)`, and gets no system calls that look into other processes
/// (seccomp(2)). Landlock (landlock(7)) keeps it from the memory, the environment and the descriptors of processes outside
/// its own family, from their signals (version 6), from files, and from a TCP port (version 4).
public struct Confinement: Hashable, Sendable {
    public struct User: Hashable, Sendable {
        public var id: UInt32
        public var group: UInt32
        public var home: String
        public var name: String

        public init(id: UInt32, group: UInt32, home: String, name: String) {
            self.id = id
            self.group = group
            self.home = home
            self.name = name
        }
    }

    public enum Network: Hashable, Sendable {
        case all
        /// Every TCP port but these.
        case allButPorts([UInt16])
        /// Unix sockets only.
        case none
    }

    /// Whom it runs as; `nil`: as this process.
    public var user: User?
    /// Which files it may touch.
    public var files = ReachableFiles()
    public var network = Network.all

    public init() {}

    /// What the kernel cannot do of it, in words; `nil` if it can do everything.
    public static var shortcoming: String? {
        switch CLinux_landlock_version() {
        case 0: "the kernel has no landlock: files of the room's user and its processes are open to them"
        case 1..<4: "landlock is older than version 4: the room's own port and signals are open to them"
        case 4..<6: "landlock is older than version 6: they may end processes of the room's user"
        default: nil
        }
    }

    /// A landlock ruleset, which the caller closes; `nil` where there is no landlock.
    func ruleset() throws(SystemError) -> CInt? {
        let version = CLinux_landlock_version()
        guard version > 0 else { return nil }
        var rights = Rights.all
        if version < 2 { rights.remove(.refer) }
        if version < 3 { rights.remove(.truncate) }
        var tcp: UInt64 = 0
        if case .allButPorts = network, version >= 4 { tcp = Self.connect }
        let ruleset = try SystemError.check(
            CLinux_landlock_create(rights.rawValue, tcp, version >= 6 ? Self.signals : 0)
        )
        for path in files.allowed() { Self.allow(path, rights, in: ruleset) }
        if tcp != 0, case .allButPorts(let closed) = network {
            for port in 0...UInt64(UInt16.max) where !closed.contains(where: { port == UInt64($0) }) {
                CLinux_landlock_allow_port(ruleset, port, tcp)
            }
        }
        return ruleset
    }

    /// A ruleset by which a process does without nothing that it has a use for, and is kept out of all others for being under
    /// one; `nil` where there is no landlock.
    static func apart() throws(SystemError) -> CInt? {
        let version = CLinux_landlock_version()
        guard version > 0 else { return nil }
        return try SystemError.check(
            CLinux_landlock_create(
                Rights.ofSpecialFiles.rawValue,
                0,
                version >= 6 ? abstractSockets | signals : 0
            )
        )
    }

    private static func allow(_ path: String, _ rights: Rights, in ruleset: CInt) {
        let descriptor = CLinux_open_path(path)
        // What has vanished needs no rule.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let rights = isDirectory ? rights : rights.intersection(.ofFiles)
        CLinux_landlock_allow_path(ruleset, descriptor, rights.rawValue)
    }

    /// The rights that are withheld where they are not given: all but to run a program and to list a directory, which tell
    /// nothing.
    private struct Rights: OptionSet {
        var rawValue: UInt64

        static let refer = Rights(rawValue: 1 << 13)
        static let truncate = Rights(rawValue: 1 << 14)
        static let ofFiles = Rights(rawValue: 1 << 1 | 1 << 2 | 1 << 14)
        static let all = Rights(rawValue: 0x7ff6)
        /// To make devices, sockets and pipes that have a name.
        static let ofSpecialFiles = Rights(rawValue: 1 << 6 | 1 << 9 | 1 << 10 | 1 << 11)
    }

    private static let connect: UInt64 = 1 << 1
    private static let abstractSockets: UInt64 = 1 << 0
    private static let signals: UInt64 = 1 << 1
}
