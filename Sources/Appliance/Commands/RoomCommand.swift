internal import Access
internal import ArgumentParser
internal import CLinux
internal import CoreMetrics
internal import Foundation
internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import ServiceLifecycle
internal import TLS
internal import UnixSignals
internal import WebRTC
internal import Wire

/// `deskroom room`: the room itself, which the keeper starts (``ServeCommand``): it meets people, and neither has nor reaches
/// anything of the desk but a link with the desk process.
struct RoomCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "room",
        abstract: "The room of a desk; started by `deskroom serve`.",
        shouldDisplay: false
    )

    @OptionGroup var options: SettingOptions

    @Option(help: "What the session is called in the log.")
    var session: String

    @Option(help: "Where programs on the desk make files, as StorageWatch has it.")
    var storage: [String] = []

    /// How the keeper starts it, but for its end of their link, which is the first descriptor.
    static func launch(
        _ executable: String,
        _ options: SettingOptions,
        session: String,
        memory: CInt,
        shelf: CInt,
        storage: [String],
        environment: [String: String]
    ) -> ProcessLaunch {
        var arguments = [configuration.commandName ?? "", "--session", session]
        if let file = options.config { arguments += ["--config", file] }
        for path in storage { arguments += ["--storage", path] }
        for setting in options.settings { arguments += ["--set", setting] }
        var launch = ProcessLaunch(path: executable, arguments: arguments)
        // The way to the desk is not its business.
        launch.environment = environment.filter { name, _ in
            !["DISPLAY", "XAUTHORITY"].contains(name) && !name.hasPrefix("PULSE_")
        }
        launch.descriptors = [memory, shelf]
        launch.speaks = true
        launch.prints = true
        launch.isKeptApart = true
        launch.isKilledWithThis = true
        launch.killPreference = KillOrder.room
        return launch
    }

    func run() async throws {
        // What a person took goes back when they leave: packets are kept in large blocks, which the allocator
        // would otherwise come to take from its heap, among what stays.
        mallopt(M_MMAP_THRESHOLD, Self.largeBlock)
        ProcessPrivacy.protect()
        let signals = await Lifetime.trap()
        let limit = DescriptorLimit()
        guard let keeper = try? KeeperLink(inheriting: ProcessLaunch.inherited),
            let memory = try? RoomMemory(MemoryFile(inheriting: ProcessLaunch.inherited + 1)),
            let shelf = try? ToldShelf(MemoryFile(inheriting: ProcessLaunch.inherited + 2))
        else { throw ValidationError("it is `deskroom serve` that starts a room") }
        await RoomProcess.run(options, as: "room", session: session, memory: memory.content) {
            try await serve($0, limit, signals, keeper, memory, shelf, environment: $1)
        }
    }

    /// Bytes.
    private static let largeBlock: CInt = 1 << 17

    /// Everything in the order in which it depends on one another; it ends in reverse.
    private func serve(
        _ settings: ReadSettings,
        _ limit: DescriptorLimit,
        _ signals: UnixSignalsSequence,
        _ keeper: KeeperLink,
        _ memory: RoomMemory,
        _ shelf: ToldShelf,
        environment: [String: String]
    ) async throws -> CInt {
        let configuration = settings.configuration
        let registry = MetricRegistry(MetricFamily.counted)
        MetricsSystem.bootstrap(registry)
        let log = Logger(label: "deskroom")
        if let failure = FailedStart(RoomPorts(configuration), settings.sources) { throw failure }
        ServerCertificate.tell(configuration, log)
        let kept = try KeptCertificate(configuration, environment: environment)
        let tls = try ServerCertificate.served(for: configuration, keptIn: kept, memory: memory, log: log)
        var writer: AuditWriter?
        if let file = try configuration.audit.open() { writer = try AuditWriter(file, log: log) }
        let webhook = try Webhook(configuration, log: log)
        let events = RoomEvents(after: memory.lastEvent) {
            memory.handleEvent($0.number)
            webhook?.append($0)
        }
        let audit = AuditLog(writer, isRequired: configuration.audit.isRequired, events: events)
        let access = try AccessKeys(
            configuration.access,
            memory: memory,
            now: Int64(Date().timeIntervalSince1970)
        )
        access.tell(log)
        // From here on it meets strangers.
        if try !Seclusion.begin() {
            log.warning(
                "The room is not fully confined",
                metadata: ["reason": "the kernel has no seccomp(2)"]
            )
        }

        let media = WorkerConfiguration(configuration)
        let worker = try Worker(media)
        let link = try DeskLink(keeper: keeper) { events.tellRestart(of: $0.name, problem: $0.problem) }
        let relay = ControlRelay(on: worker.executor, floor: FloorControl(configuration)) {
            log.warning("The desk does not answer and is cut off")
            keeper.tell(.cutOff)
        }
        worker.start()
        link.start()
        writer?.start()
        let credentials = configuration.hasOwnTURN ? TURNCredentials() : nil
        let session = try await Session(
            configuration,
            worker: worker,
            relay: relay,
            link: link,
            log: log,
            policy: access.policy.waiting(for: configuration.access.waiting),
            tokens: access.door,
            audit: audit,
            events: events,
            memory: memory,
            relay: credentials,
            shelf: shelf,
            keeper: keeper
        )
        let turn = credentials.map { worker.turnRelay($0, configuration) }
        let health = HealthCheck(
            session,
            worker,
            relay,
            certificate: tls,
            problems: events.problems
        )
        let api = RoomAPI(
            session,
            configuration,
            signer: access.signer,
            worker: worker,
            events: events,
            settings: APISettings(settings.effective)
        )
        let metrics = MetricsAnswers(
            RoomMetrics(registry, health, session, worker, relay) { webhook.metrics + turn.metrics },
            configuration.metrics,
            api: api
        )
        let server = try WebServer(
            configuration: configuration,
            tls: tls,
            assets: PageAssets(configuration, needsLink: access.door != nil),
            maximumConnections: limit.connections(besides: media.limits.connections),
            log: log,
            health: health,
            metrics: configuration.metrics.port == nil ? metrics : nil,
            api: api,
            takeMedia: worker.mediaHandOver(configuration, log),
            relay: turn,
            checks: session.checks,
            outside: session.outside,
            onConnection: { await session.serve($0) }
        ).application { port in
            await worker.announceConnections { configuration.handOverAddresses(port: port, candidates: $0) }
            defer {
                memory.update { $0.port = port }
                keeper.tell(.ready)
            }
            // Whoever has started it has been told, and the session goes on.
            if memory.isAnother { return events.tellRestart(of: "room") }
            events.tell(.sessionBegun)
            let found = RoomAddress(configuration, port: port, outside: configuration.front.base?.description)
            let address = found.text
            var lines = ["Deskroom is ready: \(address)"] + (found.note.map { [$0] } ?? [])
            // Only whoever has started the room sees them: they are in no log.
            lines += access.links.map { "Link for the \($0.role.rawValue): \(address)#token=\($0.token)" }
            try? FileHandle.standardOutput.write(
                contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8)
            )
        }

        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        // What is told last is that the session has ended.
        if let webhook { services.append(.init(service: webhook)) }
        services += [
            .init(
                service: Room(
                    session: session,
                    worker: worker,
                    relay: relay,
                    link: link,
                    keeper: keeper,
                    events: events
                )
            ),
            .init(service: access.watch(log) { await session.setKeys($0) }),
            .init(service: AddressWatch(configuration, worker: worker, health: health, log: log)),
            .init(service: TimeWatch(log: log)),
            .init(service: StorageWatch(storage, events.problems, log)),
            .init(service: server),
        ]
        if let tls { services.append(.init(service: CertificateWatch(certificate: tls, log: log))) }
        if let port = configuration.metrics.port {
            let host = configuration.host
            let own = ObservabilityServer(host: host, port: port, health: health, metrics: metrics, log: log)
            services.append(
                .init(
                    service: own.application { port in
                        memory.update { $0.metricsPort = port }
                        log.info("Metrics have a port of their own", metadata: ["port": "\(port)"])
                    }
                )
            )
        }
        let lifetime = Lifetime(session: session, signals: signals) {
            health.drain()
            events.tell(.sessionDraining)
        }
        services.append(.init(service: lifetime, successTerminationBehavior: .gracefullyShutdownGroup))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services,
                logger: log
            )
        )
        keeper.tell(.begun)
        try await group.run()
        return RoomExit(await session.life.end, hasCodes: configuration.life.hasCodes).rawValue
    }
}

