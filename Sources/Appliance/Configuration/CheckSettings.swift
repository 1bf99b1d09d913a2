/// Whether the room serves a page to test devices and connection on before a session (`docs/network.md`).
package struct CheckSettings: Hashable, Sendable {
    /// `check.page`: `on` or `off`; default `on`.
    package var isOn = true

    package init() {}

    init(reading values: SettingValues) throws(ConfigurationError) {
        isOn = try values.flag("check.page") ?? true
    }
}
