internal import Glibc

/// Sends RTP packets of one frame with few system calls, over a connected UDP socket on loopback.
///
/// A run of packets of equal size, the last of which may be shorter, is one `send` that the kernel cuts up
/// (`UDP_SEGMENT`). Payloaders fill packets to the MTU, so most frames are one run.
///
/// `@unchecked Sendable`: it alone owns its memory, and cannot be copied.
struct PacketBurst: ~Copyable, @unchecked Sendable {
    /// Packets that the kernel refused.
    private(set) var dropped = 0

    private let socket: CInt
    private let memory: UnsafeMutableRawBufferPointer
    private var used = 0
    private var packetSize = 0
    private var count = 0
    /// The socket's current `UDP_SEGMENT`; `nil` once the kernel has refused it.
    private var segmentSize: Int? = 0

    init(socket: CInt) {
        self.socket = socket
        memory = .allocate(byteCount: Self.capacity, alignment: 64)
    }

    deinit {
        memory.deallocate()
    }

    /// Where the next packet of `size` bytes goes; ``append(_:)`` it once it is written.
    mutating func reserve(_ size: Int) -> UnsafeMutableRawBufferPointer? {
        guard size > 0, size <= Self.capacity else { return nil }
        if count == Self.maximumSegments || used + size > Self.capacity || (count > 0 && size > packetSize) {
            flush()
        }
        return UnsafeMutableRawBufferPointer(rebasing: memory[used..<(used + size)])
    }

    mutating func append(_ size: Int) {
        if count == 0 { packetSize = size }
        used += size
        count += 1
        if size < packetSize { flush() }
    }

    mutating func flush() {
        defer {
            used = 0
            count = 0
        }
        guard count > 0 else { return }
        if let segmentSize, segmentSize != packetSize, count > 1 || packetSize > segmentSize {
            setSegmentSize(packetSize)
        }
        if segmentSize != nil || count == 1 {
            if transmit(0..<used) { return }
            guard count > 1, errno == EINVAL || errno == EIO || errno == EOPNOTSUPP else {
                return dropped += count
            }
            setSegmentSize(0)
            segmentSize = nil
        }
        for start in stride(from: 0, to: used, by: packetSize)
        where !transmit(start..<min(start + packetSize, used)) {
            dropped += 1
        }
    }

    private mutating func setSegmentSize(_ size: Int) {
        var value = CInt(size)
        let result = setsockopt(
            socket,
            Self.solUDP,
            Self.udpSegment,
            &value,
            socklen_t(MemoryLayout<CInt>.size)
        )
        segmentSize = result == 0 ? size : nil
    }

    private func transmit(_ range: Range<Int>) -> Bool {
        let bytes = UnsafeRawBufferPointer(rebasing: memory[range])
        let flags = CInt(MSG_NOSIGNAL)
        if send(socket, bytes.baseAddress, bytes.count, flags) >= 0 { return true }
        // The error of an earlier packet to a port that nobody had open is reported here and then forgotten.
        guard errno == ECONNREFUSED || errno == EINTR else { return false }
        return send(socket, bytes.baseAddress, bytes.count, flags) >= 0
    }

    /// What one IPv4 datagram, cut up or not, may hold, and what the kernel cuts it into at most.
    private static let capacity = 65_000
    private static let maximumSegments = 64
    /// `SOL_UDP` and `UDP_SEGMENT`, linux/udp.h.
    private static let solUDP: CInt = 17
    private static let udpSegment: CInt = 103
}
