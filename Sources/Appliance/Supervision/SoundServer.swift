/// A PulseAudio of the room's own: one null sink, whose monitor is the desk's sound.
struct SoundServer: Sendable {
    /// As in `PULSE_SERVER`.
    let address: String
    let program: SupervisedProgram

    init(directory: RuntimeDirectory, environment: [String: String]) throws(ConfigurationError) {
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
                "-L", "module-null-sink sink_name=desk rate=48000 channels=2",
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
}
