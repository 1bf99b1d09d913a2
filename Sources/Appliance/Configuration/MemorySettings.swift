/// How much of the machine what runs on the desk may use.
package struct MemorySettings: Hashable, Sendable {
    /// `desk.app.memory`: megabytes, 0 to 1,048,576, that each process of the programs in `desk.apps` may have for itself; 0: as
    /// many as there are; default 0.
    package var ofApps = 0

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        ofApps = try values.number("desk.app.memory", in: 0...1_048_576) ?? ofApps
    }
}
