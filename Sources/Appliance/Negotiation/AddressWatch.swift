internal import IO
internal import Logging
internal import NIOPosix
internal import SFU
internal import ServiceLifecycle
internal import Wire

/// Keeps what browsers are told of the media port up to date: names are resolved again, and STUN servers asked again.
struct AddressWatch: Service, CustomStringConvertible {
    let entries: [AnnouncedAddress]
    /// Between two looks at what a name means.
    let period: Duration
    /// Whether pages come from this machine, too.
    let isLocal: Bool
    let worker: Worker
    let health: HealthCheck
    let log: Logger

    var description: String { "addresses" }

    init(_ configuration: Configuration, worker: Worker, health: HealthCheck, log: Logger) {
        entries = configuration.announcedAddresses.compactMap { AnnouncedAddress($0) }
        period = .seconds(configuration.resolvePeriod)
        isLocal = configuration.isLocal
        self.worker = worker
        self.health = health
        self.log = log
    }

    func run() async {
        // Those that the Worker began with.
        let fixed = entries.count { $0.origin == .setting }
        let own = worker.candidates.count { $0.transport == .udp }
        health.setAddresses(fixed > 0 ? [.setting: fixed] : [.interface: own])
        // Nothing can change: a service that returns would end the room.
        guard !entries.isEmpty else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var names = ResolvedNames()
        var told: [SocketAddress] = []
        let stun = entries.contains { if case .stun = $0 { true } else { false } }
        var next = ContinuousClock.now
        repeat {
            if ContinuousClock.now >= next {
                next = ContinuousClock.now + period
                await names.resolve(entries, log)
                if stun { await worker.discover(by: entries.flatMap { names.servers(of: $0) }) }
            }
            let discovered = stun ? await worker.discovered : [:]
            let found = addresses(names, discovered)
            if !found.isEmpty, found.map(\.address) != told {
                told = found.map(\.address)
                await worker.announce(told)
                log.info(
                    "Browsers are told to reach the media at",
                    metadata: ["addresses": .array(told.map { "\(text(of: $0))" })]
                )
            }
            // One that was known by one entry may be known by another now.
            if !found.isEmpty {
                health.setAddresses(Dictionary(found.map { ($0.origin, 1) }, uniquingKeysWith: +))
            }
        } while (try? await Task.sleep(for: stun ? min(period, .seconds(1)) : period)) != nil
    }

    private func addresses(
        _ names: ResolvedNames,
        _ discovered: [SocketAddress: SocketAddress]
    ) -> [(address: SocketAddress, origin: AddressOrigin)] {
        var found: [(address: SocketAddress, origin: AddressOrigin)] = []
        for entry in entries {
            let more: [SocketAddress] =
                switch entry {
                case .address(let address): [address]
                case .interfaces:
                    SocketAddress.ofInterfaces().filter { isLocal || !$0.isLoopback }
                case .name: names.addresses(of: entry)
                case .stun: names.servers(of: entry).compactMap { discovered[$0] }
                }
            for address in more where !found.contains(where: { $0.address == address }) {
                found.append((address, entry.origin))
            }
        }
        return found
    }

    private func text(of address: SocketAddress) -> String {
        guard address.port != 0 else { return address.text }
        return address.ipv4 == nil ? "[\(address.text)]:\(address.port)" : "\(address.text):\(address.port)"
    }
}

/// What names meant when they were last resolved; a name that nobody answers for goes on meaning what it did.
private struct ResolvedNames {
    private var known: [AnnouncedAddress: [SocketAddress]] = [:]
    private var failing: Set<AnnouncedAddress> = []

    func addresses(of entry: AnnouncedAddress) -> [SocketAddress] { known[entry] ?? [] }

    /// One address of each family: any of a server's is the same server.
    func servers(of entry: AnnouncedAddress) -> [SocketAddress] {
        guard case .stun = entry, let all = known[entry] else { return [] }
        return [all.first { $0.ipv4 != nil }, all.first { $0.ipv4 == nil }].compactMap { $0 }
    }

    mutating func resolve(_ entries: [AnnouncedAddress], _ log: Logger) async {
        for entry in entries {
            let (name, port): (String, UInt16)
            switch entry {
            case .name(let host, let outside): (name, port) = (host, outside)
            case .stun(let host, let number): (name, port) = (host, number)
            case .address, .interfaces: continue
            }
            let found: [SocketAddress]
            if let address = SocketAddress(text: name, port: 0) {
                found = [SocketAddress(high: address.high, low: address.low, port: port)]
            } else {
                // The resolver blocks: on a thread that is there for that.
                found =
                    (try? await NIOThreadPool.singleton.runIfActive {
                        SocketAddress.resolving(name, port: port)
                    }) ?? []
            }
            guard found.isEmpty else {
                // Name servers give them in another order each time.
                known[entry] = found.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
                failing.remove(entry)
                continue
            }
            if failing.insert(entry).inserted {
                log.warning(
                    "A name of media.addresses (DESKROOM_MEDIA_ADDRESSES) means nothing to the resolver",
                    metadata: ["name": "\(name)"]
                )
            }
        }
    }
}
