internal import CLinux
internal import Glibc

/// A non-blocking Unix socket that keeps message boundaries and order (`SOCK_SEQPACKET`, unix(7)).
///
/// Two of them are made as a pair, one of which a child process inherits, so that there is nothing in the file system that
/// others could connect to. The type is noncopyable: whoever holds it owns the descriptor.
public struct SeqPacketSocket: ~Copyable, Sendable {
    /// What ``receive(into:)`` found.
    public enum Reception: Hashable, Sendable {
        /// A message of this many bytes; a longer one than the buffer is cut to the buffer's length.
        case message(Int)
        /// Nothing is there now.
        case wouldBlock
        /// The peer is gone.
        case closed
    }

    public let descriptor: CInt

    /// Makes two sockets that are connected with each other; the second one replaces `peer`.
    public init(pairedWith peer: inout SeqPacketSocket?) throws(SystemError) {
        var ends: (CInt, CInt) = (-1, -1)
        let result = withUnsafeMutableBytes(of: &ends) { bytes in
            socketpair(AF_UNIX, Self.kind, 0, bytes.baseAddress?.assumingMemoryBound(to: CInt.self))
        }
        try SystemError.check(result)
        peer = SeqPacketSocket(adopting: ends.1)
        self.init(adopting: ends.0)
    }

    /// Takes over a socket that this process was started with.
    ///
    /// Throws if the descriptor is not open, or another kind of thing.
    public init(inheriting descriptor: CInt) throws(SystemError) {
        var type: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        try SystemError.check(getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length))
        guard type == CInt(SOCK_SEQPACKET.rawValue) else { throw SystemError(number: EPROTOTYPE) }
        try SystemError.check(fcntl(descriptor, F_SETFD, FD_CLOEXEC))
        try SystemError.check(fcntl(descriptor, F_SETFL, O_NONBLOCK))
        self.init(adopting: descriptor)
    }

    /// Connects to the process that listens on `path`.
    public init(connectingTo path: String) throws(SystemError) {
        self = try Self(at: path) { connect($0, $1, $2) }
    }

    deinit {
        close(descriptor)
    }

    /// A second owner of the same connection, so that one thread can send while another receives.
    public borrowing func duplicate() throws(SystemError) -> SeqPacketSocket {
        SeqPacketSocket(adopting: try SystemError.check(fcntl(descriptor, F_DUPFD_CLOEXEC, 0)))
    }

    /// Sends `message` whole.
    ///
    /// - Returns: `false` if the peer does not keep up or is gone; the message is then dropped.
    public func send(_ message: RawSpan) -> Bool {
        message.withUnsafeBytes { bytes in
            Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)) == bytes.count
        }
    }

    /// Sends `message` with a copy of another socket; the caller's stays its own.
    ///
    /// - Returns: `false` if the peer does not keep up or is gone; the message is then dropped.
    public func send(_ message: RawSpan, with socket: borrowing SeqPacketSocket) -> Bool {
        let other = socket.descriptor
        return message.withUnsafeBytes { bytes in
            CLinux_send_descriptor(descriptor, bytes.baseAddress, bytes.count, other) == bytes.count
        }
    }

    /// Receives one message into `buffer`, and the socket that came with it; other descriptors are closed.
    public func receive(
        into buffer: inout MutableRawSpan,
        with socket: inout SeqPacketSocket?
    ) -> Reception {
        var other: CInt = -1
        let count = buffer.withUnsafeMutableBytes { bytes in
            CLinux_receive_descriptor(descriptor, bytes.baseAddress, bytes.count, &other)
        }
        let error = errno
        socket = nil
        if other >= 0 {
            if let received = try? SeqPacketSocket(inheriting: other) {
                socket = consume received
            } else {
                close(other)
            }
        }
        if count > 0 { return .message(count) }
        if count < 0, error == EAGAIN || error == EINTR { return .wouldBlock }
        return .closed
    }

    /// Receives one message into `buffer`.
    public func receive(into buffer: inout MutableRawSpan) -> Reception {
        let count = buffer.withUnsafeMutableBytes { bytes in
            recv(descriptor, bytes.baseAddress, bytes.count, 0)
        }
        if count > 0 { return .message(count) }
        if count < 0, errno == EAGAIN || errno == EINTR { return .wouldBlock }
        return .closed
    }

    private init(adopting descriptor: CInt) {
        self.descriptor = descriptor
    }

    private init(
        at path: String,
        _ attach: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) throws(SystemError) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: name.sun_path) else {
            throw SystemError(number: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }

        let descriptor = try SystemError.check(socket(AF_UNIX, Self.kind, 0))
        let result = withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                attach(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result >= 0 else {
            let failure = SystemError(number: errno)
            close(descriptor)
            throw failure
        }
        self.init(adopting: descriptor)
    }

    private static let kind =
        CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
}
