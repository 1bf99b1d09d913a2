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
            Setting(
                "media.tcp",
                .flag,
                default: "on",
                """
                Whether media is also taken over TCP, on or off: at the number of the media port, and at the page's own port.
                """
            ),
            Setting(
                "media.tcp.ports",
                .list,
                """
                TCP ports at which browsers reach media from outside, such as 443 where that is forwarded to http.port; \
                commas between. Default: http.port.
                """
            ),
        ]
    )
}
