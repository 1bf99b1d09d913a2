import Glibc

/// A PulseAudio server of the test's own, with a null sink called `desk`.
final class TestSound {
    let server: String
    private let directory: String
    private(set) var daemon: Child?

    init() {
        var template = Array("/tmp/deskroom-sound-XXXXXX".utf8CString)
        mkdtemp(&template)
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        server = "unix:\(directory)/socket"
    }

    deinit {
        stop()
        daemon = Child(["rm", "-rf", directory])
        usleep(50_000)
    }

    /// Starts the daemon with a sine of 440 Hz played into the sink; returns whether it listens.
    func start() -> Bool {
        daemon = Child(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "--log-level=error",
                "-L", "module-native-protocol-unix auth-anonymous=1 socket=\(directory)/socket",
                "-L", "module-null-sink sink_name=desk rate=48000 channels=2",
                "-L", "module-sine sink=desk frequency=440",
            ],
            environment: ["HOME=\(directory)", "XDG_RUNTIME_DIR=\(directory)"]
        )
        return eventually { access("\(directory)/socket", R_OK) == 0 }
    }

    func stop() {
        daemon?.terminate()
        daemon = nil
        unlink("\(directory)/socket")
    }
}
