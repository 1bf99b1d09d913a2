internal import IO
internal import NIOCore
internal import Synchronization
package import WebRTC
package import Wire

/// The room's own TURN server (RFC 8656): TURN over TLS at the page's port, through which nobody is reached but the room's media.
///
/// For whoever has a firewall around them that lets nothing out but TLS. It relays to this room's media port and nowhere else:
/// clients may permit only the addresses that browsers are told of, and whatever those are outside, data goes to the port on this machine.
package final class TURNRelay: Sendable {
    let credentials: TURNCredentials
    let statistics = TURNStatistics()
    /// The media port, as it is bound here.
    private let port: Wire.SocketAddress
    private let addresses: @Sendable () async -> [Wire.SocketAddress]
    private let quota: Mutex<TURNQuota>

    /// - Parameters:
    ///   - credentials: Whom browsers say that they are.
    ///   - people: How many there may be in the room.
    ///   - port: The media port, as it is bound.
    ///   - addresses: Where browsers are told that it is.
    package init(
        _ credentials: TURNCredentials,
        people: Int,
        port: Wire.SocketAddress,
        addresses: @escaping @Sendable () async -> [Wire.SocketAddress]
    ) {
        self.credentials = credentials
        self.port = port
        self.addresses = addresses
        quota = Mutex(TURNQuota(TURNQuota.Limits(total: 8 * people + 16)))
    }

    /// Looks at what comes out of TLS, and serves whoever speaks TURN; to be called before anybody is added who reads it.
    func watch(_ channel: any Channel, _ ticket: Doorkeeper.Ticket) throws {
        let handler = FirstBytesHandler { channel, opening, _ in
            guard opening == .message else { return .passed }
            let client = channel.remoteAddress.flatMap { address in
                address.ipAddress.flatMap {
                    Wire.SocketAddress(text: $0, port: UInt16(clamping: address.port ?? 0))
                }
            }
            return .served(
                TURNHandler(self, ticket, client: client ?? Wire.SocketAddress(ipv4: 0, port: 0))
            )
        }
        try channel.pipeline.syncOperations.addHandler(handler)
    }

    /// Whether a connection to the page's port is spared the deadline for a request, because it has an allocation.
    static func serves(_ channel: any Channel) -> Bool {
        (try? channel.pipeline.syncOperations.handler(type: TURNHandler.self))?.isAllocated == true
    }

    // MARK: Allocations

    /// Those that there are now.
    var count: Int { quota.withLock { $0.count } }

    /// Whether somebody may have another allocation, which is theirs until ``giveBack(_:)``.
    func take(_ person: String) -> Bool { quota.withLock { $0.take(person) } }

    func giveBack(_ person: String) { quota.withLock { $0.giveBack(person) } }

    /// Whom an allocation can be used to reach, and where each of them is on this machine.
    func peers() async -> [TURNPeer] {
        var seen: [Wire.SocketAddress] = []
        for var address in await addresses() {
            (address.scope, address.via) = (0, 0)
            if !seen.contains(address), seen.count < TURNAttributes.mostPeers { seen.append(address) }
        }
        return seen.enumerated().compactMap { index, address in
            target(index).map { TURNPeer(address: address, target: $0) }
        }
    }

    /// Each peer has an address of this machine's own, by which the answers of one are told from another's: 127.0.0.1,
    /// 127.0.0.2 and so on are all the same port.
    private func target(_ index: Int) -> NIOCore.SocketAddress? {
        let isEverywhere = port.high == 0 && (port.low == 0 || port.ipv4 == 0)
        let host = isEverywhere || port.isLoopback && port.ipv4 != nil ? "127.0.0.\(index + 1)" : port.text
        return try? NIOCore.SocketAddress(ipAddress: host, port: Int(port.port))
    }
}

/// One of the addresses of the room's media, as browsers know it, and where data for it goes.
struct TURNPeer: Sendable {
    let address: Wire.SocketAddress
    let target: NIOCore.SocketAddress
}
