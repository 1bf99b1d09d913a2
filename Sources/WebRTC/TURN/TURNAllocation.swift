internal import Wire

/// One allocation: whom its client has permitted, and by which channels (RFC 8656 §5, §9, §12).
///
/// Peers are the few that anybody may have here, by their place in a list that is fixed when the allocation is made. So permissions
/// and channels are bounded by their number: one of each for each peer.
struct TURNAllocation: Sendable {
    private struct Peer {
        let address: SocketAddress
        var permittedUntil: Instant?
        var channel: (number: UInt16, until: Instant)?
    }

    let user: TURNUser
    /// 1 for IPv4, 2 for IPv6, as in REQUESTED-ADDRESS-FAMILY.
    let family: UInt8
    private(set) var expires: Instant
    private var peers: [Peer]

    init(_ user: TURNUser, family: UInt8, peers: [SocketAddress], until expires: Instant) {
        self.user = user
        self.family = family
        self.peers = peers.map { Peer(address: $0) }
        self.expires = expires
    }

    mutating func extend(until instant: Instant) { expires = instant }

    /// Permits data from and to each of these addresses, whatever their ports (§9.2), or none of them.
    ///
    /// - Returns: The error code if that cannot be.
    mutating func permit(_ addresses: [SocketAddress], now: Instant) -> UInt16? {
        for address in addresses {
            guard Self.family(of: address) == family else { return 443 }
            guard peers.contains(where: { $0.address.isSameHost(as: address) }) else { return 403 }
        }
        for index in peers.indices where addresses.contains(where: peers[index].address.isSameHost) {
            peers[index].permittedUntil = now + Self.permissionLifetime
        }
        return nil
    }

    /// Binds a channel to a peer, or refreshes it, and permits the peer (§12.2).
    ///
    /// - Returns: The error code if that cannot be.
    mutating func bind(_ number: UInt16, to address: SocketAddress, now: Instant) -> UInt16? {
        guard TURNFrameReader.channels.contains(number) else { return 400 }
        guard Self.family(of: address) == family else { return 443 }
        guard let place = peers.firstIndex(where: { $0.address == address }) else { return 403 }
        // Neither another channel of this peer, nor this channel of another one.
        if let own = channel(of: place, now: now), own != number { return 400 }
        if let other = peer(on: number, now: now), other != place { return 400 }
        peers[place].channel = (number, now + Self.channelLifetime)
        return permit([address], now: now)
    }

    /// The peer at whom data for an address is aimed, if the client has permitted it.
    func permitted(_ address: SocketAddress, now: Instant) -> Int? {
        peers.firstIndex { $0.address == address }.flatMap { isPermitted($0, now: now) ? $0 : nil }
    }

    func isPermitted(_ place: Int, now: Instant) -> Bool {
        peers.indices.contains(place) && (peers[place].permittedUntil.map { $0 > now } ?? false)
    }

    func peer(on number: UInt16, now: Instant) -> Int? {
        peers.firstIndex { peer in peer.channel.map { $0.number == number && $0.until > now } ?? false }
    }

    func channel(of place: Int, now: Instant) -> UInt16? {
        peers[place].channel.flatMap { $0.until > now ? $0.number : nil }
    }

    func address(of place: Int) -> SocketAddress { peers[place].address }

    private static func family(of address: SocketAddress) -> UInt8 { address.ipv4 == nil ? 2 : 1 }

    private static let permissionLifetime = Interval.seconds(300)
    private static let channelLifetime = Interval.seconds(600)
}

extension SocketAddress {
    fileprivate func isSameHost(as other: Self) -> Bool { high == other.high && low == other.low }
}