/// The room's own part, ended after the page's server.
private struct Room: Service, CustomStringConvertible {
    let session: Session
    let worker: Worker
    let relay: ControlRelay
    let link: DeskLink
    let keeper: KeeperLink
    let events: RoomEvents

    var description: String { "room" }

    func run() async throws {
        await cancelWhenGracefulShutdown { await session.run() }
        keeper.tell(.over)
        // The Worker is the last: nobody can call it once its thread has ended.
        await relay.stop()
        await link.stop()
        await worker.stop()
        await session.audit.stop()
        events.tell(.sessionEnded)
        events.finish()
    }
}

extension FloorControl {
    init(_ configuration: Configuration) {
        // Nobody drives the desk of whom the session has not said that they may.
        self.init(
            policy: configuration.control,
            idle: configuration.controlIdle == 0 ? nil : .seconds(Int64(configuration.controlIdle))
        )
    }
}

extension WorkerConfiguration {
    init(_ configuration: Configuration) {
        self.init()
        port = configuration.mediaPort
        announcedAddresses = configuration.announcedAddresses.compactMap { SocketAddress(text: $0, port: 0) }
        if announcedAddresses.isEmpty {
            announcedAddresses = SocketAddress.ofInterfaces()
            if configuration.isLocal { announcedAddresses.append(SocketAddress(ipv4: 0x7f00_0001, port: 0)) }
        }
        // Two for each person, the desk's, and those of tests before the session.
        limits.transports = 2 * configuration.maximumPeople + 16 + CheckAllowance.Limits().total
        // One number for everything: the page's server hands over what is media.
        takesConnections = configuration.connections.isOn && (port == 0 || configuration.port != Int(port))
        // A quarter of what there may be; the rest is the page's.
        limits.connections = max(8, DescriptorLimit().connections(atMost: 32 * limits.transports) / 4)
    }
}
