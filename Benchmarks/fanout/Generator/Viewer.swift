internal import CLinux
internal import Glibc
internal import IO
internal import Participant
internal import Wire

/// Somebody who receives, on a socket of their own: a WebRTC participant, or nobody in particular who counts
/// packets.
final class Viewer {
    let participant: Participant?
    let descriptor: CInt
    private(set) var port: UInt16 = 0
    private(set) var packets = 0
    private let remote: SocketAddress

    /// - Parameter remote: Where a participant's packets go; `nil` for one who only counts.
    init(_ participant: Participant?, remote: SocketAddress?, gluesPackets: Bool) throws {
        self.participant = participant
        self.remote = remote ?? SocketAddress(ipv4: 0, port: 0)
        descriptor = try SystemError.check(
            socket(
                AF_INET,
                CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue),
                0
            )
        )
        try set(SOL_SOCKET, SO_RCVBUF, 2 << 20)
        if gluesPackets { try set(CInt(IPPROTO_UDP), UDP_GRO, 1) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        try attach(Glibc.bind, name)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        port = UInt16(bigEndian: name.sin_port)
        if let remote {
            name.sin_addr.s_addr = (remote.ipv4 ?? 0).bigEndian
            name.sin_port = remote.port.bigEndian
            try attach(Glibc.connect, name)
        }
    }

    deinit {
        close(descriptor)
    }

    func receive(_ inbox: Inbox, _ queue: inout TransmitQueue) {
        let now = Instant.now()
        inbox.receive(from: descriptor) { bytes in
            packets += 1
            guard let participant else { return }
            var datagram = MutableRawSpan(_unsafeBytes: bytes)
            participant.handle(&datagram, from: remote, now: now, into: &queue)
        }
        flush(&queue)
    }

    func handleTimeout(now: Instant, _ queue: inout TransmitQueue) {
        participant?.handleTimeout(now: now, into: &queue)
        flush(&queue)
    }

    func flush(_ queue: inout TransmitQueue) {
        guard !queue.isEmpty else { return }
        for index in 0..<queue.count {
            queue.withBytes(at: index) { bytes in
                // What the kernel does not take is lost, as on any path.
                _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, CInt(MSG_DONTWAIT)) }
            }
        }
        queue.removeAll()
    }

    private func set(_ level: CInt, _ option: CInt, _ value: CInt) throws(SystemError) {
        var value = value
        try SystemError.check(
            setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
        )
    }

    private func attach(
        _ call: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt,
        _ name: sockaddr_in
    ) throws(SystemError) {
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try SystemError.check(result)
    }
}
