internal import Glibc
internal import Wire

/// Memory that one thread's connections share: to receive into, and to hand frames to the kernel from where they lie.
public final class FrameMemory {
    /// Frames of one system call.
    static let size = 64
    /// Bytes of one.
    static let received = 64 << 10

    let slab = UnsafeMutableRawBufferPointer.allocate(byteCount: received, alignment: 64)
    /// A length before each datagram, and both in turns.
    private let lengths = UnsafeMutablePointer<UInt16>.allocate(capacity: size)
    private let vectors = UnsafeMutablePointer<iovec>.allocate(capacity: 2 * size)

    public init() {
        lengths.initialize(repeating: 0, count: Self.size)
        vectors.initialize(repeating: iovec(), count: 2 * Self.size)
    }

    deinit {
        slab.deallocate()
        lengths.deallocate()
        vectors.deallocate()
    }

    /// Hands datagrams to the kernel as frames; returns how many bytes it took, or -1.
    func send(_ datagrams: Range<Int>, of queue: borrowing TransmitQueue, to socket: CInt) -> Int {
        precondition(datagrams.count <= Self.size, "a batch is cut to size")
        let all = queue.datagrams
        for (index, place) in datagrams.enumerated() {
            let datagram = all[place]
            lengths[index] = UInt16(datagram.length).bigEndian
            vectors[2 * index].iov_base = UnsafeMutableRawPointer(lengths + index)
            vectors[2 * index].iov_len = FrameReader.header
            vectors[2 * index + 1].iov_base = queue.baseAddress + datagram.offset
            vectors[2 * index + 1].iov_len = datagram.length
        }
        var message = msghdr()
        message.msg_iov = vectors
        message.msg_iovlen = 2 * datagrams.count
        return sendmsg(socket, &message, CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT))
    }
}
