internal import CLinux
internal import Glibc

/// What a process keeps from others of the same user.
public enum ProcessPrivacy {
    /// Keeps this process's memory, environment and descriptors from others of its user (`PR_SET_DUMPABLE`), and from a core
    /// file, also of its children.
    ///
    /// The kernel then gives root the process's files in `/proc`; to itself they stay open.
    public static func protect() {
        _ = CLinux_protect()
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    }

    /// Whether this process may start others as another user, and end them.
    public static var canActAsOthers: Bool {
        [CLINUX_CAP_SETUID, CLINUX_CAP_SETGID, CLINUX_CAP_KILL].allSatisfy {
            CLinux_has_capability(UInt32($0)) != 0
        }
    }

    /// Makes what descends from this process its own child when it loses its parent.
    static func adoptOrphans() -> CInt { CLinux_adopt_orphans() }
}
