extension SettingGroup {
    /// Testing before a session.
    package static let check = SettingGroup(
        title: "",
        settings: [
            Setting(
                "check.page",
                .flag,
                default: "on",
                """
                Whether there is a page at /check to test devices and connection on before a session, on or off. Where \
                links are needed its connections need one, too; docs/network.md says what they may cost.
                """
            )
        ]
    )
}
