internal import CLinux
internal import Glibc

/// A TCP connection that carries media, whoever reads and writes it.
public enum MediaStream {
    /// Has the kernel send at once, keep little, and look at what the path carries.
    public static func setOptions(of descriptor: CInt) {
        set(TCP_NODELAY, 1, of: descriptor)
        set(TCP_NOTSENT_LOWAT, unsentInKernel, of: descriptor)
        // Where there is none, or it is not allowed, the usual one does.
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_CONGESTION, control, socklen_t(control.utf8.count))
    }

    private static func set(_ option: CInt, _ value: CInt, of descriptor: CInt) {
        var value = value
        setsockopt(descriptor, CInt(IPPROTO_TCP), option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Bytes that the kernel takes beyond what is on its way: some 100 ms of a narrow path, and enough to keep a wide one full
    /// between two wake-ups.
    private static let unsentInKernel: CInt = 16 << 10
    /// It goes by what the path carries, not by whether it loses: what other algorithms send over a path that loses 2 % is a
    /// fraction of it.
    private static let control = "bbr"
}
