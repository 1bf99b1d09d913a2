internal import ArgumentParser
internal import Foundation
internal import Logging

/// `deskroom check-config`: says what is wrong with settings before somebody starts a room with them.
struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract: "Says what is wrong with the settings, all at once, and starts nothing.",
        discussion: """
            Reads what `deskroom serve` would read, and looks at the files, the user and the ports that are named. \
            The exit status is 0 if a room would start with them, 78 if something has to be mended.
            """
    )

    @OptionGroup var options: SettingOptions

    func run() throws {
        let environment = ProcessInfo.processInfo.environment
        let read = options.read(environment)
        var mistakes = read.mistakes
        var notes: [SettingMistake] = []
        for warning in read.warnings {
            // A room starts in spite of them, because others set variables, too; here somebody asks.
            if warning.key == nil { mistakes.append(warning) } else { notes.append(warning) }
        }
        if read.mistakes.isEmpty {
            let check = ConfigurationCheck(read.configuration, environment: environment)
            mistakes += check.errors.map { read.sources.placed($0) }
            notes += check.notes.map { read.sources.placed($0) }
        }
        for note in notes { print("note: \(note)") }
        guard mistakes.isEmpty else {
            let failure = FailedStart(mistakes)
            failure.tell()
            throw ExitCode(failure.status.rawValue)
        }
        let count = read.sources.values.count
        print(count == 1 ? "1 setting, no mistake" : "\(count) settings, no mistake")
    }
}
