internal import WebRTC
internal import Wire

/// Whose datagrams come from which address.
///
/// Anybody in the room can send a check of their own in anybody's name, so a check gives nobody an address. It belongs
/// to the transport whose peer has proved to be there (`ICELiteAgent`). Where two have, because a router has given one
/// person's address to the next, or because somebody reads what goes to it, each packet belongs to whoever's keys it
/// was made with (``WorkerCore/handleShared(_:kind:from:now:into:)``).
struct AddressTable {
    /// Those whose datagrams come to the port.
    private(set) var transports: [WebRTCTransport] = []
    private var byUsernameFragment: [String: WebRTCTransport] = [:]
    private var owners: [SocketAddress: WebRTCTransport] = [:]
    /// Addresses that more than one has proved, and all of these.
    private var shared: [SocketAddress: [WebRTCTransport]] = [:]
    /// Addresses that nobody has proved, and who sent a valid check from there last: the handshake may overtake the
    /// proof.
    private var claims: [SocketAddress: WebRTCTransport] = [:]

    /// The transport that a check names, wherever it comes from.
    func transport(named usernameFragment: String) -> WebRTCTransport? {
        byUsernameFragment[usernameFragment]
    }

    /// Who owns the address alone.
    mutating func owner(of address: SocketAddress) -> WebRTCTransport? {
        guard let owner = owners[address] else { return nil }
        guard shared.isEmpty || shared[address] == nil else { return nil }
        guard owner.ice.isProven(address) else {
            owners[address] = nil
            return nil
        }
        return owner
    }

    /// Those who may have sent a datagram from an address that nobody owns alone, the likeliest first.
    mutating func candidates(at address: SocketAddress) -> [WebRTCTransport] {
        if let sharers = shared[address] {
            let left = sharers.filter { $0.ice.isProven(address) }
            shared[address] = left.count > 1 ? left : nil
            if left.count <= 1 { owners[address] = left.first }
            return left
        }
        guard let claimant = claims[address] else { return [] }
        guard claimant.ice.accepts(address) else {
            claims[address] = nil
            return []
        }
        return [claimant]
    }

    /// A valid check for `transport` has come from `address`.
    mutating func claim(_ address: SocketAddress, for transport: WebRTCTransport) {
        guard transport.ice.accepts(address) else { return }
        guard !transport.ice.isProven(address) else {
            learn(address, of: transport)
            return
        }
        if let owner = owners[address], owner.ice.isProven(address) { return }
        if claims.count >= Self.maximum { claims = claims.filter { $0.value.ice.accepts($0.key) } }
        if claims.count < Self.maximum { claims[address] = transport }
    }

    /// The peer of `transport` has proved to be at `address`.
    mutating func learn(_ address: SocketAddress, of transport: WebRTCTransport) {
        guard let owner = owners[address], owner !== transport, owner.ice.isProven(address) else {
            if owners.count >= Self.maximum { owners = owners.filter { $0.value.ice.isProven($0.key) } }
            owners[address] = transport
            if !claims.isEmpty { claims[address] = nil }
            return
        }
        let sharers = shared[address] ?? [owner]
        guard sharers.count < Self.maximumSharers, !sharers.contains(where: { $0 === transport }) else {
            return
        }
        shared[address] = sharers + [transport]
    }

    /// A packet from the shared address was of this one: most likely the next is, too.
    mutating func prefer(_ transport: WebRTCTransport, at address: SocketAddress) {
        guard let sharers = shared[address], sharers.first !== transport else { return }
        shared[address] = [transport] + sharers.filter { $0 !== transport }
        owners[address] = transport
    }

    mutating func add(_ transport: WebRTCTransport) {
        transports.append(transport)
        byUsernameFragment[transport.ice.local.usernameFragment] = transport
    }

    /// The transport has new credentials.
    mutating func rename(_ transport: WebRTCTransport) {
        // Those that the agent no longer answers to are forgotten, or every restart would add one.
        byUsernameFragment = byUsernameFragment.filter {
            $0.value !== transport || transport.ice.answers(to: $0.key)
        }
        byUsernameFragment[transport.ice.local.usernameFragment] = transport
    }

    mutating func remove(_ transport: WebRTCTransport) {
        transports.removeAll { $0 === transport }
        byUsernameFragment = byUsernameFragment.filter { $0.value !== transport }
        owners = owners.filter { $0.value !== transport }
        claims = claims.filter { $0.value !== transport }
        for (address, sharers) in shared where sharers.contains(where: { $0 === transport }) {
            let left = sharers.filter { $0 !== transport }
            shared[address] = left.count > 1 ? left : nil
            owners[address] = left.first
        }
    }

    /// Eight for each of some hundred transports, as many as an agent remembers.
    private static let maximum = 2_048
    private static let maximumSharers = 4
}
