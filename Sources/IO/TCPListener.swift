internal import CLinux
internal import Glibc
public import Wire

/// A TCP port that connections are taken from without waiting.
///
/// Dual-stack like ``UDPSocket``.
public struct TCPListener: ~Copyable {
    public let descriptor: CInt
    /// The address the socket is bound to.
    public let localAddress: SocketAddress

    /// What ``accept()`` has come to.
    public enum Outcome {
        case accepted(FramedSocket)
        /// Nobody waits.
        case nobody
        /// Somebody waits and this process may open no more descriptors, or has no memory: ask again later.
        case exhausted
    }

    /// - Parameters:
    ///   - address: Where to bind; `nil` is every address of the machine.
    ///   - port: Used when `address` is `nil`; 0 is any free port.
    public init(boundTo address: SocketAddress? = nil, port: UInt16) throws(SystemError) {
        let target = address ?? SocketAddress(high: 0, low: 0, port: port)
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        var descriptor = target.ipv4 == nil ? socket(AF_INET6, type, 0) : -1
        let isDualStack = descriptor >= 0
        if descriptor < 0 {
            guard address == nil || target.ipv4 != nil else { throw SystemError(number: errno) }
            descriptor = try SystemError.check(socket(AF_INET, type, 0))
        }
        Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if isDualStack { Self.set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        do {
            let bound =
                isDualStack
                ? try UDPSocket.bind(descriptor, sockaddr_in6(target)) { SocketAddress($0) }
                : try UDPSocket.bind(descriptor, sockaddr_in(target)) { SocketAddress($0) }
            try SystemError.check(listen(descriptor, Self.backlog))
            self.descriptor = descriptor
            localAddress = bound
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Takes the next connection.
    public func accept() -> Outcome {
        while true {
            let connection = CLinux_accept(descriptor)
            guard connection < 0 else {
                // One that is over already is none.
                guard let socket = try? FramedSocket(adopting: connection) else { continue }
                return .accepted(socket)
            }
            switch errno {
            case EAGAIN: return .nobody
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            // Anything else is that one connection's (accept(2)).
            default: continue
            }
        }
    }

    private static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    private static let backlog: CInt = 512
}
