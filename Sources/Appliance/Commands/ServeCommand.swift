internal import Access
internal import ArgumentParser
internal import CLinux
internal import Foundation
internal import Glibc
internal import IO
internal import Logging
internal import RemoteControl
internal import SFU
internal import ServiceLifecycle
internal import UnixSignals
internal import Wire

/// `deskroom serve`: the room, and the desk that it keeps running.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Opens the room, starts the desk, and prints the address."
    )

    @Option(help: "A file of settings, one DESKROOM_…=value a line.")
    var config: String?

    @Option(
        name: .customLong("set"),
        help: "One setting, as key=value, e.g. http.port=8443; may be repeated."
    )
    var settings: [String] = []

    func run() async throws {
        // What a person took goes back when they leave: packets are kept in large blocks, which the allocator
        // would otherwise come to take from its heap, among what stays.
        mallopt(M_MMAP_THRESHOLD, Self.largeBlock)
        ProcessPrivacy.protect()
        // A file that may not grow any further (setrlimit) is an error of the write, not the end of the room.
        signal(SIGXFSZ, SIG_IGN)
        let limit = DescriptorLimit()
        let environment = ProcessInfo.processInfo.environment
        do {
            let configuration = try await Configuration.load(
                flags: try flags(),
                file: config,
                environment: environment
            )
            LoggingSystem.bootstrapDeskroom(Logger.Level(rawValue: configuration.logLevel) ?? .info)
            try await serve(configuration, limit, environment: environment)
            // Threads of the libraries below live as long as the process: what C libraries tear down in
            // `exit` would be torn away under them.
            _exit(EXIT_SUCCESS)
        } catch let error as ConfigurationError {
            throw ValidationError(error.description)
        }
    }

    private func flags() throws -> [String: String] {
        var flags: [String: String] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "=") else {
                throw ValidationError("--set wants key=value, not “\(setting)”")
            }
            flags[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        return flags
    }

    /// Bytes.
    private static let largeBlock: CInt = 1 << 17

    /// Everything in the order in which it depends on one another; it ends in reverse.
    private func serve(
        _ configuration: Configuration,
        _ limit: DescriptorLimit,
        environment: [String: String]
    ) async throws {
        let log = Logger(label: "deskroom")
        let tls = try ServerCertificate.context(for: configuration)
        var writer: AuditWriter?
        if let file = try configuration.audit.open() { writer = try AuditWriter(file, log: log) }
        let audit = AuditLog(writer, isRequired: configuration.audit.isRequired)
        let access = try AccessKeys(configuration.access, now: Int64(Date().timeIntervalSince1970))
        access.tell(log)
        let secrets = [
            configuration.keyPath, config, configuration.access.keyFile, configuration.audit.key,
            configuration.audit.file,
        ]
        .compactMap { $0 }
        let confinement = try DeskConfinement(configuration, secrets: secrets, environment: environment)
        confinement.tell(log)
        let directory = try RuntimeDirectory(
            configuration.runtimeDirectory,
            user: confinement.confinement.user,
            environment: environment
        )
        defer { directory.remove() }

        let worker = try Worker(WorkerConfiguration(configuration))
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
            audit: audit
        )
        let api = RoomAPI(session, configuration, signer: access.signer)
        let server = try WebServer(
            configuration: configuration,
            tls: tls,
            assets: PageAssets(needsLink: access.door != nil),
            maximumConnections: limit.connections(atMost: WebServer.mostConnections),
            log: log,
            health: { await session.health() },
            api: api,
            onConnection: { await session.serve($0) }
        ).application { port in
            let address = Self.address(configuration, port: port)
            var lines = ["Deskroom is ready: \(address)"]
            // Only whoever has started the room sees them: they are in no log.
            lines += access.links.map { "Link for the \($0.role.rawValue): \(address)#token=\($0.token)" }
            try? FileHandle.standardOutput.write(
                contentsOf: Data((lines.joined(separator: "\n") + "\n").utf8)
            )
        }

        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: Room(session: session, worker: worker, relay: relay, link: link)),
                    .init(service: Desk(supervision: supervision, processes: processes, log: log)),
                    .init(service: access.watch(log) { await session.setKeys($0) }),
                    .init(service: AddressWatch(configuration, worker: worker, log: log)),
                    .init(service: server),
                ],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: log
            )
        )
        try await group.run()
    }

    private static func address(_ configuration: Configuration, port: Int) -> String {
        if let base = configuration.front.base { return base.description }
        let host: String
        switch configuration.host {
        case "127.0.0.1", "::1": host = "localhost"
        case "0.0.0.0", "::": host = SocketAddress.ofInterfaces().first?.text ?? "localhost"
        default: host = configuration.host
        }
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(configuration.usesTLS ? "https" : "http")://\(name):\(port)/"
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

    var description: String { "room" }

    func run() async throws {
        await cancelWhenGracefulShutdown { await session.run() }
        // The Worker is the last: nobody can call it once its thread has ended.
        await relay.stop()
        await link.stop()
        await worker.stop()
        await session.audit.stop()
    }
}

private struct Desk: Service, CustomStringConvertible {
    let supervision: DeskSupervision
    let processes: ChildProcesses
    let log: Logger

    /// For the log, which must not show the environment.
    var description: String { "desk" }

    func run() async throws {
        await cancelWhenGracefulShutdown { await supervision.run(processes, log: log) }
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
        // Two for each person, and the desk's.
        limits.transports = 2 * configuration.maximumPeople + 16
    }
}
