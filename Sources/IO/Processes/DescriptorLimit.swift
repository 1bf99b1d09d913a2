internal import CLinux
internal import Glibc

/// How many files and sockets this process may have open (`RLIMIT_NOFILE`).
public struct DescriptorLimit: Sendable {
    /// What this process was started with, which is what its children are given.
    let original: rlimit
    /// What it may have open now.
    public let value: Int

    /// Reads the limit, and raises it as far as that is allowed and makes sense.
    public init() {
        var limit = rlimit()
        getrlimit(Self.resource, &limit)
        original = limit
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, Self.enough))
        setrlimit(Self.resource, &limit)
        getrlimit(Self.resource, &limit)
        value = Int(clamping: limit.rlim_cur)
    }

    /// How many connections this process may have besides what it has open now, so that ``reserve`` is left.
    ///
    /// - Parameter most: What is enough.
    public func connections(atMost most: Int) -> Int {
        max(1, min(most, value - Self.used - Self.reserve))
    }

    /// What is kept for the process itself: to start programs, to make links with the desk, to read files.
    public static let reserve = 48

    /// How many descriptors are open.
    private static var used: Int {
        guard let directory = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // Itself, "." and "..".
        return count - 3
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    private static let enough: rlim_t = 65_536
}
