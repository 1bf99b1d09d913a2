internal import CLinux
internal import Glibc
public import Wire

/// A TCP connection that carries datagrams as frames (RFC 4571); it never blocks.
///
/// The kernel is given little more than what is on its way (`TCP_NOTSENT_LOWAT`), so that what waits waits here, where it is
/// known. While something does (``isBlocked``), whoever sends should leave pictures out rather than send them: the
/// path is full. What does not fit into a bounded queue is dropped, a whole datagram at a time, and counted.
///
/// After ``isBroken`` nothing comes and nothing goes any more; the owner lets go of it, which closes it.
public final class FramedSocket {
    /// What happened since the socket was made.
    public struct Counters: Hashable, Sendable {
        /// Frames received, and datagrams that were taken to be sent.
        public var received = 0
        public var sent = 0
        /// Datagrams that there was no room for.
        public var dropped = 0
        public var sendCalls = 0
    }

    public let descriptor: CInt
    /// The far end.
    public private(set) var peer: SocketAddress
    /// Whether the connection is over: closed or reset by its far end, or not in frames.
    public private(set) var isBroken = false
    public private(set) var counters = Counters()

    private var reader = FrameReader(longest: UDPSocket.datagramCapacity)
    private var unsent = UnsentBytes()

    /// Takes over a connected descriptor, which is closed with this object, or at once if it is not connected.
    public init(adopting descriptor: CInt) throws(SystemError) {
        self.descriptor = descriptor
        peer = SocketAddress(high: 0, low: 0, port: 0)
        // From here on `deinit` closes it.
        guard let name = Self.peer(of: descriptor) else { throw SystemError(number: errno) }
        peer = name
        try SystemError.check(fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK))
        MediaStream.setOptions(of: descriptor)
    }

    deinit {
        close(descriptor)
    }

    /// Whether something waits for room in the kernel's buffer.
    public var isBlocked: Bool { !unsent.isEmpty }
    /// Bytes that do.
    public var waiting: Int { unsent.count }

    /// The number by which this is known inside.
    public func setNumber(_ number: UInt16) { peer.connection = number }

    // MARK: Receiving

    /// Takes bytes that somebody else has read from the descriptor; see ``receive(with:_:)``.
    public func take(
        _ bytes: UnsafeRawBufferPointer,
        with memory: FrameMemory,
        _ body: (inout MutableRawSpan) -> Bool
    ) {
        var rest = bytes
        while !rest.isEmpty, !isBroken {
            let kept = reader.begin(in: memory.slab)
            let count = min(rest.count, memory.slab.count - kept)
            UnsafeMutableRawBufferPointer(rebasing: memory.slab[kept...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<(rest.startIndex + count)]))
            cut(kept + count, memory, body)
            rest = UnsafeRawBufferPointer(rebasing: rest[(rest.startIndex + count)...])
        }
    }

    /// Takes what is there and gives `body` each whole frame, which it may decrypt in place; a flood gets a bounded share
    /// of the thread.
    ///
    /// - Parameter body: Returns whether the connection is still wanted.
    public func receive(with memory: FrameMemory, _ body: (inout MutableRawSpan) -> Bool) {
        for _ in 0..<Self.readsPerWakeUp where !isBroken {
            let kept = reader.begin(in: memory.slab)
            let room = memory.slab.count - kept
            let count = recv(descriptor, memory.slab.baseAddress.unsafelyUnwrapped + kept, room, 0)
            let failure = errno
            cut(kept + max(0, count), memory, body)
            if count == 0 { isBroken = true }
            if count < 0 {
                if failure != EAGAIN, failure != EINTR { isBroken = true }
                return
            }
            if count < room { return }
        }
    }

    private func cut(_ count: Int, _ memory: FrameMemory, _ body: (inout MutableRawSpan) -> Bool) {
        let bytes = UnsafeMutableRawBufferPointer(rebasing: memory.slab[..<count])
        do throws(FrameReader.Failure) {
            try reader.take(bytes) { frame in
                counters.received += 1
                if !body(&frame) { isBroken = true }
                return !isBroken
            }
        } catch {
            isBroken = true
        }
    }

    // MARK: Sending

    /// Sends datagrams of `queue`: what the kernel has no room for waits, and what there is no room for here is dropped.
    public func send(
        _ datagrams: Range<Int>,
        of queue: borrowing TransmitQueue,
        with memory: FrameMemory
    ) {
        guard !isBroken else { return }
        var next = datagrams.lowerBound
        while next < datagrams.upperBound, unsent.isEmpty, !isBroken {
            let batch = next..<min(datagrams.upperBound, next + FrameMemory.size)
            counters.sendCalls += 1
            var taken = memory.send(batch, of: queue, to: descriptor)
            if taken < 0 {
                guard errno == EAGAIN || errno == EINTR else {
                    isBroken = true
                    return
                }
                taken = 0
            }
            while next < batch.upperBound {
                let length = queue.datagrams[next].length + FrameReader.header
                guard taken >= length else { break }
                taken -= length
                counters.sent += 1
                next += 1
            }
            guard next < batch.upperBound else { continue }
            // A frame that was begun has to be finished, or nothing behind it could be read.
            keep(next, of: queue, from: taken)
            next += 1
        }
        while next < datagrams.upperBound {
            keep(next, of: queue, from: 0)
            next += 1
        }
    }

    private func keep(_ index: Int, of queue: borrowing TransmitQueue, from start: Int) {
        let datagram = queue.datagrams[index]
        guard start > 0 || unsent.hasRoom(for: datagram.length + FrameReader.header) else {
            counters.dropped += 1
            return
        }
        counters.sent += 1
        if start < FrameReader.header {
            withUnsafeBytes(of: UInt16(datagram.length).bigEndian) {
                unsent.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[start...]))
            }
        }
        let skipped = max(0, start - FrameReader.header)
        unsent.append(
            contentsOf: UnsafeRawBufferPointer(
                start: queue.baseAddress + datagram.offset + skipped,
                count: datagram.length - skipped
            )
        )
    }

    /// Sends what waits, as far as there is room.
    public func handleWritable() {
        while !unsent.isEmpty, !isBroken {
            counters.sendCalls += 1
            let flags = CInt(MSG_NOSIGNAL) | CInt(MSG_DONTWAIT)
            let taken = unsent.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
            guard taken >= 0 else {
                if errno != EAGAIN, errno != EINTR { isBroken = true }
                return
            }
            unsent.removeFirst(taken)
        }
    }

    private static func peer(of descriptor: CInt) -> SocketAddress? {
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        if CInt(name.sin6_family) == AF_INET6 { return SocketAddress(name) }
        guard CInt(name.sin6_family) == AF_INET else {
            errno = EAFNOSUPPORT
            return nil
        }
        return withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
        }
    }

    /// 256 KiB: then others have their turn.
    private static let readsPerWakeUp = 4
}
