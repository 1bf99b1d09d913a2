internal import ArgumentParser
internal import RemoteControl

/// `deskroom screen`: gives an X screen that nobody uses yet its first size, and ends; the keeper starts it.
///
/// Xvfb begins with the largest size that it can ever have. The keeper itself does not connect to X: it has nothing to crash
/// from.
struct ScreenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screen",
        abstract: "Sets the size of the X display in DISPLAY; started by `deskroom serve`.",
        shouldDisplay: false
    )

    @Option(help: "Pixels, as in 1280x720.")
    var size: String

    func run() throws {
        guard let size = DeskSize(parsing: size) else { throw ValidationError("--size is no size") }
        guard DeskScreen.prepare(display: nil, size: size) else { throw ExitCode.failure }
    }
}
