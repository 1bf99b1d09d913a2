internal import GstBridge
internal import IO
internal import Logging
internal import RemoteControl

/// What makes up the desk, in the order in which it starts: X server, sound, window manager, applications,
/// the desk process.
struct DeskSupervision: Sendable {
    private let programs: [SupervisedProgram]
    /// The display that is shared, as in `DISPLAY`.
    let display: String

    /// - Parameters:
    ///   - executable: This program.
    ///   - socket: Where the desk process finds the room.
    init(
        _ configuration: Configuration,
        executable: String,
        socket: String,
        directory: RuntimeDirectory,
        environment: [String: String]
    ) throws(ConfigurationError) {
        // What programs on the desk see: nothing of the room's own settings.
        var shared = environment.filter { !$0.key.hasPrefix("DESKROOM_") }
        var programs: [SupervisedProgram] = []
        var screen: String?
        if let display = configuration.display {
            self.display = display
        } else {
            let server = try XDisplay(
                width: configuration.width,
                height: configuration.height,
                directory: directory,
                environment: shared
            )
            display = server.name
            shared["XAUTHORITY"] = server.authority
            screen = server.socket
            programs.append(server.program)
        }
        shared["DISPLAY"] = display

        var sound = configuration.sound
        if sound == nil {
            let server = SoundServer(directory: directory, environment: shared)
            sound = server.address
            programs.append(server.program)
        }
        shared["PULSE_SERVER"] = sound
        shared["PULSE_SINK"] = configuration.sound == nil ? "desk" : shared["PULSE_SINK"]

        var deskArguments = [
            "desk", "--socket", socket, "--display", display, "--capture", configuration.capture.rawValue,
        ]
        deskArguments += ["--sound-source", configuration.soundSource, "--log-level", configuration.logLevel]
        if let sound { deskArguments += ["--sound", sound] }
        programs.append(
            SupervisedProgram(
                name: "desk",
                executable: executable,
                arguments: deskArguments,
                environment: shared,
                isOurs: true,
                needs: screen
            )
        )
        if ThreadPriority.canRaise {
            for index in programs.indices { programs[index].niceness = ThreadPriority.media }
        }
        let commands =
            (configuration.windowManager.isEmpty ? [] : [configuration.windowManager]) + configuration.apps
        for command in commands {
            programs.append(
                SupervisedProgram(
                    name: "application",
                    executable: "/bin/sh",
                    arguments: ["-c", command],
                    environment: shared,
                    backOff: BackOff(shortest: .milliseconds(200), longest: .seconds(5)),
                    // A busy activity must not make the picture of it stutter.
                    niceness: ThreadPriority.application,
                    needs: screen
                )
            )
        }
        self.programs = programs
    }

    /// Keeps everything running until the task is cancelled.
    func run(log: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            for program in programs { group.addTask { await program.run(log: log) } }
        }
    }
}
