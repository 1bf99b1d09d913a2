internal import CLinux
internal import Glibc

/// A non-blocking Unix socket that keeps message boundaries and order (`SOCK_SEQPACKET`, unix(7)).
///
/// One process listens on a path; another connects to it. The type is noncopyable: whoever holds it owns
/// the descriptor.
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

    /// Listens on `path`, replacing what lies there.
    public init(listeningOn path: String) throws(SystemError) {
        unlink(path)
        self = try Self(at: path) { descriptor, name, length in
            let result = bind(descriptor, name, length)
            return result < 0 ? result : listen(descriptor, 4)
        }
    }

    /// Connects to the process that listens on `path`.
    public init(connectingTo path: String) throws(SystemError) {
        self = try Self(at: path) { connect($0, $1, $2) }
    }

    /// The next process that has connected to this listening socket, or `nil` if none waits.
    public func accept() -> SeqPacketSocket? {
        let accepted = CLinux_accept4(descriptor, CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue))
        return accepted < 0 ? nil : SeqPacketSocket(adopting: accepted)
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

        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = try SystemError.check(socket(AF_UNIX, type, 0))
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
}
