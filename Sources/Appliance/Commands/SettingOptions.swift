internal import ArgumentParser
internal import Foundation

/// Where settings come from, for every command that reads them.
struct SettingOptions: ParsableArguments {
    @Option(
        help: """
            A file of settings, one DESKROOM_…=value a line; default: what DESKROOM_CONFIG names, or \
            /etc/deskroom/deskroom.conf if there is one.
            """
    )
    var config: String?

    @Option(
        name: .customLong("set"),
        help: "One setting, as key=value, e.g. http.port=8443; may be repeated."
    )
    var settings: [String] = []

    func read(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> ReadSettings {
        ReadSettings(SettingSources(flags: settings, file: config, environment: environment))
    }
}
