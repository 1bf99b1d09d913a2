/// A PulseAudio of the room's own: a null sink, whose monitor is the desk's sound, and one for people's voices, whose monitor is
/// what programs record unless they choose something else.
struct SoundServer: Sendable {
    /// As in `PULSE_SERVER`.
    let address: String
    let program: SupervisedProgram

    /// - Parameter people: The sink for people's voices; `nil`: there is none.
    init(
        directory: RuntimeDirectory,
        people: String?,
        environment: [String: String]
    ) throws(ConfigurationError) {
        // In the directory of the desk's programs: who may enter it may be heard.
        let socket = directory.shared + "/pulse"
        address = "unix:" + socket
        var environment = environment
        // As root, or without a home, PulseAudio needs to be told where to keep its state.
        let state = try directory.makeDirectory("sound")
        environment["HOME"] = state
        environment["XDG_RUNTIME_DIR"] = state
        environment["PULSE_RUNTIME_PATH"] = state
        environment["DISPLAY"] = nil
        var program = SupervisedProgram(
            name: "PulseAudio",
            executable: "pulseaudio",
            // It would go before others by its own default, but confined it may not.
            arguments: [
                "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-level=error",
                "--disallow-exit", "--realtime=no",
                "-L", "module-native-protocol-unix auth-anonymous=1 socket=\(socket)",
                // The first one is the default.
                "-L", "module-null-sink sink_name=desk rate=48000 channels=2",
            ] + (people.map { Self.microphone(of: $0) } ?? []) + [
                // A desk without sound costs nothing; the sink starts again before the first sample of the
                // next one.
                "-L", "module-suspend-on-idle timeout=2",
            ],
            environment: environment
        )
        program.tellsLastWords = true
        program.isNeeded = true
        program.killPreference = KillOrder.sound
        self.program = program
    }

    /// The only source that is no monitor of a sink is the default.
    ///
    /// It is suspended while no program records.
    private static func microphone(of sink: String) -> [String] {
        [
            "-L",
            "module-null-sink sink_name=\(sink) rate=48000 channels=1 sink_properties=device.description=People",
            "-L",
            "module-remap-source source_name=microphone master=\(sink).monitor channels=1 remix=no "
                + "source_properties=device.description=People",
        ]
    }
}
