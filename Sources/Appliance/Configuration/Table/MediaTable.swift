extension SettingGroup {
    /// The one port of all pictures and sounds.
    package static let media = SettingGroup(
        title: "The media of all browsers.",
        settings: [
            Setting(
                "media.port",
                .number,
                default: "40000",
                "UDP port; 0 lets the system choose."
            ),
            Setting(
                "media.addresses",
                .list,
                """
                Addresses at which browsers reach that port; commas between. Default: those of the \
                network interfaces, which is wrong behind a published port or a load balancer: name the \
                address outside.
                """
            ),
        ]
    )
}
