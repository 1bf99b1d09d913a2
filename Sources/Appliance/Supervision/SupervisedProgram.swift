internal import IO
internal import Logging
internal import Subprocess
internal import SystemPackage
internal import Wire

/// A program that the room keeps running: started again, with back-off, whenever it ends, and ended with the
/// room.
struct SupervisedProgram: Sendable {
    /// For the log.
    var name: String
    /// A name to look up in the path, or a path.
    var executable: String
    var arguments: [String]
    /// Everything the program gets to see of the environment.
    var environment: [String: String]
    var backOff = BackOff()
    /// Whether the program speaks to the room's own log.
    ///
    /// Others are silent: what they print may be private.
    var isOurs = false
    /// How much it gives way when the processors are busy (`nice(1)`).
    var niceness = 0
    /// The program does not start before this file exists, or anew after it vanished.
    var needs: String?

    /// Runs until the task is cancelled; the program, and what it started, has then ended.
    func run(log: Logger) async {
        var backOff = backOff
        while !Task.isCancelled {
            await waitForNeed()
            guard !Task.isCancelled else { return }
            let start = ContinuousClock.now
            let ending = await runOnce(log: log)
            guard !Task.isCancelled else { return }
            let delay = backOff.delay(after: .now - start)
            log.warning(
                "A program ended and is started again",
                metadata: ["program": "\(name)", "ending": "\(ending)", "delay": "\(delay)"]
            )
            try? await Task.sleep(for: delay)
        }
    }

    private func runOnce(log: Logger) async -> String {
        var options = PlatformOptions()
        // A group of its own: Ctrl-C in a terminal reaches the room only, which then ends the rest in order.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: Self.patience)
        ]
        let environment = Environment.custom(
            environment.reduce(into: [:]) { keys, entry in
                if let key = Environment.Key(rawValue: entry.key) { keys[key] = entry.value }
            }
        )
        // A room that is killed cannot end anything: the kernel does. It sends the signal when the thread that
        // started the program ends, and that one (Subprocess's own) lives as long as the room.
        let program = Executable.name("setpriv")
        let priority = niceness == 0 ? [] : ["nice", "-n", String(niceness)]
        let arguments = Arguments(["--pdeathsig", "TERM", "--"] + priority + [executable] + arguments)
        do {
            if isOurs {
                return try await Subprocess.run(
                    program,
                    arguments: arguments,
                    environment: environment,
                    platformOptions: options,
                    output: .fileDescriptor(.standardError, closeAfterSpawningProcess: false),
                    error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
                ).terminationStatus.description
            }
            return try await Subprocess.run(
                program,
                arguments: arguments,
                environment: environment,
                platformOptions: options,
                output: .discarded,
                error: .discarded
            ).terminationStatus.description
        } catch {
            return "it could not be started: \(error)"
        }
    }

    private func waitForNeed() async {
        guard let needs else { return }
        while !Task.isCancelled, !FileStatus.exists(needs) {
            try? await Task.sleep(for: Self.poll)
        }
    }

    private static let patience = Duration.seconds(2)
    private static let poll = Duration.milliseconds(20)
}
