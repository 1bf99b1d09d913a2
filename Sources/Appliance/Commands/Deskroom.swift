internal import ArgumentParser

@main
struct Deskroom: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deskroom",
        abstract: "A shared Linux desktop that people see, hear and drive from their browsers.",
        discussion: HelpWords.program,
        subcommands: [
            ServeCommand.self, CheckConfigCommand.self, SettingsCommand.self, RoomCommand.self,
            DeskProcessCommand.self, NewHomeCommand.self, ScreenCommand.self, AuditCommand.self,
            HealthCommand.self,
        ],
        defaultSubcommand: ServeCommand.self
    )
}
