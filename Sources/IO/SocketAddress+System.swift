internal import CLinux
internal import Glibc
public import Wire

extension SocketAddress {
    /// Reads an IPv4 or IPv6 address in text form, without brackets; `nil` if it is neither.
    public init?(text: String, port: UInt16) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr), port: port)
            return
        }
        var six = sockaddr_in6()
        guard inet_pton(AF_INET6, text, &six.sin6_addr) == 1 else { return nil }
        six.sin6_port = port.bigEndian
        self.init(six)
    }

    /// The address in text form, without the port.
    public var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        if let ipv4 {
            var four = in_addr(s_addr: ipv4.bigEndian)
            inet_ntop(AF_INET, &four, &buffer, socklen_t(buffer.count))
        } else {
            var name = sockaddr_in6(self)
            inet_ntop(AF_INET6, &name.sin6_addr, &buffer, socklen_t(buffer.count))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    public var isLoopback: Bool {
        if let ipv4 { return ipv4 >> 24 == 127 }
        return high == 0 && low == 1
    }

    init(_ name: sockaddr_in6) {
        let (high, low) = withUnsafeBytes(of: name.sin6_addr) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(
            high: UInt64(bigEndian: high),
            low: UInt64(bigEndian: low),
            scope: name.sin6_scope_id,
            port: UInt16(bigEndian: name.sin6_port)
        )
    }

    init(_ name: sockaddr_in) {
        self.init(ipv4: UInt32(bigEndian: name.sin_addr.s_addr), port: UInt16(bigEndian: name.sin_port))
    }

    /// The addresses of the interfaces that are up, port 0: loopback last, link-local IPv6 left out.
    public static func ofInterfaces() -> [SocketAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }

        var found: [SocketAddress] = []
        var next = first
        while let interface = next?.pointee {
            next = interface.ifa_next
            guard let name = interface.ifa_addr, interface.ifa_flags & UInt32(IFF_UP) != 0 else { continue }
            switch CInt(name.pointee.sa_family) {
            case AF_INET:
                found.append(
                    name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { SocketAddress($0.pointee) }
                )
            case AF_INET6:
                var address = name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    SocketAddress($0.pointee)
                }
                guard address.high >> 54 != 0xfe80 >> 6 else { continue }  // fe80::/10
                address.scope = 0
                found.append(address)
            default: continue
            }
        }
        for index in found.indices { found[index].port = 0 }
        return found.filter { !$0.isLoopback } + found.filter(\.isLoopback)
    }
}

extension sockaddr_in6 {
    init(_ address: SocketAddress) {
        self.init()
        sin6_family = sa_family_t(AF_INET6)
        sin6_port = address.port.bigEndian
        sin6_scope_id = address.scope
        withUnsafeMutableBytes(of: &sin6_addr) { bytes in
            bytes.storeBytes(of: address.high.bigEndian, toByteOffset: 0, as: UInt64.self)
            bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
    }
}

extension sockaddr_in {
    /// An IPv6 address becomes 0.0.0.0, to which nothing is ever sent.
    init(_ address: SocketAddress) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_addr.s_addr = (address.ipv4 ?? 0).bigEndian
        sin_port = address.port.bigEndian
    }
}
