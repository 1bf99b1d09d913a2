internal import ArgumentParser
internal import Foundation
internal import Glibc
internal import IO

/// `deskroom new-home`: deletes what is in the directories that it inherits, as the user and with the rights of programs on the desk;
/// started by the keeper (``DeskHome``).
struct NewHomeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new-home",
        abstract: "Makes the home directory of a desk new; started by `deskroom serve`.",
        shouldDisplay: false
    )

    @Option(help: "A directory whose files are copied.")
    var skeleton: String?

    @Option(help: "Where they are copied to.")
    var home: String?

    func run() throws {
        for index in DeskHome.names.indices {
            let descriptor = ProcessLaunch.inherited + CInt(index)
            // Whoever starts this by hand loses nothing.
            guard unsafe faccessat(descriptor, "../" + DeskHome.mark, F_OK, AT_SYMLINK_NOFOLLOW) == 0 else {
                throw ValidationError("it is `deskroom serve` that makes a home new")
            }
            guard DirectoryContents.delete(in: descriptor) else { throw ExitCode(1) }
            // As it was made, whatever programs have made of it.
            unsafe chmod("/proc/self/fd/\(descriptor)", 0o700)
        }
        guard let skeleton, let home else { return }
        // Without it programs begin as on a machine without one.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: skeleton)) ?? []
        for name in names {
            try? FileManager.default.copyItem(atPath: skeleton + "/" + name, toPath: home + "/" + name)
        }
    }
}
