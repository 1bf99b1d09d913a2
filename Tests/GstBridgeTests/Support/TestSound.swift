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

    /// Starts the daemon, with a sine of 440 Hz played into the sink or with silence; returns whether it
    /// listens.
    ///
    /// The sink is suspended after a second without anybody playing.
    func start(playing isPlaying: Bool = true) -> Bool {
        daemon = Child(
            [
                "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
                "--log-level=error",
                "-L", "module-native-protocol-unix auth-anonymous=1 socket=\(directory)/socket",
                "-L", "module-null-sink sink_name=desk rate=48000 channels=2",
                "-L", "module-suspend-on-idle timeout=1",
            ] + (isPlaying ? ["-L", "module-sine sink=desk frequency=440"] : []),
            environment: ["HOME=\(directory)", "XDG_RUNTIME_DIR=\(directory)"]
        )
        return eventually { access("\(directory)/socket", R_OK) == 0 }
    }

    /// Plays a sine of 1 kHz into the sink; returns when it has been played.
    func playTone(milliseconds: Int) {
        let file = "\(directory)/tone"
        let samples = (0..<(milliseconds * 48)).flatMap { index in
            // Begins at its crest: the first sample is not silence.
            Array(repeating: Int16(8_000 * cos(Double(index) * .pi / 24)), count: 2)
        }
        samples.withUnsafeBytes { bytes in
            let descriptor = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
            _ = write(descriptor, bytes.baseAddress, bytes.count)
            close(descriptor)
        }
        let player = Child(
            ["pacat", "--server=\(server)", "--device=desk", "--raw", "--rate=48000", "--channels=2", file],
            environment: ["HOME=\(directory)", "XDG_RUNTIME_DIR=\(directory)"]
        )
        player?.wait()
    }

    func stop() {
        daemon?.terminate()
        daemon = nil
        unlink("\(directory)/socket")
    }
}
