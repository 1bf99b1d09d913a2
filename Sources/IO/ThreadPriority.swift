internal import Glibc

/// Who goes first when the processors are busy (`nice(1)`).
///
/// What is about to be shown or heard goes before what is only computed. Root, `CAP_SYS_NICE` or `ulimit -e` allow
/// to go before others; in a container without capabilities what can wait is started as less important instead.
public enum ThreadPriority {
    /// The niceness of what carries pictures and sound, where it is allowed.
    public static let media = -10
    /// The niceness of the programs on the desk.
    public static let application = 5

    /// Gives the calling thread, and those that it starts from now on, ``media``; returns whether it is allowed.
    @discardableResult
    public static func raise() -> Bool {
        setpriority(thisThread, 0, CInt(media)) == 0
    }

    /// Whether ``raise()`` is allowed.
    public static var canRaise: Bool {
        let before = getpriority(thisThread, 0)
        defer { setpriority(thisThread, 0, before) }
        return raise()
    }

    /// What the kernel takes for the calling thread's own, if the id is 0.
    private static let thisThread = CInt(PRIO_PROCESS.rawValue)

    /// The niceness that this process was started with, which is its first thread's: others may have been given one of their own.
    static var ofProcess: Int { Int(getpriority(CInt(PRIO_PROCESS.rawValue), id_t(getpid()))) }

    /// The niceness of the calling thread.
    public static var current: Int { Int(getpriority(thisThread, 0)) }
}
