internal import CLinux
internal import Glibc

/// The name of a Unix stream socket: a path, or a name in the network namespace's own list ("abstract", unix(7)).
public struct UnixName: Hashable, Sendable {
    public var path: String
    public var isAbstract: Bool

    public init(_ path: String, isAbstract: Bool = false) {
        self.path = path
        self.isAbstract = isAbstract
    }

    /// The process that listens under this name; `nil` if nobody does, or it does not answer at once.
    public var listener: Int32? {
        withSocket { socket, name, length in
            guard connect(socket, name, length) == 0 else { return nil }
            let peer = CLinux_peer(socket)
            return peer > 0 ? peer : nil
        }
    }

    /// Whether somebody has this abstract name.
    public var isTaken: Bool {
        withSocket { socket, name, length in bind(socket, name, length) != 0 && errno == EADDRINUSE } ?? false
    }

    private func withSocket<Result>(
        _ body: (CInt, UnsafePointer<sockaddr>, socklen_t) -> Result?
    ) -> Result? {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let bytes = (isAbstract ? [0] : []) + Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: name.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: bytes) }
        let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
        return withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { body(descriptor, $0, socklen_t(length)) }
        }
    }
}
