internal import Access
internal import ArgumentParser
internal import CLinux
internal import CoreMetrics
internal import Foundation
internal import Glibc
internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import ServiceLifecycle
internal import TLS
internal import UnixSignals
internal import Wire

/// `deskroom serve`: the room, and the desk that it keeps running.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Opens the room, starts the desk, and prints the address.",
        discussion: HelpWords.serve
    )

    @OptionGroup var options: SettingOptions

    func run() async throws {
        // What a person took goes back when they leave: packets are kept in large blocks, which the allocator
        // would otherwise come to take from its heap, among what stays.
        mallopt(M_MMAP_THRESHOLD, Self.largeBlock)
        ProcessPrivacy.protect()
        let signals = await Lifetime.trap()
        let limit = DescriptorLimit()
        let environment = ProcessInfo.processInfo.environment
        var sources: SettingSources?
        do {
            var read = options.read(environment)
            read.nameSession()
            guard read.mistakes.isEmpty else { throw FailedStart(read.mistakes) }
            sources = read.sources
            let configuration = read.configuration
            let sink = LoggingSystem.bootstrapDeskroom(
                Logger.Level(rawValue: configuration.logLevel) ?? .info,
                LogIdentity(configuration.log.format, session: configuration.log.session, process: "room")
            )
            defer { sink.flush() }
            let end = try await serve(read, limit, signals, environment: environment)
            sink.flush()
            // Threads of the libraries below live as long as the process: what C libraries tear down in
            // `exit` would be torn away under them.
            _exit(RoomExit(end, hasCodes: configuration.life.hasCodes).rawValue)
        } catch let error as FailedStart {
            error.tell()
            _exit(error.status.rawValue)
        } catch let error as ConfigurationError {
            let failure = FailedStart([
                sources?.placed(error) ?? SettingMistake(nil, problem: error.description)
            ])
            failure.tell()
            _exit(failure.status.rawValue)
        } catch {
            try? FileHandle.standardError.write(contentsOf: Data("Error: \(error)\n".utf8))
            _exit(RoomExit(error).rawValue)
        }
    }

    /// Bytes.
    private static let largeBlock: CInt = 1 << 17

    /// Everything in the order in which it depends on one another; it ends in reverse.
    private func serve(
        _ settings: ReadSettings,
        _ limit: DescriptorLimit,
        _ signals: UnixSignalsSequence,
        environment: [String: String]
    ) async throws -> RoomLife.End? {
        let configuration = settings.configuration
        let registry = MetricRegistry(MetricFamily.counted)
        MetricsSystem.bootstrap(registry)
        let log = Logger(label: "deskroom")
        settings.tell(log)
        if let failure = FailedStart(RoomPorts(configuration), settings.sources) { throw failure }
        ServerCertificate.tell(configuration, log)
        let kept = try KeptCertificate(configuration, environment: environment)
        let tls = try ServerCertificate.context(for: configuration, keptIn: kept, log: log)
        var writer: AuditWriter?
        if let file = try configuration.audit.open() { writer = try AuditWriter(file, log: log) }
        let webhook = try Webhook(configuration, log: log)
        let events = RoomEvents { webhook?.append($0) }
        let audit = AuditLog(writer, isRequired: configuration.audit.isRequired, events: events)
        let access = try AccessKeys(configuration.access, now: Int64(Date().timeIntervalSince1970))
        access.tell(log)
        let secrets =
            [
                configuration.keyPath, settings.sources.file, configuration.access.keyFile,
                configuration.audit.key,
                configuration.audit.file,
            ]
            .compactMap { $0 } + settings.sources.secretFiles
        let confinement = try DeskConfinement(configuration, secrets: secrets, environment: environment)
        confinement.tell(log)
        let directory = try RuntimeDirectory(
            configuration.runtimeDirectory,
            user: confinement.confinement.user,
            environment: environment
        )
        defer { directory.remove() }

        let media = WorkerConfiguration(configuration)
        let worker = try Worker(media)
        let link = try DeskLink()
        let breaker = ProgramBreaker()
        let relay = ControlRelay(on: worker.executor, floor: FloorControl(configuration)) {
            log.warning("The desk does not answer and is cut off")
            breaker.trip()
        }
        let supervision = try DeskSupervision(
            configuration,
            executable: try Self.executablePath(),
            link: link,
            breaker: breaker,
            directory: directory,
            confinement: confinement.confinement,
            environment: environment
        )
        if let missing = MissingProgram(supervision.missing) { throw missing }
        let processes = try ChildProcesses(limit: limit)
        worker.start()
        link.start()
        writer?.start()
        processes.start()
        let session = try await Session(
            configuration,
            worker: worker,
            relay: relay,
            link: link,
            log: log,
            policy: access.policy.waiting(for: configuration.access.waiting),
            tokens: access.door,
            audit: audit,
            events: events
        )
        let health = HealthCheck(
            session,
            worker,
            relay,
            certificate: tls?.validity,
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
            RoomMetrics(registry, health, session, worker, relay) { webhook.metrics },
            configuration.metrics,
            api: api
        )
        let server = try WebServer(
            configuration: configuration,
            tls: tls,
            assets: PageAssets(needsLink: access.door != nil, hasCheck: configuration.check.isOn),
            maximumConnections: limit.connections(besides: media.limits.connections),
            log: log,
            health: health,
            metrics: configuration.metrics.port == nil ? metrics : nil,
            api: api,
            takeMedia: worker.mediaHandOver(configuration, log),
            checks: session.checks,
            onConnection: { await session.serve($0) }
        ).application { port in
            await worker.announceConnections { configuration.handOverAddresses(port: port, candidates: $0) }
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
            .init(service: Room(session: session, worker: worker, relay: relay, link: link, events: events)),
            .init(
                service: Desk(supervision: supervision, processes: processes, log: log, events: events)
            ),
            .init(service: access.watch(log) { await session.setKeys($0) }),
            .init(service: AddressWatch(configuration, worker: worker, log: log)),
            .init(service: TimeWatch(log: log)),
            .init(service: StorageWatch(directory, confinement, environment, events.problems, log)),
            .init(service: server),
        ]
        if let port = configuration.metrics.port {
            let host = configuration.host
            let own = ObservabilityServer(host: host, port: port, health: health, metrics: metrics, log: log)
            services.append(
                .init(
                    service: own.application { port in
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
        try await group.run()
        return await session.life.end
    }

    /// This program, to start again as the desk process.
    private static func executablePath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }
}

/// The room's own part, ended after the page's server and the desk.
private struct Room: Service, CustomStringConvertible {
    let session: Session
    let worker: Worker
    let relay: ControlRelay
    let link: DeskLink
    let events: RoomEvents

    var description: String { "room" }

    func run() async throws {
        await cancelWhenGracefulShutdown { await session.run() }
        // The Worker is the last: nobody can call it once its thread has ended.
        await relay.stop()
        await link.stop()
        await worker.stop()
        await session.audit.stop()
        events.tell(.sessionEnded)
        events.finish()
    }
}

private struct Desk: Service, CustomStringConvertible {
    let supervision: DeskSupervision
    let processes: ChildProcesses
    let log: Logger
    let events: RoomEvents

    /// For the log, which must not show the environment.
    var description: String { "desk" }

    func run() async throws {
        await cancelWhenGracefulShutdown { await supervision.run(processes, log: log, events: events) }
        await processes.stop()
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
