internal import CLinux
internal import Glibc
internal import Wire

/// Memory for one `recvmmsg`: as many datagrams as ``size``, wired up once.
final class ReceiveBatch {
    static let size = UDPSocket.batchSize

    /// Datagrams of the last call that did not fit and were left out.
    private(set) var oversized = 0

    private let slab = UnsafeMutableRawBufferPointer.allocate(
        byteCount: size * UDPSocket.datagramCapacity,
        alignment: 64
    )
    private let names = UnsafeMutablePointer<sockaddr_in6>.allocate(capacity: size)
    private let vectors = UnsafeMutablePointer<iovec>.allocate(capacity: size)
    private let messages = UnsafeMutablePointer<CLinux_mmsghdr>.allocate(capacity: size)
    /// Where the kernel says at which address each datagram arrived; `nil`: nobody asks.
    private let controls: UnsafeMutableRawPointer?
    /// The messages that hold a whole datagram, in order of arrival.
    private let whole = UnsafeMutablePointer<Int>.allocate(capacity: size)

    init(tellsLocalAddress: Bool) {
        controls =
            tellsLocalAddress
            ? UnsafeMutableRawPointer.allocate(byteCount: Self.size * Int(CLINUX_CONTROL_SIZE), alignment: 16)
            : nil
        names.initialize(repeating: sockaddr_in6(), count: Self.size)
        vectors.initialize(repeating: iovec(), count: Self.size)
        messages.initialize(repeating: CLinux_mmsghdr(), count: Self.size)
        whole.initialize(repeating: 0, count: Self.size)
        for index in 0..<Self.size {
            vectors[index].iov_base = slab.baseAddress.unsafelyUnwrapped + index * UDPSocket.datagramCapacity
            vectors[index].iov_len = UDPSocket.datagramCapacity
            messages[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names + index)
            messages[index].msg_hdr.msg_iov = vectors + index
            messages[index].msg_hdr.msg_iovlen = 1
            messages[index].msg_hdr.msg_control = controls.map { $0 + index * Int(CLINUX_CONTROL_SIZE) }
        }
    }

    deinit {
        slab.deallocate()
        names.deallocate()
        vectors.deallocate()
        messages.deallocate()
        controls?.deallocate()
        whole.deallocate()
    }

    /// Receives what is there; returns how many datagrams can be looked at.
    func receive(from socket: CInt, isDualStack: Bool) -> Int {
        let length = isDualStack ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size
        let room = controls == nil ? 0 : Int(CLINUX_CONTROL_SIZE)
        for index in 0..<Self.size {
            messages[index].msg_hdr.msg_namelen = socklen_t(length)
            messages[index].msg_hdr.msg_controllen = room
        }
        let received = max(0, Int(CLinux_recvmmsg(socket, messages, CUnsignedInt(Self.size), 0)))
        oversized = 0
        var count = 0
        for index in 0..<received {
            guard messages[index].msg_hdr.msg_flags & CInt(MSG_TRUNC) == 0 else {
                oversized += 1
                continue
            }
            whole[count] = index
            count += 1
        }
        return count
    }

    func bytes(at index: Int) -> UnsafeMutableRawBufferPointer {
        let start = whole[index] * UDPSocket.datagramCapacity
        return UnsafeMutableRawBufferPointer(
            rebasing: slab[start..<(start + Int(messages[whole[index]].msg_len))]
        )
    }

    /// The address at which the datagram arrived and its interface, if that was asked for.
    func local(at index: Int) -> (address: in6_addr, interface: CUnsignedInt)? {
        var address = in6_addr()
        var interface: CUnsignedInt = 0
        guard controls != nil,
            CLinux_read_local_address(&messages[whole[index]].msg_hdr, &address, &interface) == 1
        else { return nil }
        return (address, interface)
    }

    func source(at index: Int, isDualStack: Bool) -> SocketAddress {
        let name = names + whole[index]
        guard !isDualStack else { return SocketAddress(name.pointee) }
        return UnsafeRawPointer(name).withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
            SocketAddress($0.pointee)
        }
    }
}
