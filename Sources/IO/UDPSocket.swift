internal import CLinux
internal import Glibc
public import Wire

/// A non-blocking UDP socket that receives and sends in batches.
///
/// It is dual-stack: one socket carries IPv4 and IPv6. Where the kernel has IPv6 switched off it is an IPv4
/// socket. Memory for one batch each way is allocated when the socket is made, and none after that.
public struct UDPSocket: ~Copyable {
    /// Datagrams that one ``receive()`` takes at most.
    public static let batchSize = 64
    /// Bytes kept of a received datagram; a longer one is counted in ``Counters/oversized`` and dropped.
    public static let datagramCapacity = 2_048

    /// What happened since the socket was made.
    public struct Counters: Hashable, Sendable {
        /// Datagrams received and longer than ``UDPSocket/datagramCapacity``.
        public var oversized = 0
        /// Datagrams that the kernel did not take: its buffer was full or there was no route.
        public var unsent = 0
        /// Datagrams handed to the kernel, the messages that they were joined to, and the system calls that
        /// took.
        public var sent = 0
        public var messages = 0
        public var sendCalls = 0
    }

    public let descriptor: CInt
    /// The address the socket is bound to.
    public let localAddress: SocketAddress
    public private(set) var counters = Counters()

    private let isDualStack: Bool
    private var segments: Bool
    private let inbox: ReceiveBatch
    private let outbox: SendBatch
    private var locals = LocalAddresses()

    /// Binds a socket.
    ///
    /// - Parameters:
    ///   - address: Where to bind; `nil` is every address of the machine. Port 0 is any free port.
    ///   - port: Used when `address` is `nil`.
    ///   - bufferSize: The kernel's receive and send buffer, in bytes; the kernel may grant less.
    ///   - answersWhereAsked: Whether what is sent to a source leaves from the address where its datagram arrived
    ///     (``SocketAddress/via``), of the several that the machine may have.
    public init(
        boundTo address: SocketAddress? = nil,
        port: UInt16 = 0,
        bufferSize: Int = 4 << 20,
        answersWhereAsked: Bool = false
    ) throws(SystemError) {
        let target = address ?? SocketAddress(high: 0, low: 0, port: port)
        let bound = try Self.open(target, fallsBack: address == nil, bufferSize: bufferSize)
        // Before anything is initialised: Swift 6.3 releases what is not there yet if a member of a type that cannot
        // be copied is read in the middle.
        let tellsLocalAddress =
            answersWhereAsked
            && CLinux_receive_local_address(bound.descriptor, bound.isDualStack ? AF_INET6 : AF_INET) == 0
        descriptor = bound.descriptor
        isDualStack = bound.isDualStack
        localAddress = bound.address
        segments = true
        inbox = ReceiveBatch(tellsLocalAddress: tellsLocalAddress)
        outbox = SendBatch()
    }

    deinit {
        close(descriptor)
    }

    // MARK: Receiving

    /// Receives up to ``ReceiveBatch/size`` datagrams with one system call; returns how many there are to
    /// look at.
    ///
    /// Their bytes stay valid until the next call. Fewer than ``ReceiveBatch/size``: the socket is drained.
    public mutating func receive() -> Int {
        let count = inbox.receive(from: descriptor, isDualStack: isDualStack)
        counters.oversized += inbox.oversized
        return count
    }

    /// Gives `body` the datagram at `index` of the last ``receive()``, to read or to decrypt in place.
    public mutating func withDatagram<Result>(
        at index: Int,
        _ body: (inout MutableRawSpan, SocketAddress) -> Result
    ) -> Result {
        var bytes = MutableRawSpan(_unsafeBytes: inbox.bytes(at: index))
        var source = inbox.source(at: index, isDualStack: isDualStack)
        if let local = inbox.local(at: index) {
            source.via = locals.number(of: local.address, local.interface)
        }
        return body(&bytes, source)
    }

    // MARK: Sending

    /// Sends every datagram of `queue` and empties it; what goes to TCP connections is left out.
    ///
    /// A run of datagrams to one destination, equal in size but for a shorter last one, is one
    /// `UDP_SEGMENT` message; messages go 64 to a `sendmmsg`. What the kernel does not take is dropped and
    /// counted: for real-time media a late packet is a lost packet.
    public mutating func flush(_ queue: inout TransmitQueue) {
        var next = 0
        while next < queue.count {
            let (messages, datagrams, end) = outbox.fill(
                from: queue,
                at: next,
                isDualStack: isDualStack,
                segments: segments,
                locals: locals
            )
            send(messages, datagrams: datagrams)
            next = end
        }
        queue.removeAll()
    }

    private mutating func send(_ messages: Int, datagrams: Int) {
        var first = 0
        counters.sent += datagrams
        while first < messages {
            counters.sendCalls += 1
            let taken = outbox.send(to: descriptor, from: first, count: messages - first)
            if taken > 0 {
                counters.messages += taken
                first += taken
                continue
            }
            let refused = outbox.datagramCount(of: first)
            if refused > 1, errno == EIO || errno == EINVAL || errno == EOPNOTSUPP {
                // The route's device cannot segment: from the next flush on, one message a datagram.
                segments = false
            }
            if errno == EAGAIN {
                let rest = (first..<messages).reduce(0) { $0 + outbox.datagramCount(of: $1) }
                counters.unsent += rest
                counters.sent -= rest
                return
            }
            counters.unsent += refused
            counters.sent -= refused
            first += 1  // One unreachable peer must not cost the others their packets.
        }
    }

    // MARK: Set-up

    private static func open(
        _ target: SocketAddress,
        fallsBack: Bool,
        bufferSize: Int
    ) throws(SystemError) -> (descriptor: CInt, isDualStack: Bool, address: SocketAddress) {
        let type = CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        var descriptor = target.ipv4 == nil ? socket(AF_INET6, type, 0) : -1
        let isDualStack = descriptor >= 0
        if descriptor < 0 {
            guard fallsBack || target.ipv4 != nil else { throw SystemError(number: errno) }
            descriptor = try SystemError.check(socket(AF_INET, type, 0))
        }

        set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 0)
        set(descriptor, SOL_SOCKET, SO_RCVBUF, CInt(clamping: bufferSize))
        set(descriptor, SOL_SOCKET, SO_SNDBUF, CInt(clamping: bufferSize))
        // Beyond `rmem_max` where the process may; refused without harm otherwise.
        set(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, CInt(clamping: bufferSize))
        set(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, CInt(clamping: bufferSize))

        do {
            let address =
                isDualStack
                ? try bind(descriptor, sockaddr_in6(target)) { SocketAddress($0) }
                : try bind(descriptor, sockaddr_in(target)) { SocketAddress($0) }
            return (descriptor, isDualStack, address)
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func set(_ descriptor: CInt, _ level: CInt, _ option: CInt, _ value: CInt) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Binds a socket of any kind, and reads where it is then.
    static func bind<Name>(
        _ descriptor: CInt,
        _ name: Name,
        _ read: (Name) -> SocketAddress
    ) throws(SystemError) -> SocketAddress {
        var name = name
        var length = socklen_t(MemoryLayout<Name>.size)
        let result = withUnsafeMutableBytes(of: &name) { bytes in
            // A socket name is at least as large and as aligned as `sockaddr`, and never empty.
            let address = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self)
            let result = Glibc.bind(descriptor, address, length)
            return result < 0 ? result : getsockname(descriptor, address, &length)
        }
        try SystemError.check(result)
        return read(name)
    }
}
