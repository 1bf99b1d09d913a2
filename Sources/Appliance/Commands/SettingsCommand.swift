internal import ArgumentParser

/// `deskroom settings`: everything that can be set, as a file to begin with.
struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "Prints a file of all settings with their defaults, each explained.",
        discussion: "deskroom settings > deskroom.conf, then take away the # before what you change."
    )

    func run() {
        print(SettingsTable.sample, terminator: "")
    }
}
