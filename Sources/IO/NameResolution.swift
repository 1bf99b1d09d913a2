internal import CLinux
internal import Glibc
public import Wire

extension SocketAddress {
    /// What a name means now, by the system's resolver (`getaddrinfo`): its addresses, each once.
    ///
    /// It blocks for as long as a name server takes to answer: never on a thread that others wait for.
    public static func resolving(_ name: String, port: UInt16) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        // One of each, instead of one for every kind of socket.
        hints.ai_socktype = CInt(SOCK_DGRAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &first) == 0 else { return [] }
        defer { freeaddrinfo(first) }
        var found: [SocketAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ai_next
            guard let name = entry.ai_addr else { continue }
            var address: SocketAddress
            switch CInt(name.pointee.sa_family) {
            case AF_INET:
                address = name.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    SocketAddress($0.pointee)
                }
            case AF_INET6:
                address = name.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    SocketAddress($0.pointee)
                }
            default: continue
            }
            address.port = port
            if !found.contains(address) { found.append(address) }
        }
        return found
    }
}
