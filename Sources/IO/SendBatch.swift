internal import CLinux
internal import Glibc
internal import Wire

/// Memory for one `sendmmsg`: up to ``size`` messages, each one datagram or a run cut by `UDP_SEGMENT`.
final class SendBatch {
    static let size = 64

    private let names = UnsafeMutablePointer<sockaddr_in6>.allocate(capacity: size)
    private let vectors = UnsafeMutablePointer<iovec>.allocate(capacity: size)
    private let messages = UnsafeMutablePointer<CLinux_mmsghdr>.allocate(capacity: size)
    private let controls = UnsafeMutableRawPointer.allocate(
        byteCount: size * Int(CLINUX_CONTROL_SIZE),
        alignment: 16
    )
    private let counts = UnsafeMutablePointer<Int>.allocate(capacity: size)

    init() {
        names.initialize(repeating: sockaddr_in6(), count: Self.size)
        vectors.initialize(repeating: iovec(), count: Self.size)
        messages.initialize(repeating: CLinux_mmsghdr(), count: Self.size)
        counts.initialize(repeating: 0, count: Self.size)
        controls.initializeMemory(as: UInt8.self, repeating: 0, count: Self.size * Int(CLINUX_CONTROL_SIZE))
        for index in 0..<Self.size {
            messages[index].msg_hdr.msg_name = UnsafeMutableRawPointer(names + index)
            messages[index].msg_hdr.msg_iov = vectors + index
            messages[index].msg_hdr.msg_iovlen = 1
        }
    }

    deinit {
        names.deallocate()
        vectors.deallocate()
        messages.deallocate()
        controls.deallocate()
        counts.deallocate()
    }

    /// Lays out messages for the datagrams of `queue` from `start` on, apart from those to connections.
    ///
    /// - Returns: How many messages, of how many datagrams, and the index of the first datagram that found no place.
    func fill(
        from queue: borrowing TransmitQueue,
        at start: Int,
        isDualStack: Bool,
        segments: Bool,
        locals: LocalAddresses
    ) -> (messages: Int, datagrams: Int, end: Int) {
        let datagrams = queue.datagrams
        var message = 0
        var count = 0
        var next = start
        while next < datagrams.count, message < Self.size {
            let first = datagrams[next]
            let run = segments ? Self.runLength(in: datagrams, from: next) : (count: 1, bytes: first.length)
            guard !first.destination.isConnection else {
                next += run.count
                continue
            }
            vectors[message].iov_base = queue.baseAddress + first.offset
            vectors[message].iov_len = run.bytes
            counts[message] = run.count
            if isDualStack {
                names[message] = sockaddr_in6(first.destination)
                messages[message].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_in6>.size)
            } else {
                UnsafeMutableRawPointer(names + message)
                    .storeBytes(of: sockaddr_in(first.destination), as: sockaddr_in.self)
                messages[message].msg_hdr.msg_namelen = socklen_t(MemoryLayout<sockaddr_in>.size)
            }
            let control = controls + message * Int(CLINUX_CONTROL_SIZE)
            var length = run.count > 1 ? CLinux_write_udp_segment(control, UInt16(first.length)) : 0
            if let local = locals[first.destination.via] {
                var address = local.address
                length += CLinux_write_local_address(
                    control + length,
                    isDualStack ? AF_INET6 : AF_INET,
                    &address,
                    local.interface
                )
            }
            messages[message].msg_hdr.msg_control = length == 0 ? nil : control
            messages[message].msg_hdr.msg_controllen = length
            next += run.count
            count += run.count
            message += 1
        }
        return (message, count, next)
    }

    func send(to socket: CInt, from first: Int, count: Int) -> Int {
        Int(CLinux_sendmmsg(socket, messages + first, CUnsignedInt(count), 0))
    }

    /// How many datagrams the message at `index` carries.
    func datagramCount(of index: Int) -> Int { counts[index] }

    /// The longest run from `start` that one `UDP_SEGMENT` send can carry: the kernel cuts at every
    /// `length` bytes, so all but the last must be equal and the last no longer.
    private static func runLength(
        in datagrams: [TransmitQueue.Datagram],
        from start: Int
    ) -> (count: Int, bytes: Int) {
        let first = datagrams[start]
        var count = 1
        var bytes = first.length
        while count < maximumSegments, start + count < datagrams.count {
            let datagram = datagrams[start + count]
            guard datagram.destination == first.destination, datagram.length <= first.length,
                bytes + datagram.length <= maximumBytes
            else { break }
            count += 1
            bytes += datagram.length
            if datagram.length < first.length { break }
        }
        return (count, bytes)
    }

    /// `UDP_MAX_SEGMENTS` of kernels before 6.9.
    private static let maximumSegments = 64
    /// What fits in one IP datagram's 16-bit length beside its headers.
    private static let maximumBytes = 65_000
}
