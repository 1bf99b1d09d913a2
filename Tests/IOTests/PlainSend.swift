import CLinux
import Glibc
import Wire

/// Sends `bytes` in one datagram through a socket of its own.
func sendPlain(_ bytes: [UInt8], to address: SocketAddress) -> Bool {
    let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = (address.ipv4 ?? 0).bigEndian
    name.sin_port = address.port.bigEndian
    let sent = withUnsafePointer(to: &name) { name in
        name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
    }
    return sent == bytes.count
}
