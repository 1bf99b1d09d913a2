internal import CLinux
internal import Glibc
internal import Wire

/// The addresses of this machine at which datagrams have arrived, each under a number (``SocketAddress/via``).
///
/// A host may have several, and the system would answer from the one that its routes prefer: the peer takes that for
/// somebody else's. The numbers stay good for as long as the socket.
struct LocalAddresses {
    struct Entry {
        var address: in6_addr
        /// The interface of a link-local address, else 0.
        var interface: CUnsignedInt
        var isLoopback: Bool

        init(_ address: in6_addr, _ interface: CUnsignedInt) {
            self.address = address
            self.interface = interface
            var name = sockaddr_in6()
            name.sin6_addr = address
            isLoopback = SocketAddress(name).isLoopback
        }
    }

    private var entries: [Entry] = []
    /// Into ``entries``: mostly the next datagram arrives where the last one did.
    private var last = 0

    /// The number of an address; 0 beyond what is kept.
    mutating func number(of address: in6_addr, _ interface: CUnsignedInt) -> UInt16 {
        if last < entries.count, isSame(entries[last], address, interface) { return UInt16(last + 1) }
        if let index = entries.firstIndex(where: { isSame($0, address, interface) }) {
            last = index
            return UInt16(index + 1)
        }
        let entry = Entry(address, interface)
        // A program on this machine has sixteen million loopback addresses to choose from; others reach only those
        // that the machine was given.
        let known = entries.count { $0.isLoopback == entry.isLoopback }
        guard known < (entry.isLoopback ? Self.maximumLoopback : Self.maximum) else { return 0 }
        entries.append(entry)
        last = entries.count - 1
        return UInt16(entries.count)
    }

    /// `nil` for 0.
    subscript(number: UInt16) -> Entry? {
        number > 0 && Int(number) <= entries.count ? entries[Int(number) - 1] : nil
    }

    private func isSame(_ entry: Entry, _ address: in6_addr, _ interface: CUnsignedInt) -> Bool {
        guard entry.interface == interface else { return false }
        return withUnsafeBytes(of: entry.address) { one in
            withUnsafeBytes(of: address) { other in
                one.loadUnaligned(as: UInt64.self) == other.loadUnaligned(as: UInt64.self)
                    && one.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                        == other.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
            }
        }
    }

    private static let maximumLoopback = 32
    private static let maximum = 1_024
}
