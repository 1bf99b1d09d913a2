internal import GstBridge
internal import IO
internal import Logging
internal import RemoteControl

/// What makes up the desk, in the order in which it starts: X server, sound, the desk process, window manager,
/// applications.
///
/// All of it runs confined, and knows nothing of the room: applications are not trusted, and the servers work on what
/// applications give them.
struct DeskSupervision: Sendable {
    private let programs: [SupervisedProgram]
    /// What is on the shelf, by its numbers: not started by itself.
    let activities: [SupervisedProgram]

    /// - Parameters:
    ///   - executable: This program.
    ///   - link: Hands the room its end of the link with the desk process.
    ///   - breaker: Ends a desk process that is stuck.
    ///   - home: Where programs live, if not where their user does.
    ///   - environment: The room's own.
    init(
        _ configuration: Configuration,
        executable: String,
        link: RoomLink,
        breaker: ProgramBreaker,
        directory: RuntimeDirectory,
        confinement: Confinement,
        home: DeskHome?,
        shelf: Shelf,
        environment: [String: String]
    ) throws(ConfigurationError) {
        var shared = ProgramEnvironment(further: configuration.programEnvironment).filter(environment)
        shared["XDG_RUNTIME_DIR"] = directory.shared
        if let user = confinement.user {
            shared["HOME"] = user.home
            shared["USER"] = user.name
            shared["LOGNAME"] = user.name
        }
        if let home {
            shared["HOME"] = home.home
            shared["TMPDIR"] = home.temporary
            // They would be elsewhere.
            for kind in ["CACHE", "CONFIG", "DATA", "STATE"] { shared["XDG_\(kind)_HOME"] = nil }
        }
        var programs: [SupervisedProgram] = []

        let screen: SharedScreen
        if let display = configuration.display {
            screen = SharedScreen(name: display)
        } else {
            let key = try XAuthority(at: directory.shared + "/xauthority", for: confinement.user)
            shared["XAUTHORITY"] = key.path
            let display = XDisplay(notedIn: directory.path)
            screen = display.screen
            var server = Self.server(display, key, configuration, environment: shared)
            server.preparation = Self.preparation(executable, configuration, environment: shared)
            programs.append(server)
        }

        var sound = configuration.sound
        if sound == nil {
            let server = try SoundServer(
                directory: directory,
                people: configuration.peopleSink,
                environment: shared
            )
            sound = server.address
            programs.append(server.program)
            shared["PULSE_SINK"] = "desk"
        }
        shared["PULSE_SERVER"] = sound

        var desk = SupervisedProgram(
            name: "desk",
            executable: executable,
            arguments: Self.deskArguments(configuration, sound: sound),
            environment: shared,
            role: .desk(link)
        )
        desk.isOurs = true
        desk.killPreference = KillOrder.desk
        desk.breaker = breaker
        desk.screen = screen
        programs.append(desk)
        for index in programs.indices {
            programs[index].confinement = confinement
            programs[index].confinement?.network = .all
            if ThreadPriority.canRaise { programs[index].niceness = ThreadPriority.media }
        }
        var applications = configuration.apps.map {
            Self.application($0, environment: shared, screen, confinement)
        }
        var activities = shelf.activities.map {
            Self.activity($0, environment: shared, screen, confinement)
        }
        let memory = configuration.memory.ofApps > 0 ? configuration.memory.ofApps << 20 : nil
        for index in applications.indices { applications[index].memory = memory }
        for index in activities.indices { activities[index].memory = memory }
        if !configuration.windowManager.isEmpty {
            var manager = Self.application(
                configuration.windowManager,
                environment: shared,
                screen,
                confinement
            )
            manager.name = "window manager"
            // What people have started from its menu is theirs, not the window manager's.
            manager.isSurvivedByOffspring = true
            applications.insert(manager, at: 0)
        }
        if let home {
            for index in applications.indices { applications[index].directory = home.home }
            for index in activities.indices where activities[index].directory == nil {
                activities[index].directory = home.home
            }
        }
        self.activities = activities
        self.programs = programs + applications
    }

    /// Programs that the desk cannot do without, and that are not there.
    var missing: [String] {
        programs.filter {
            $0.isNeeded && ProcessLaunch.locate($0.executable, in: $0.environment["PATH"]) == nil
        }
        .map(\.executable)
    }

    /// Keeps everything running until the task is cancelled.
    ///
    /// - Parameter onRestart: Is told of each program that has ended and is started again.
    func run(
        _ processes: ChildProcesses,
        log: Logger,
        onRestart: @escaping @Sendable (ProgramRestart) async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for program in programs {
                group.addTask { await program.run(processes, log: log, onRestart: onRestart) }
            }
        }
    }

    private static func server(
        _ display: XDisplay,
        _ key: XAuthority,
        _ configuration: Configuration,
        environment: [String: String]
    ) -> SupervisedProgram {
        var program = SupervisedProgram(
            name: "X server",
            executable: "Xvfb",
            arguments: XDisplay.arguments(
                largest: configuration.screen.largest(with: configuration.size),
                authority: key.path,
                opensGL: configuration.opensGL
            ),
            environment: environment,
            role: .display(display)
        )
        program.tellsLastWords = true
        program.isNeeded = true
        program.killPreference = KillOrder.display
        return program
    }

    /// What gives the server's screen its first size, where that is not the largest.
    private static func preparation(
        _ executable: String,
        _ configuration: Configuration,
        environment: [String: String]
    ) -> ProcessLaunch? {
        let size = configuration.size
        guard size != configuration.screen.largest(with: size) else { return nil }
        return ProcessLaunch(
            path: executable,
            arguments: ["screen", "--size", "\(size)"],
            environment: environment
        )
    }

    private static func deskArguments(_ configuration: Configuration, sound: String?) -> [String] {
        var arguments = [
            "desk", "--link", String(ProcessLaunch.inherited), "--capture", configuration.capture.rawValue,
        ]
        arguments += ["--sound-source", configuration.soundSource, "--log-level", configuration.logLevel]
        arguments += [
            "--log-format", configuration.log.format.rawValue, "--session", configuration.log.session,
        ]
        if let sound { arguments += ["--sound", sound] }
        if configuration.files.use != .off { arguments += ["--folder", configuration.files.folder] }
        if configuration.canResize { arguments.append("--owns-screen") }
        if let sink = configuration.peopleSink { arguments += ["--people-sink", sink] }
        return arguments
    }

    private static func activity(
        _ activity: Shelf.Activity,
        environment: [String: String],
        _ screen: SharedScreen,
        _ confinement: Confinement
    ) -> SupervisedProgram {
        var program = application("", environment: environment, screen, confinement)
        program.name = activity.programName
        program.executable = activity.command.first ?? ""
        program.arguments = Array(activity.command.dropFirst())
        program.directory = activity.directory
        return program
    }

    private static func application(
        _ command: String,
        environment: [String: String],
        _ screen: SharedScreen,
        _ confinement: Confinement
    ) -> SupervisedProgram {
        var program = SupervisedProgram(
            name: ProgramName(ofCommand: command).text,
            executable: "/bin/sh",
            arguments: ["-c", command],
            environment: environment
        )
        program.backOff = BackOff(shortest: .milliseconds(200), longest: .seconds(5))
        // A busy activity must not make the picture of it stutter.
        program.niceness = ThreadPriority.application
        program.screen = screen
        program.confinement = confinement
        program.killPreference = KillOrder.application
        return program
    }
}
