internal import Glibc

/// Whether a port could be listened on, found out by trying: it is free again afterwards.
public enum ListeningPort {
    public enum Failure: Error, Hashable, Sendable {
        /// The host's name leads to no address.
        case noAddress
        case system(SystemError)
    }

    /// - Parameter host: A name or an address, of which the first is taken, as a server does.
    public static func probeTCP(host: String, port: Int) throws(Failure) {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else {
            throw .noAddress
        }
        defer { freeaddrinfo(address) }
        let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype | Self.cloexec, 0)
        guard descriptor >= 0 else { throw .system(SystemError(number: errno)) }
        defer { close(descriptor) }
        var yes: CInt = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0,
            listen(descriptor, 1) == 0
        else { throw .system(SystemError(number: errno)) }
    }

    /// On every address of the machine.
    public static func probeUDP(port: UInt16) throws(Failure) {
        do throws(SystemError) {
            _ = try UDPSocket(port: port, bufferSize: 1 << 12)
        } catch {
            throw .system(error)
        }
    }

    private static let cloexec = CInt(SOCK_CLOEXEC.rawValue)
}
