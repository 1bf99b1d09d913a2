internal import CLinux
internal import Glibc
public import IO
public import Wire

extension SocketAddress {
    /// Connects to this IPv4 address by TCP, and waits for that; the descriptor is the caller's to close.
    public func connectedDescriptor() throws(SystemError) -> CInt {
        let descriptor = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(number: errno) }
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = (ipv4 ?? 0).bigEndian
        let result = withUnsafePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            let error = SystemError(number: errno)
            close(descriptor)
            throw error
        }
        return descriptor
    }
}
