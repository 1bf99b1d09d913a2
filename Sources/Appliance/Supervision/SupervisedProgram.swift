internal import Glibc
internal import IO
internal import Logging
internal import Wire

/// A program that the room keeps running: started again, with back-off, whenever it ends, and ended with the
/// room.
struct SupervisedProgram: Sendable {
    /// What the room does for a program besides.
    enum Role: Sendable {
        case other
        /// It gets a new link with the room each time.
        case desk(RoomLink)
        /// It makes the display that others wait for.
        case display(XDisplay)
    }

    /// For the log.
    var name: String
    /// A name to look up in the path, or a path.
    var executable: String
    var arguments: [String]
    /// Everything the program gets to see of the environment, but for `DISPLAY`.
    var environment: [String: String]
    /// In which it runs; `nil`: the keeper's.
    var directory: String?
    var role = Role.other
    var backOff = BackOff()
    /// Whether the program speaks to the room's own log.
    ///
    /// Others are silent: what they print may be private. Of servers that show nobody's things, the last line is told when
    /// they end.
    var isOurs = false
    var tellsLastWords = false
    /// Whether the desk cannot do without it.
    var isNeeded = false
    /// How much it gives way when the processors are busy (`nice(1)`).
    var niceness = 0
    /// How much sooner than the room the kernel kills it when memory runs out, of a thousand.
    var killPreference = 0
    /// How many bytes of memory it may have; `nil`: as many as there are.
    var memory: Int?
    /// Ends the program at once, for whoever finds out that it is stuck.
    var breaker: ProgramBreaker?
    /// What is run once on a display that this program makes, before anybody else may use it.
    var preparation: ProcessLaunch?
    /// The program does not start before this screen is there, or anew after it went away.
    var screen: SharedScreen?
    /// What it may do; `nil`: whatever the room may.
    var confinement: Confinement?
    /// Whether what it has started goes on when it ends, until the room ends.
    var isSurvivedByOffspring = false

    /// Runs until the task is cancelled; the program, and what it started, has then ended.
    func run(
        _ processes: ChildProcesses,
        log: Logger,
        onRestart: @Sendable (ProgramRestart) async -> Void
    ) async {
        var backOff = backOff
        var memoryBackOff = BackOff.memory
        var failures = 0
        while !Task.isCancelled {
            let display = await screen?.ready()
            guard !Task.isCancelled else { return }
            let start = ContinuousClock.now
            let (ending, verdict) = await runOnce(processes, display: display)
            guard !Task.isCancelled else { return }
            let lifetime = ContinuousClock.now - start
            let delay =
                verdict.isCertain ? memoryBackOff.delay(after: lifetime) : backOff.delay(after: lifetime)
            await onRestart(ProgramRestart(of: name, problem: verdict.problem))
            log.warning(
                "A program ended and is started again",
                metadata: ["program": "\(name)", "ending": "\(ending)", "delay": "\(delay)"]
            )
            failures = lifetime >= backOff.proof ? 0 : failures + 1
            if failures == Self.fewFailures {
                log.error(
                    "A program does not stay up; the room goes on without it, and goes on trying",
                    metadata: ["program": "\(name)", "attempts": "\(failures)", "ending": "\(ending)"]
                )
            }
            try? await Task.sleep(for: delay)
        }
    }

    /// Returns how it ended, and whether for want of memory.
    private func runOnce(
        _ processes: ChildProcesses,
        display: String?
    ) async -> (String, MemoryWatch.Verdict) {
        guard var launch = launch(on: display) else {
            return ("it could not be started: there is no \(executable) in the PATH", .other)
        }
        do {
            switch role {
            case .other: return await run(try await processes.start(launch), processes)
            case .desk(let link):
                return await run(try await start(launch, on: link, processes), processes)
            case .display(let display):
                guard let name = await display.choose() else { return ("there is no free X display", .other) }
                launch.arguments.insert(name, at: 0)
                let child = try await processes.start(launch)
                let ending: (String, MemoryWatch.Verdict)
                do {
                    async let _: Void = display.announce(server: child.id) { await prepare($0, processes) }
                    ending = await run(child, processes)
                    await display.screen.close()
                }
                // It may just have been announced.
                await display.screen.close()
                return ending
            }
        } catch {
            return ("it could not be started: \(error)", .other)
        }
    }

    /// Runs what is to be done on a display first, for a few seconds at most.
    private func prepare(_ display: String, _ processes: ChildProcesses) async {
        guard var launch = preparation else { return }
        launch.environment["DISPLAY"] = display
        launch.confinement = confinement
        launch.killPreference = killPreference
        guard let child = try? await processes.start(launch) else { return }
        let limit = Task {
            try await Task.sleep(for: Self.preparationTimeout)
            await processes.end(child)
        }
        for await _ in child.ending {}
        limit.cancel()
        if Task.isCancelled { await processes.end(child) }
    }

    /// How it is started; `nil` if it is not in the path.
    func launch(on display: String?) -> ProcessLaunch? {
        guard let path = ProcessLaunch.locate(executable, in: environment["PATH"]) else { return nil }
        var launch = ProcessLaunch(path: path, arguments: arguments, environment: environment)
        if let display { launch.environment["DISPLAY"] = display }
        launch.directory = directory
        launch.niceness = niceness
        launch.speaks = isOurs
        launch.keepsLastWords = tellsLastWords
        launch.confinement = confinement
        launch.killPreference = killPreference
        launch.memory = memory
        return launch
    }

    /// Starts the desk process; this process's copy of its end of the link is closed then.
    private func start(
        _ launch: ProcessLaunch,
        on link: RoomLink,
        _ processes: ChildProcesses
    ) async throws -> ChildProcesses.Child {
        var launch = launch
        let end = try await link.openDesk()
        launch.descriptors = [end.descriptor]
        let child = try await processes.start(launch)
        _ = consume end
        return child
    }

    private func run(
        _ child: ChildProcesses.Child,
        _ processes: ChildProcesses
    ) async -> (String, MemoryWatch.Verdict) {
        var words = "it was ended"
        var verdict = MemoryWatch.Verdict.other
        let watch = MemoryWatch()
        breaker?.arm(child.id)
        for await ending in child.ending {
            words = ending.description
            // What the room itself has killed did not want for memory.
            guard breaker?.isArmed ?? true else { continue }
            verdict = watch.verdict(on: ending, limit: memory)
            if let reason = verdict.words { words += "; " + reason }
        }
        breaker?.disarm()
        if Task.isCancelled || !isSurvivedByOffspring { await processes.end(child) }
        return (words, verdict)
    }

    private static let preparationTimeout = Duration.seconds(5)
    /// So many in a row, and it is told that something has to be done.
    private static let fewFailures = 5
}
