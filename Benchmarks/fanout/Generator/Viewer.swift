internal import CLinux
internal import Glibc
internal import IO
internal import Participant
internal import Wire

/// Somebody who receives, on a socket of their own: a WebRTC participant, or nobody in particular who counts
/// packets, and reports as often and at such length as a participant does.
final class Viewer {
    let participant: Participant?
    let descriptor: CInt
    private(set) var port: UInt16 = 0
    private(set) var packets = 0
    private let remote: SocketAddress
    private var nextReport: Instant?

    /// - Parameter remote: Where a participant's packets go; `nil` for one who only counts.
    init(_ participant: Participant?, remote: SocketAddress?, gluesPackets: Bool) throws {
        self.participant = participant
        self.remote = remote ?? SocketAddress(ipv4: 0, port: 0)
        let isIPv6 = remote.map { $0.ipv4 == nil } ?? false
        descriptor = try SystemError.check(
            socket(
                isIPv6 ? AF_INET6 : AF_INET,
                CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue),
                0
            )
        )
        try set(SOL_SOCKET, SO_RCVBUF, 2 << 20)
        if gluesPackets { try set(CInt(IPPROTO_UDP), UDP_GRO, 1) }
        if isIPv6, let remote {
            try attach(Glibc.connect, Self.name6(remote))
        } else if let remote {
            try attach(Glibc.connect, Self.name4(remote.ipv4 ?? 0, remote.port))
        } else {
            try attach(Glibc.bind, Self.name4(0, 0))
        }
        port = localPort()
        if participant == nil, remote != nil { nextReport = .now() + Self.reportInterval }
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
        if participant == nil, nextReport != nil {
            nextReport = now + Self.reportInterval
            queue.append(to: remote) { out in for _ in 0..<Self.reportLength { out.append(0x80 as UInt8) } }
        }
        flush(&queue)
    }

    func pollTimeout() -> Instant? { participant?.pollTimeout() ?? nextReport }

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

    /// Either family has the port in the same place.
    private func localPort() -> UInt16 {
        var name = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: name.sin6_port)
    }

    private func attach<Name>(
        _ call: (CInt, UnsafePointer<sockaddr>, socklen_t) -> CInt,
        _ name: Name
    ) throws(SystemError) {
        let result = withUnsafePointer(to: name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
            }
        }
        try SystemError.check(result)
    }

    private static func name4(_ address: UInt32, _ port: UInt16) -> sockaddr_in {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = address.bigEndian
        name.sin_port = port.bigEndian
        return name
    }

    private static func name6(_ address: SocketAddress) -> sockaddr_in6 {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = address.port.bigEndian
        withUnsafeMutableBytes(of: &name.sin6_addr) {
            $0.storeBytes(of: address.high.bigEndian, as: UInt64.self)
            $0.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return name
    }

    private static let reportInterval = Interval.milliseconds(100)
    /// In the mean, of a participant who gets the desk's picture and sound, in bytes.
    private static let reportLength = 88
}
