internal import CLinux
internal import Glibc

/// Memory for one `recvmmsg` of messages that the kernel may have glued together (`UDP_GRO`), shared by every
/// socket of a loop.
final class Inbox {
    private static let messages = 8
    /// The longest that a glued message is.
    private static let capacity = 65_536

    private let slab = UnsafeMutableRawBufferPointer.allocate(byteCount: messages * capacity, alignment: 64)
    private let controls = UnsafeMutableRawPointer.allocate(
        byteCount: messages * Int(CLINUX_CONTROL_SIZE),
        alignment: 16
    )
    private let vectors = UnsafeMutablePointer<iovec>.allocate(capacity: messages)
    private let headers = UnsafeMutablePointer<CLinux_mmsghdr>.allocate(capacity: messages)

    init() {
        vectors.initialize(repeating: iovec(), count: Self.messages)
        headers.initialize(repeating: CLinux_mmsghdr(), count: Self.messages)
        for index in 0..<Self.messages {
            vectors[index].iov_base = slab.baseAddress.map { $0 + index * Self.capacity }
            vectors[index].iov_len = Self.capacity
            headers[index].msg_hdr.msg_iov = vectors + index
            headers[index].msg_hdr.msg_iovlen = 1
            headers[index].msg_hdr.msg_control = controls + index * Int(CLINUX_CONTROL_SIZE)
        }
    }

    deinit {
        slab.deallocate()
        controls.deallocate()
        vectors.deallocate()
        headers.deallocate()
    }

    /// Gives `body` each datagram that has arrived at `socket`.
    func receive(from socket: CInt, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
        var count = Self.messages
        while count == Self.messages {
            for index in 0..<Self.messages {
                headers[index].msg_hdr.msg_controllen = Int(CLINUX_CONTROL_SIZE)
            }
            count = Int(CLinux_recvmmsg(socket, headers, CUnsignedInt(Self.messages), CInt(MSG_DONTWAIT)))
            guard count > 0 else { return }
            for index in 0..<count {
                let length = Int(headers[index].msg_len)
                let segment = Int(CLinux_read_udp_gro(&headers[index].msg_hdr))
                let start = index * Self.capacity
                for offset in stride(from: 0, to: length, by: segment > 0 ? segment : max(length, 1)) {
                    let end = segment > 0 ? min(offset + segment, length) : length
                    body(UnsafeMutableRawBufferPointer(rebasing: slab[(start + offset)..<(start + end)]))
                }
            }
        }
    }
}
