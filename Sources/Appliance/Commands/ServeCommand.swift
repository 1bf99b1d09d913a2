internal import ArgumentParser
internal import CLinux
internal import Foundation
internal import IO
internal import Logging
internal import UnixSignals

/// `deskroom serve`: the keeper, which runs the desk, and the room beside it (``RoomCommand``).
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Opens the room, starts the desk, and prints the address.",
        discussion: HelpWords.serve
    )

    @OptionGroup var options: SettingOptions

    func run() async throws {
        // It does little, and is to stay small.
        mallopt(M_ARENA_MAX, 1)
        ProcessPrivacy.protect()
        let signals = await Lifetime.trap()
        await RoomProcess.run(options, as: "keeper") { try await keep($0, signals, environment: $1) }
    }

    /// Everything in the order in which it depends on one another; it ends in reverse.
    private func keep(
        _ settings: ReadSettings,
        _ signals: UnixSignalsSequence,
        environment: [String: String]
    ) async throws -> CInt {
        let configuration = settings.configuration
        let log = Logger(label: "deskroom")
        settings.tell(log)
        let kept = try KeptCertificate(configuration, environment: environment)
        let confinement = try DeskConfinement(
            configuration,
            secrets: settings.secretFiles + [kept?.file].compactMap(\.self),
            environment: environment
        )
        confinement.tell(log)
        let directory = try RuntimeDirectory(
            configuration.runtimeDirectory,
            user: confinement.confinement.user,
            environment: environment
        )
        defer { directory.remove() }
        // This program, to start again as the room and as the desk process.
        let executable = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let link = try RoomLink()
        let memory = try MemoryFile()
        let told = try MemoryFile()
        let shelf = try Shelf(configuration, environment: environment)
        for one in shelf.leftOut {
            log.warning(
                "Something is not on the shelf",
                metadata: ["entry": "\(one.name)", "reason": "\(one.problem)"]
            )
        }
        let home = try configuration.activities.home.map { path throws(ConfigurationError) in
            try DeskHome(path, user: confinement.confinement.user, environment: environment)
        }
        ToldShelf(shelf, hasOwnHome: home != nil).write(to: told)
        let breaker = ProgramBreaker()
        let supervision = try DeskSupervision(
            configuration,
            executable: executable,
            link: link,
            breaker: breaker,
            directory: directory,
            confinement: confinement.confinement,
            home: home,
            shelf: shelf,
            environment: environment
        )
        if let missing = MissingProgram(supervision.missing) { throw missing }
        let processes = try ChildProcesses(limit: DescriptorLimit())
        link.start()
        processes.start()
        let makeHomeNew = home.map { home in
            { @Sendable in
                await home.makeNew(
                    processes,
                    executable: executable,
                    skeleton: configuration.activities.skeleton,
                    confinement: confinement.confinement
                )
            }
        }
        // Whoever was here before may have been killed.
        guard await makeHomeNew?() ?? true else {
            throw ConfigurationError(key: "desk.home", problem: "what is in it cannot be deleted")
        }
        let desk = KeptDesk(
            supervision,
            KeptActivities(shelf, supervision.activities, processes, link: link, log: log),
            processes,
            link: link,
            makeHomeNew: makeHomeNew,
            log: log
        )
        let keeper = Keeper(
            room: RoomCommand.launch(
                executable,
                options,
                session: configuration.log.session,
                memory: memory.descriptor,
                shelf: told.descriptor,
                storage: StorageWatch.paths(directory, confinement, home, environment),
                environment: environment
            ),
            desk,
            link: link,
            deskBreaker: breaker,
            processes,
            log: log
        )
        let status = await keeper.run(signals)
        // Nothing of a session is left for the next.
        _ = await makeHomeNew?()
        await processes.stop()
        await link.stop()
        _ = consume memory
        _ = consume told
        return status
    }
}
