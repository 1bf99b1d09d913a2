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
                Where browsers reach that port; commas between: addresses, names (looked up again and again), stun:host:port \
                (a STUN server that says how it sees the port) or interfaces; with another port outside as \
                203.0.113.7:31234. Default: the addresses of the network interfaces, which is wrong behind a published port \
                or a load balancer (docs/reach.md).
                """
            ),
            Setting(
                "media.resolve",
                .number,
                default: "30",
                "Seconds between two looks at what those names mean, 1 to 86400."
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
