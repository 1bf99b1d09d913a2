extension SettingGroup {
    /// What the room tells of itself.
    package static let telling = SettingGroup(
        title: "What the room tells of itself (docs/observability.md).",
        settings: [
            Setting(
                "metrics.access",
                .choice,
                default: "local",
                """
                Who may read /metrics: local (programs on this machine), private (and in private networks), token (only with \
                a secret), off.
                """
            ),
            Setting(
                "metrics.secret",
                .text,
                isSecret: true,
                """
                A secret of at least 32 characters that a scraper shows as its bearer token. Default: only what opens the \
                HTTP API.
                """
            ),
            Setting(
                "metrics.port",
                .number,
                """
                A TCP port of its own for /metrics and /health, in plain HTTP, 0 to 65535. Default: that of the page.
                """
            ),
            Setting(
                "events.url",
                .text,
                "Where what happens in the room is told: an address with https, or with http on this machine."
            ),
            Setting(
                "events.secret",
                .text,
                isSecret: true,
                """
                What these events are signed with: at least 32 characters, or whsec_ and base64 of at least 32 bytes.
                """
            ),
            Setting(
                "events.queue",
                .number,
                default: "1000",
                """
                How many wait for a receiver that does not take them, 1 to 100000; beyond that the oldest is dropped, and \
                counted.
                """
            ),
            Setting(
                "events.authorities",
                .path,
                "A file in PEM of who may vouch for the receiver. Default: whom this machine trusts."
            ),
            Setting("log.format", .choice, default: "text", "text, or json for one object a line."),
            Setting(
                "session.id",
                .text,
                """
                What the session is called in the log and in events, 1 to 64 of A-Z a-z 0-9 . _ -; default: a random one \
                for each start.
                """
            ),
        ]
    )
}
