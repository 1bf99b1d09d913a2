internal import CLinux
internal import Glibc

/// What a process gives up, for good, that serves strangers over the internet and needs nothing else.
public enum Seclusion {
    /// From now on no thread of this process starts a program, makes a process, looks into one or sends it a signal, mounts
    /// anything, or has sockets other than the internet's and the kernel's own (netlink(7)): a Unix socket that it inherited stays
    /// good, and no other is to be had (seccomp(2)).
    ///
    /// - Returns: Whether the kernel can do that.
    /// - Throws: What the system says, where it can and does not.
    public static func begin() throws(SystemError) -> Bool {
        try SystemError.check(CLinux_seclude()) == 0
    }
}
