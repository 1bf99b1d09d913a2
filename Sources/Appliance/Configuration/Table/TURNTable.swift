extension SettingGroup {
    /// Servers that browsers may reach the media through.
    package static let turn = SettingGroup(
        title: "TURN servers, through which browsers may reach that port (docs/reach.md).",
        settings: [
            Setting(
                "turn.builtin",
                .flag,
                """
                Whether the room itself is one, for its own media and nothing else: over TLS at the page's port, for those whose \
                firewall lets nothing out but TLS. Default: on where people come to the room's own TLS.
                """
            ),
            Setting(
                "turn.urls",
                .list,
                "turn:host:port?transport=udp or turns:host:port?transport=tcp; commas between."
            ),
            Setting(
                "turn.secret",
                .text,
                isSecret: true,
                """
                The secret that they share with the room (coturn: static-auth-secret): each browser gets a name and a \
                password of its own.
                """
            ),
            Setting("turn.username", .text, "Without a secret: one name and password for all."),
            Setting("turn.password", .text, isSecret: true, ""),
            Setting(
                "turn.lifetime",
                .number,
                default: "86400",
                """
                Seconds for which a browser's password is good, 60 to 604800; browsers are told new ones at half of it.
                """
            ),
            Setting(
                "turn.only",
                .flag,
                default: "off",
                "on: browsers send media through these servers only."
            ),
        ]
    )
}
